"""Bring real tracks in as an episode."""

from pathlib import Path

from eco1.data.tracks import TrackSettings
from eco1.data.tracks import import_tracks as import_file

#: Trackers that work in pixels do not know the scale; a pixel is then called a millimetre, as for the fish recordings.
UNITS_PER_M = {".npy": 1000.0, ".csv": 1.0}


def import_tracks(
    source: Path,
    out: Path | None,
    *,
    species: str,
    fps: float | None,
    body_length: float | None,
    units_per_m: float | None,
) -> Path:
    """Write the tracks as an episode, beside the file unless ``out`` says where, and return its path.

    Raises:
        TrackError: when the tracks cannot be imported as they stand.
        EpisodeError: when the episode exists already or cannot be written.
    """
    settings = TrackSettings(
        species=species,
        units_per_m=units_per_m or UNITS_PER_M.get(source.suffix.lower(), 1.0),
        body_length=body_length,
        frame_rate_hz=fps,
    )
    return import_file(source, out or source.with_suffix(".zarr"), settings)

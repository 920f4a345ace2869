"""Bring real tracks in as an episode."""

from pathlib import Path

from eco1.data.footage import import_footage
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.tracks import Arena, TrackSettings, read_tracks
from eco1.data.tracks import import_tracks as import_file

#: Trackers that work in pixels do not know the scale; a pixel is then called a millimetre, as for the fish recordings.
UNITS_PER_M = {".npy": 1000.0, ".csv": 1.0}
#: Height of imported pictures: a fish of 58 px in 938 px is 8 px long then.
VIDEO_HEIGHT_PX = 128


def import_tracks(
    source: Path,
    out: Path | None,
    *,
    species: str,
    fps: float | None,
    body_length: float | None,
    units_per_m: float | None,
    arena: Arena = "border",
    arena_box: tuple[float, float, float, float] | None = None,
    video: Path | None = None,
    video_height_px: int = VIDEO_HEIGHT_PX,
) -> Path:
    """Write the tracks as an episode, beside the file unless ``out`` says where, and return its path.

    An episode's name ends in ``.zarr``, which is added where ``out`` lacks it. With a ``video`` its pictures are
    written beside the animals.

    Raises:
        TrackError: when the tracks cannot be imported as they stand, or the video is not theirs.
        MissingExtraError: when there is a video and av is not installed.
        EpisodeError: when the episode exists already or cannot be written.
    """
    settings = TrackSettings(
        species=species,
        units_per_m=UNITS_PER_M.get(source.suffix.lower(), 1.0) if units_per_m is None else units_per_m,
        body_length=body_length,
        frame_rate_hz=fps,
        arena=arena,
        arena_box=arena_box,
    )
    path = _episode_path(out or source.with_suffix(EPISODE_SUFFIX))
    if video is None:
        return import_file(source, path, settings)
    return import_footage(read_tracks(source, fps), video, path, settings, video_height_px)


def _episode_path(wanted: Path) -> Path:
    return wanted if wanted.suffix == EPISODE_SUFFIX else wanted.with_name(wanted.name + EPISODE_SUFFIX)

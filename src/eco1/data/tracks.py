"""Turn tracks of real animals into episodes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float64

from eco1.core.errors import TrackError
from eco1.core.records import Episode, EpisodeInfo
from eco1.data.arena import border_outline, box_outline, hull_outline
from eco1.data.raw_tracks import RawTracks, known_places, refuse_unless_positive
from eco1.data.recorder import write_episode
from eco1.data.track_csv import read_csv
from eco1.data.track_npy import read_npy
from eco1.data.track_observation import observe_positions

#: Biome of every recording of real animals.
TRACKED = "tracked"
#: Where walls come from, when no box is given.
Arena = Literal["border", "hull", "none"]


@dataclass(frozen=True, kw_only=True)
class TrackSettings:
    """What a file of tracks does not say.

    ``units_per_m`` of the tracker's units (often pixels) make a metre. ``body_length``, in those units, overrides the
    file's, and ``frame_rate_hz`` its frame rate.
    ``arena`` says where walls come from: ``border`` points in the file, the convex ``hull`` of the positions in
    the first ``arena_share`` of the recording (so that held-out frames stay unseen), or ``none``. ``arena_box`` gives a
    rectangle x0, y0, x1, y1 in the tracker's units instead. ``provenance`` is added to the episode's.
    """

    species: str
    units_per_m: float
    body_length: float | None = None
    frame_rate_hz: float | None = None
    arena: Arena = "border"
    arena_box: tuple[float, float, float, float] | None = None
    arena_share: float = 0.8
    provenance: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        refuse_unless_positive("--units-per-m", self.units_per_m, "1000")
        refuse_unless_positive("--body-length", self.body_length, "57")
        refuse_unless_positive("--fps", self.frame_rate_hz, "30")
        if not 0 < self.arena_share <= 1:
            raise TrackError(f"arena_share is {self.arena_share}; it has to be in (0, 1].")
        if self.arena_box is not None and not _is_box(*self.arena_box):
            raise TrackError(
                f"--arena-box is {self.arena_box}; it has to be x0 y0 x1 y1 in the file's unit of length, with x0 < x1 "
                "and y0 < y1: --arena-box 0 0 900 900"
            )


def read_tracks(path: Path, frame_rate_hz: float | None = None) -> RawTracks:
    """Return the tracks in a ``.npy`` file of idtracker.ai / trajectorytools or in a ``.csv`` table.

    Raises:
        TrackError: when the file is of another kind or cannot be tracks.
    """
    readers = {".npy": read_npy, ".csv": read_csv}
    if path.suffix.lower() not in readers:
        raise TrackError(f"{path} ends in {path.suffix!r}; tracks are read from {' and '.join(readers)} files.")
    return readers[path.suffix.lower()](path, frame_rate_hz)


def import_tracks(source: Path, out: Path, settings: TrackSettings) -> Path:
    """Read tracks, write them as the episode ``out`` and return its path.

    Raises:
        TrackError: when the tracks cannot be imported as they stand.
        EpisodeError: when ``out`` exists or cannot be written.
    """
    return write_episode(out, tracks_episode(read_tracks(source, settings.frame_rate_hz), settings))


def tracks_episode(tracks: RawTracks, settings: TrackSettings) -> Episode:
    """Return tracks as an episode in metres.

    The first frame only serves to measure velocities and is left out. Positions are counted from the lowest corner of
    what was seen early on, so that large map coordinates keep their precision; ``provenance`` holds the way back:
    units = position_m * units_per_m + origin_units.

    Raises:
        TrackError: when no body length is known.
    """
    origin = np.floor(_early_places(tracks, settings.arena_share).min(0))
    outline = _outline(tracks, settings)
    observation = observe_positions(
        (tracks.position - origin) / settings.units_per_m,
        1.0 / tracks.frame_rate_hz,
        _body_length_m(tracks, settings),
        None if outline is None else (outline - origin[:2]) / settings.units_per_m,
    )
    info = EpisodeInfo(
        biome=TRACKED,
        seed=0,
        world=0,
        dt_s=1.0 / tracks.frame_rate_hz,
        species_names=(settings.species,),
        behavior_names=(),
        provenance=_provenance(tracks, settings, origin, outline),
    )
    return Episode(info=info, observation=observation[1:])


def _is_box(x_low: float, y_low: float, x_high: float, y_high: float) -> bool:
    return bool(np.isfinite([x_low, y_low, x_high, y_high]).all()) and x_low < x_high and y_low < y_high


def _body_length_m(tracks: RawTracks, settings: TrackSettings) -> float:
    length = tracks.body_length if settings.body_length is None else settings.body_length
    if length is None or not (np.isfinite(length) and length > 0):
        raise TrackError(
            f"The body length of the animals in {tracks.source} is {'unknown' if length is None else length}; "
            "distances are measured in it. Give it in the file's unit of length: --body-length 57"
        )
    return length / settings.units_per_m


def _outline(tracks: RawTracks, settings: TrackSettings) -> Float64[np.ndarray, "m 2"] | None:
    if settings.arena_box is not None:
        return box_outline(*settings.arena_box)
    if settings.arena == "border" and tracks.border is not None:
        return border_outline(tracks.border)
    if settings.arena == "hull":
        return hull_outline(_early_places(tracks, settings.arena_share)[:, :2])
    return None


def _early_places(tracks: RawTracks, share: float) -> Float64[np.ndarray, "k 3"]:
    """Return the known positions in the first ``share`` of the recording, or the first ones if none are known there."""
    known = known_places(tracks.position)
    first = int(np.argmax(known.any(1)))
    early = max(first + 1, int(share * len(known)))
    return tracks.position[:early][known[:early]]


def _provenance(
    tracks: RawTracks, settings: TrackSettings, origin: np.ndarray, outline: np.ndarray | None
) -> dict[str, str]:
    corners = [] if outline is None else ((outline - origin[:2]) / settings.units_per_m).round(5).tolist()
    kind = "box" if settings.arena_box is not None else settings.arena
    return {
        "source": tracks.source,
        "frame_rate_hz": f"{tracks.frame_rate_hz:.10g}",
        "first_frame": "1",
        "labels": json.dumps(tracks.labels),
        "units_per_m": f"{settings.units_per_m:.10g}",
        "origin_units": json.dumps(origin.tolist()),
        "arena": kind if outline is not None else "none",
        "arena_share": f"{settings.arena_share:g}" if kind == "hull" else "",
        "arena_outline_m": json.dumps(corners),
        **dict(settings.provenance),
    }

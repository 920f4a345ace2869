"""Turn tracks of real animals into episodes."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from jaxtyping import Float64

from eco1.core.errors import TrackError
from eco1.core.records import SURROUNDINGS, UNKNOWN_BEHAVIOR, Episode, EpisodeInfo, Observation, empty_surroundings
from eco1.data.arena import border_outline, box_outline, hull_outline, nearest_wall
from eco1.data.motion import backward_velocity, causal_heading, hold_last, known_rows
from eco1.data.raw_tracks import RawTracks, known_places
from eco1.data.recorder import write_episode
from eco1.data.track_csv import read_csv
from eco1.data.track_npy import read_npy

#: Biome of every recording of real animals.
TRACKED = "tracked"
_BARRIER = SURROUNDINGS.index("barrier_x_m")


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
    arena: Literal["border", "hull", "none"] = "border"
    arena_box: tuple[float, float, float, float] | None = None
    arena_share: float = 0.8
    provenance: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        if not (np.isfinite(self.units_per_m) and self.units_per_m > 0):
            raise TrackError(f"--units-per-m is {self.units_per_m}; it has to be positive, such as 1000.")
        if not 0 < self.arena_share <= 1:
            raise TrackError(f"--arena-share is {self.arena_share}; it has to be in (0, 1].")


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
    observation = _observation(
        (tracks.position - origin) / settings.units_per_m,
        None if outline is None else (outline - origin[:2]) / settings.units_per_m,
        1.0 / tracks.frame_rate_hz,
        _body_length_m(tracks, settings),
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
    return Episode(info=info, observation=observation)


def _observation(
    position_m: Float64[np.ndarray, "t n 3"],
    outline_m: Float64[np.ndarray, "m 2"] | None,
    dt_s: float,
    body_length_m: float,
) -> Observation:
    known = known_rows(position_m)
    velocity = backward_velocity(position_m, known, dt_s)
    heading = causal_heading(velocity, known, dt_s)
    held = hold_last(position_m)
    surroundings = empty_surroundings(*known.shape)
    if outline_m is not None:
        surroundings[..., _BARRIER : _BARRIER + 2] = nearest_wall(held[..., :2], outline_m)
    whole = Observation(
        position_m=held.astype(np.float32),
        velocity_mps=velocity.astype(np.float32),
        heading_rad=heading,
        alive=known,
        carcass=np.zeros_like(known),
        identity=np.broadcast_to(np.arange(known.shape[1]), known.shape).astype(np.int64),
        species=np.zeros(known.shape, np.int16),
        behavior=np.full(known.shape, UNKNOWN_BEHAVIOR, np.int16),
        body_length_m=np.full(known.shape, body_length_m, np.float32),
        surroundings=surroundings,
    )
    return whole[1:]


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

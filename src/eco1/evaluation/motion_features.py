"""A few seconds of one animal's motion, and of its nearest neighbours', as numbers a classifier can read.

Shape letters: T frames, W worlds, N animals, K windows, F frames of a window, M rows.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from eco1.core.angles import wrap
from eco1.core.records import Observation
from eco1.evaluation.collective import squared_distances

#: Columns that are names rather than numbers: the species.
CATEGORICAL = (0,)
_STILL_BODY_LENGTHS_PER_S = 0.05


@dataclass(frozen=True, kw_only=True)
class MotionWindows:
    """One row for every animal that lives through a window; ``world`` tells worlds apart."""

    features: Float64[np.ndarray, "m f"]
    world: Int64[np.ndarray, " m"]


def motion_windows(
    observation: Observation, dt_s: float, world: Int64[np.ndarray, " w"], *, window_s: float = 3.0
) -> MotionWindows:
    """Cut a recording (T, W, N) into windows side by side and describe every animal in each."""
    frames = max(4, round(window_s / dt_s))
    parts = [
        _describe(observation[first : first + frames], dt_s, world)
        for first in range(0, len(observation.alive) - frames + 1, frames)
    ]
    if not parts:
        return MotionWindows(features=np.zeros((0, 1)), world=np.zeros(0, np.int64))
    return MotionWindows(
        features=np.concatenate([p.features for p in parts]), world=np.concatenate([p.world for p in parts])
    )


def join_windows(parts: list[MotionWindows]) -> MotionWindows:
    """Return the rows of several sets of windows."""
    return MotionWindows(
        features=np.concatenate([p.features for p in parts if len(p.world)]),
        world=np.concatenate([p.world for p in parts if len(p.world)]),
    )


def _describe(window: Observation, dt_s: float, world: np.ndarray) -> MotionWindows:
    there = window.alive.all(0) & (window.identity == window.identity[:1]).all(0)
    columns = np.stack([window.species[0].astype(np.float64), *_own(window, dt_s), *_neighbours(window)], -1)
    row_world = np.broadcast_to(world[:, None], there.shape)
    return MotionWindows(features=columns[there], world=row_world[there].astype(np.int64))


def _own(window: Observation, dt_s: float) -> list[np.ndarray]:
    """Speed, its changes, turning, how straight the way is, and how well the body points along it."""
    length = np.maximum(window.body_length_m[0], 1e-6).astype(np.float64)
    place = np.where(window.alive[..., None], window.position_m, 0).astype(np.float64) / length[..., None]
    step = np.diff(place, axis=0) / dt_s
    speed = np.linalg.norm(step, axis=-1)
    gain = np.diff(speed, axis=0) / dt_s
    turn = wrap(np.diff(window.heading_rad.astype(np.float64), axis=0)) / dt_s
    still = speed < _STILL_BODY_LENGTHS_PER_S
    course = np.arctan2(step[..., 1], step[..., 0])
    aside = np.where(still, 0, np.abs(wrap(course - window.heading_rad[1:])))
    way = speed.sum(0) * dt_s
    rates = [*_spread(speed), *_spread(np.abs(gain)), *_spread(np.abs(turn))]
    return [
        *rates,
        speed[0],
        speed[-1],
        np.abs(turn.mean(0)),
        np.abs(np.diff(turn, axis=0)).mean(0),
        np.abs(np.diff(gain, axis=0)).mean(0),
        still.mean(0),
        (still[1:] != still[:-1]).sum(0).astype(np.float64),
        np.linalg.norm(place[-1] - place[0], axis=-1) / np.maximum(way, 1e-6),
        aside.mean(0),
        np.abs(step[..., 2]).mean(0),
    ]


def _spread(values: np.ndarray) -> list[np.ndarray]:
    low, middle, high = np.quantile(values, (0.1, 0.5, 0.9), axis=0)
    return [values.mean(0), values.std(0), low, middle, high]


def _neighbours(window: Observation) -> list[np.ndarray]:
    """Nearest of the own and of other species: distance at both ends, approach, how alike they face and move."""
    ends = window[[0, -1]]
    length = np.maximum(window.body_length_m[0], 1e-6).astype(np.float64)
    columns: list[np.ndarray] = []
    for same_species in (True, False):
        square = squared_distances(ends, same_species=same_species)
        nearest = square[-1].argmin(-1)
        distance = np.sqrt(np.take_along_axis(square, nearest[None, ..., None], -1)[..., 0]) / length
        known = np.isfinite(distance).all(0)
        distance = np.log1p(np.where(known, distance, 0))
        facing = np.cos(_of(ends.heading_rad[-1], nearest) - ends.heading_rad[-1])
        swift = np.linalg.norm(ends.velocity_mps[-1], axis=-1)
        faster = (_of(swift, nearest) - swift) / length
        columns += [np.where(known, c, np.nan) for c in (distance[-1], distance[-1] - distance[0], facing, faster)]
    near = squared_distances(ends[-1:], same_species=True)[0] < (10 * length[..., None]) ** 2
    return [*columns, near.sum(-1).astype(np.float64)]


def _of(values: np.ndarray, index: np.ndarray) -> np.ndarray:
    return np.take_along_axis(values, index, -1)

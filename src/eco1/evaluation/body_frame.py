"""Motion seen from the body: x forward, y to the left, z up, with the animal's last heading held fixed.

Shape letters: B clips, T frames, N animals.
"""

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64

from eco1.core.records import Clip, Observation


def to_body(vector: Float[np.ndarray, "*b 3"], heading_rad: Float[np.ndarray, "*#b"]) -> Float[np.ndarray, "*b 3"]:
    """Turn world vectors into the frame of a body with the given heading."""
    return _turn(vector, -heading_rad)


def to_world(vector: Float[np.ndarray, "*b 3"], heading_rad: Float[np.ndarray, "*#b"]) -> Float[np.ndarray, "*b 3"]:
    """Turn body-frame vectors into world axes."""
    return _turn(vector, heading_rad)


def same_animal(observation: Observation) -> Bool[np.ndarray, "b t n"]:
    """Say where a row is alive and holds the animal it holds in the last frame."""
    return observation.alive & (observation.identity == observation.identity[:, -1:]) & observation.alive[:, -1:]


def displacements(history: Clip, frames: int) -> Float32[np.ndarray, "b f n 3"]:
    """Return the last ``frames - 1`` steps of every animal in metres (world axes), zero where a row was someone else.

    Taken from positions alone, so a recorded velocity that was smoothed over future frames cannot leak.
    """
    seen = history.observation[:, -frames:]
    here = same_animal(seen)
    step = np.diff(np.where(here[..., None], seen.position_m, 0), axis=1)
    return np.where((here[:, 1:] & here[:, :-1])[..., None], step, 0).astype(np.float32)


def mean_step(history: Clip, over: int) -> Float64[np.ndarray, "b n 3"]:
    """Return the mean displacement per frame over the last ``over`` frames in which the row was this animal."""
    seen = history.observation[:, -(over + 1) :]
    here = same_animal(seen)
    known = np.maximum((here[:, 1:] & here[:, :-1]).sum(1), 1)
    return displacements(history, over + 1).sum(1, dtype=np.float64) / known[..., None]


def _turn(vector: np.ndarray, angle_rad: np.ndarray) -> np.ndarray:
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    x, y = vector[..., 0], vector[..., 1]
    return np.stack([cos * x - sin * y, sin * x + cos * y, np.broadcast_to(vector[..., 2], (cos * x).shape)], -1)

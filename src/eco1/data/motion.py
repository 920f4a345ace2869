"""Velocity and heading from positions alone, using nothing from the future.

A frame's velocity is the step that led to it. So a model that is shown the frames up to t cannot read t + 1 out of
a velocity, as it could from central differences. The price: an animal's first frame after a gap has no velocity
and is left out.
"""

import numpy as np
from jaxtyping import Bool, Float32, Float64

from eco1.data.raw_tracks import known_places

#: Time constant of the running mean of velocity whose direction is the heading: a few frames of a usual camera,
#: so that pixel noise of a slow animal does not spin it (estimate).
HEADING_MEMORY_S = 0.1


def known_rows(position: Float64[np.ndarray, "t n 3"]) -> Bool[np.ndarray, "t n"]:
    """Return where both this frame's position and the one before are known; False throughout frame 0."""
    seen = known_places(position)
    known = np.zeros_like(seen)
    known[1:] = seen[1:] & seen[:-1]
    return known


def hold_last(position: Float64[np.ndarray, "t n 3"]) -> Float64[np.ndarray, "t n 3"]:
    """Return positions with the last known number in gaps, and 0 before an animal was first seen."""
    frames = np.where(known_places(position), np.arange(len(position))[:, None], -1)
    latest = np.maximum.accumulate(frames, axis=0)
    held = np.take_along_axis(position, np.maximum(latest, 0)[..., None], axis=0)
    return np.where(latest[..., None] >= 0, held, 0.0)


def backward_velocity(
    position: Float64[np.ndarray, "t n 3"], known: Bool[np.ndarray, "t n"], dt_s: float
) -> Float64[np.ndarray, "t n 3"]:
    """Return the velocity that led to each known row; 0 in the others."""
    velocity = np.zeros_like(position)
    velocity[1:] = np.diff(position, axis=0) / dt_s
    return np.where(known[..., None], velocity, 0.0)


def causal_heading(
    velocity: Float64[np.ndarray, "t n 3"], known: Bool[np.ndarray, "t n"], dt_s: float
) -> Float32[np.ndarray, "t n"]:
    """Return the direction of the running mean of velocity, begun anew after every gap; kept while it stands."""
    keep = np.exp(-dt_s / HEADING_MEMORY_S)
    mean = np.zeros_like(velocity[0])
    heading = np.zeros(velocity.shape[:2], np.float32)
    previous = np.zeros(velocity.shape[1], np.float32)
    going_on = np.zeros(velocity.shape[1], bool)
    for frame, now in enumerate(velocity):
        mean = np.where(going_on[:, None], keep * mean + (1 - keep) * now, now)
        turns = known[frame] & (np.abs(mean[:, :2]).max(-1) > 0)
        previous = np.where(turns, np.arctan2(mean[:, 1], mean[:, 0]), previous).astype(np.float32)
        heading[frame] = previous
        going_on = known[frame]
    return heading

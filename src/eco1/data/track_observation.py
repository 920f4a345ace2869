"""What anyone could have seen of animals of which only the positions are known."""

import numpy as np
from jaxtyping import Float64

from eco1.core.records import SURROUNDINGS, UNKNOWN_BEHAVIOR, Observation, empty_surroundings
from eco1.data.arena import nearest_wall
from eco1.data.motion import backward_velocity, causal_heading, hold_last, known_rows

_BARRIER = SURROUNDINGS.index("barrier_x_m")


def observe_positions(
    position_m: Float64[np.ndarray, "t n 3"],
    dt_s: float,
    body_length_m: float,
    outline_m: Float64[np.ndarray, "m 2"] | None = None,
) -> Observation:
    """Return the observation (T, N) of animals of one species, nothing in it read from the future.

    An animal is alive where its place is known in a frame and the one before: nobody is in frame 0.

    Args:
        position_m: NaN where an animal was not seen.
        dt_s: time between frames, s.
        body_length_m: of every animal, m.
        outline_m: corners of the walls around them, None where there are none or they are unknown.
    """
    known = known_rows(position_m)
    velocity = backward_velocity(position_m, known, dt_s)
    held = hold_last(position_m)
    surroundings = empty_surroundings(*known.shape)
    if outline_m is not None:
        surroundings[..., _BARRIER : _BARRIER + 2] = nearest_wall(held[..., :2], outline_m)
    return Observation(
        position_m=held.astype(np.float32),
        velocity_mps=velocity.astype(np.float32),
        heading_rad=causal_heading(velocity, known, dt_s),
        alive=known,
        carcass=np.zeros_like(known),
        identity=np.broadcast_to(np.arange(known.shape[1]), known.shape).astype(np.int64),
        species=np.zeros(known.shape, np.int16),
        behavior=np.full(known.shape, UNKNOWN_BEHAVIOR, np.int16),
        body_length_m=np.full(known.shape, body_length_m, np.float32),
        surroundings=surroundings,
    )

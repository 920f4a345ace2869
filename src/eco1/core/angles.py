"""Angles as arrays."""

import numpy as np
from jaxtyping import Float


def wrap(angle_rad: Float[np.ndarray, "*b"]) -> Float[np.ndarray, "*b"]:
    """Return the angle in [-pi, pi), in the precision it came in."""
    return (angle_rad + np.pi) % (2 * np.pi) - np.pi

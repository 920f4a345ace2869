"""Directions in which a lidar sends its beams."""

import math

import numpy as np
from jaxtyping import Float, Float32


def spinning(
    beams: int = 16,
    steps: int = 180,
    *,
    lowest_rad: float = math.radians(-25),
    highest_rad: float = math.radians(5),
) -> Float32[np.ndarray, "k 3"]:
    """Return unit vectors, beam after beam, of a head that spins about the vertical: x ahead, y left, z up.

    Args:
        beams: fans at even steps of elevation.
        steps: directions of each fan, evenly all around, ahead first, to the left.
        lowest_rad: elevation of the first beam.
        highest_rad: elevation of the last.
    """
    up = np.linspace(lowest_rad, highest_rad, beams)[:, None]
    around = np.arange(steps)[None] * (2 * math.pi / steps)
    flat = np.cos(up)
    vectors = np.stack([flat * np.cos(around), flat * np.sin(around), np.sin(up) + 0 * around], -1)
    return vectors.reshape(-1, 3).astype(np.float32)


def facing(
    directions: Float[np.ndarray, "k 3"], heading_rad: Float[np.ndarray, " c"]
) -> Float32[np.ndarray, "c k 3"]:  # fmt: skip
    """Return a pattern turned about the vertical to the heading of each of C scanners, world axes."""
    cos, sin = np.cos(heading_rad)[:, None], np.sin(heading_rad)[:, None]
    x, y, z = directions[:, 0], directions[:, 1], directions[:, 2]
    turned = np.stack([cos * x - sin * y, sin * x + cos * y, np.broadcast_to(z, (len(cos), len(z)))], -1)
    return turned.astype(np.float32)

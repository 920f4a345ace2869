"""Two small random images, repeated over surfaces: smooth noise, and cells with borders between them."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float, UInt8

from eco1.core.random import generator

SIDE = 256  # a power of two
CELLS = 8  # along a side of the second image


@lru_cache(maxsize=1)
def smooth_noise() -> UInt8[np.ndarray, "s s"]:
    """Return value noise over five octaves, 8 cells across in the coarsest."""
    rng = generator(0, 82)
    total = np.zeros((SIDE, SIDE))
    for octave in range(5):
        total += stretched(rng.uniform(size=(8 << octave,) * 2), SIDE) * 0.5**octave
    ranked = np.argsort(np.argsort(total, axis=None)).reshape(total.shape)  # every value equally often
    return (ranked * 256 // total.size).astype(np.uint8)


@lru_cache(maxsize=1)
def cell_noise() -> UInt8[np.ndarray, "s s 3"]:
    """Return, for a lattice of jittered points, the distance to the nearest, to its border, and a number of it.

    Distances are in cells, 255 standing for 1. Worley (1996), "A cellular texture basis function", DOI
    10.1145/237170.237267.
    """
    rng = generator(0, 83)
    at, key = rng.uniform(0.12, 0.88, (CELLS, CELLS, 2)), rng.uniform(size=(CELLS, CELLS))
    y, x = (np.mgrid[0:SIDE, 0:SIDE] + 0.5) * CELLS / SIDE
    near, second, number = np.full_like(x, 9.0), np.full_like(x, 9.0), np.zeros_like(x)
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            row, column = np.floor(y).astype(int) + dy, np.floor(x).astype(int) + dx
            point = at[row % CELLS, column % CELLS]
            away = np.hypot(column + point[..., 0] - x, row + point[..., 1] - y)
            closer = away < near
            second = np.where(closer, near, np.minimum(second, away))
            number = np.where(closer, key[row % CELLS, column % CELLS], number)
            near = np.where(closer, away, near)
    return (np.clip(np.stack([near, second - near, number], -1), 0, 1) * 255).astype(np.uint8)


def stretched(values: Float[np.ndarray, "c c"], side: int) -> Float[np.ndarray, "s s"]:
    """Return a square of values that repeats at its edges stretched over ``side`` pixels, smoothly."""
    cells = len(values)
    where = np.arange(side) * cells / side
    index = where.astype(int)
    share = where - index
    share = share * share * (3 - 2 * share)
    following = (index + 1) % cells
    rows = values[index] * (1 - share)[:, None] + values[following] * share[:, None]
    return rows[:, index] * (1 - share) + rows[:, following] * share

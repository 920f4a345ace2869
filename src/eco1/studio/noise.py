"""Smooth random images for ground, clouds and far hills."""

import numpy as np
from jaxtyping import Float32

from eco1.core.random import generator
from eco1.sensors.scenery.noise import stretched


def tiling_noise(side: int, seed: int, *, octaves: int = 4, first: int = 8) -> Float32[np.ndarray, "s s"]:
    """Return value noise in [0, 1] that repeats at its edges, ``first`` cells across in the coarsest octave.

    Args:
        side: pixels, a power of two.
        seed: random seed.
        octaves: how many times the detail doubles.
        first: cells of the coarsest octave.
    """
    rng = generator(seed, 71)
    total = np.zeros((side, side))
    for octave in range(octaves):
        cells = first * 2**octave
        if cells > side:
            break
        total += stretched(rng.uniform(size=(cells, cells)), side) * 0.5**octave
    total -= total.min()
    return (total / total.max()).astype(np.float32)

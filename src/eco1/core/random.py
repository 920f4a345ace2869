"""Counter-based random streams: the number drawn depends on (seed, step, world, animal, purpose) and on nothing else.

So a world is the same on any number of threads and on a GPU, and no state has to be stored.

Philox4x32-10: Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3", SC'11,
DOI 10.1145/2063384.2063405, section 4.3; constants from the same paper.
"""

import math

import numpy as np
from numba import njit

_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_ROUNDS = 10
_TO_UNIT = np.float32(2.0**-24)  # 24 bits fill a float32 mantissa exactly
_DROP = np.uint64(8)


@njit(cache=True, inline="always")
def philox(counter_0: int, counter_1: int, counter_2: int, counter_3: int, key_0: int, key_1: int):
    """Return four independent 32-bit words (as uint64) for a 128-bit counter and a 64-bit key."""
    c0, c1 = np.uint64(counter_0) & _MASK, np.uint64(counter_1) & _MASK
    c2, c3 = np.uint64(counter_2) & _MASK, np.uint64(counter_3) & _MASK
    k0, k1 = np.uint64(key_0) & _MASK, np.uint64(key_1) & _MASK
    for _ in range(_ROUNDS):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _SHIFT) ^ c1 ^ k0,
            product_1 & _MASK,
            (product_0 >> _SHIFT) ^ c3 ^ k1,
            product_0 & _MASK,
        )
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@njit(cache=True, inline="always")
def uniform4(seed: int, step: int, world: int, animal: int, purpose: int):
    """Return four float32 numbers in [0, 1) for one animal, one step and one purpose."""
    a, b, c, d = philox(step, animal, world, purpose, seed, seed >> 32)
    return (
        np.float32(a >> _DROP) * _TO_UNIT,
        np.float32(b >> _DROP) * _TO_UNIT,
        np.float32(c >> _DROP) * _TO_UNIT,
        np.float32(d >> _DROP) * _TO_UNIT,
    )


@njit(cache=True, inline="always")
def normal2(u0: float, u1: float):
    """Return two independent standard normal float32 numbers from two uniforms in [0, 1).

    Box & Muller (1958), DOI 10.1214/aoms/1177706645.
    """
    radius = math.sqrt(-2.0 * math.log(1.0 - u0))
    angle = 2.0 * math.pi * u1
    return np.float32(radius * math.cos(angle)), np.float32(radius * math.sin(angle))


def generator(seed: int, *stream: int) -> np.random.Generator:
    """Return a numpy generator for host-side work (terrain, shuffling), independent for every ``stream``."""
    return np.random.Generator(np.random.Philox(np.random.SeedSequence([seed, *stream])))

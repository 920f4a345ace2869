"""What every sound is made of: sines, noise, smooth random curves and envelopes, as functions of the sample's number.

A sound that is a function of the number of the sample is the same however a recording is cut into pieces.
"""

import math
from typing import Any

import numpy as np

from eco1.core.senses import SAMPLE_RATE_HZ
from eco1.sensors.microphone.compiled import inlined

RATE = float(SAMPLE_RATE_HZ)

# SplitMix64: Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators", DOI 10.1145/2660193.2660195.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(11)
_S21, _S42 = np.uint64(21), np.uint64(42)
_MASK_21 = np.uint64((1 << 21) - 1)
_UNIT_53 = 2.0**-53
_UNIT_20 = 2.0**-20
_UNIFORM_TO_SD_1 = math.sqrt(3.0)  # a uniform number in [-1, 1) has a standard deviation of 1 / sqrt(3)


@inlined
def mixed(key: int, number: int) -> Any:
    """Return 64 random bits (uint64) that depend on the key and the number only."""
    z = np.uint64(key) + _GOLDEN * (np.uint64(number) + np.uint64(1))
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@inlined
def stream(seed: int, purpose: int, who: int) -> Any:
    """Return the key of a stream of random numbers: a whole number of 63 bits."""
    return np.int64(mixed(mixed(mixed(seed, purpose), who), 0) >> np.uint64(1))


@inlined
def uniform(key: int, number: int):
    """Return a number in [0, 1)."""
    return float(mixed(key, number) >> _S11) * _UNIT_53


@inlined
def white(key: int, number: int):
    """Return a sample of white noise with standard deviation 1."""
    return (2.0 * uniform(key, number) - 1.0) * _UNIFORM_TO_SD_1


@inlined
def white3(key: int, number: int):
    """Return three independent samples of white noise with standard deviation 1."""
    bits = mixed(key, number)
    a = float(bits & _MASK_21) * _UNIT_20 - 1.0
    b = float((bits >> _S21) & _MASK_21) * _UNIT_20 - 1.0
    c = float((bits >> _S42) & _MASK_21) * _UNIT_20 - 1.0
    return a * _UNIFORM_TO_SD_1, b * _UNIFORM_TO_SD_1, c * _UNIFORM_TO_SD_1


@inlined
def smooth_step(x: float):
    """Return 0 below 0, 1 above 1 and a smooth rise between."""
    x = min(1.0, max(0.0, x))
    return x * x * (3.0 - 2.0 * x)


@inlined
def smooth_noise(key: int, number: int, period: int):
    """Return a random curve in [-1, 1] that turns every ``period`` samples."""
    knot = number // period
    before, after = 2.0 * uniform(key, knot) - 1.0, 2.0 * uniform(key, knot + 1) - 1.0
    return before + (after - before) * smooth_step((number - knot * period) / period)


@inlined
def cosine(turns: float):
    """Return cos(2 pi turns), to 2e-7: a polynomial that is the same on every machine, unlike those of libraries."""
    x = turns - math.floor(turns + 0.5)
    x = 0.25 - abs(x)  # cos(2 pi t) = sin(2 pi (1/4 - |t|)), an argument within a quarter of a turn
    x *= 2.0 * math.pi
    y = x * x
    # Taylor series of the sine; the next term is below 6e-8 at a quarter of a turn.
    return x * (1.0 + y * (-1 / 6 + y * (1 / 120 + y * (-1 / 5040 + y * (1 / 362880 - y / 39916800)))))


@inlined
def harmonics(turns: float, count: int, ratio: float, faintest: float):
    """Return the sum over k = 1 .. count of ratio^(k-1) cos(2 pi k turns), with no partial above the last.

    The closed form of Moorer (1976), "The synthesis of complex audio spectra by means of discrete summation formulas",
    J. Audio Eng. Soc. 24:717-727. ``faintest`` is ratio^count.
    """
    c = cosine(turns)
    top = c - ratio
    if faintest > 1e-4:
        top += faintest * (ratio * cosine(count * turns) - cosine((count + 1) * turns))
    return top / (1.0 - 2.0 * ratio * c + ratio * ratio)


@inlined
def resonance(frequency_hz: float, bandwidth_hz: float):
    """Return a (of y1), b (of y2) and the gain of x - x2 for a resonator whose peak has gain 1.

    The two-pole resonator with zeros at 0 Hz and at half the sampling rate: Smith & Angell (1982), "A constant-gain
    digital resonator tuned by a single coefficient", Computer Music Journal 6(4):36-40.
    """
    radius = math.exp(-math.pi * bandwidth_hz / RATE)
    return 2.0 * radius * cosine(frequency_hz / RATE), -radius * radius, 0.5 * (1.0 - radius * radius)


@inlined
def octaves(x: float):
    """Return 2 to the power of x."""
    return math.exp(math.log(2.0) * x)

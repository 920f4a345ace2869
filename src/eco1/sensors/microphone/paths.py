"""The way of sound from sources to two ears: delay, spreading, the air's absorption and the shadow of the head.

A source is rendered in its own time. An ear hears at each moment what the source gave off when the sound now arriving
left it; as that delay changes, the pitch changes: Doppler's effect needs no formula of its own.
"""

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from eco1.core.senses import SAMPLE_RATE_HZ
from eco1.sensors.microphone.air import DISTANCES_M
from eco1.sensors.microphone.compiled import F32, F64, I64, compiled, inlined

#: Samples between two moments at which the geometry is worked out.
BLOCK = 100
#: Samples around a moment between samples that its value is made of, and steps between two samples.
TAPS, PHASES = 8, 512

_PASSBAND = 0.74  # share of half the sampling rate: within 0.15 dB up to 5.5 kHz, 0.5 dB at 6 kHz
# Head: Brown & Duda (1998), "A structural model for binaural sound synthesis", IEEE Trans. Speech Audio Process.
# 6(5):476-488, DOI 10.1109/89.709673, equations (3) and (5): alpha is 2 for sound from the side of the ear and 0.1 near
# 150 degrees from it.
_ALPHA_MIN, _DARKEST_RAD = 0.1, math.radians(150.0)
_0, _1, _2, _3, _4, _5, _6, _7 = (np.uint64(k) for k in range(TAPS))
_NEAREST_M = 0.3  # no ear comes nearer to a source; a body's size counts as well
_LOG_FIRST, _LOG_STEP = math.log(DISTANCES_M[0]), math.log(DISTANCES_M[1] / DISTANCES_M[0])


class Medium(NamedTuple):
    """What carries the sound. ``poles`` are those of ``absorption_filters``, all 0 under water."""

    speed_mps: float
    poles: F64
    head_m: float  # radius of what lies between the ears
    shadow: bool  # whether it is opaque: a head in water is not


@lru_cache(maxsize=1)
def interpolation() -> np.ndarray:
    """Return the weights (PHASES + 1, TAPS) that make a value between two samples of those around it.

    They have the least squared error for tones up to _PASSBAND: Laakso et al. (1996), "Splitting the unit delay", IEEE
    Signal Processing Magazine 13(1):30-60, DOI 10.1109/79.482137, section on general least squares.
    """
    tap = np.arange(TAPS)
    moment = TAPS // 2 - 1 + np.linspace(0, 1, PHASES + 1)
    among = np.sinc(_PASSBAND * (tap[:, None] - tap))
    wanted = np.sinc(_PASSBAND * (tap[:, None] - moment))
    weights = np.linalg.solve(among, wanted).T
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


@inlined
def pole_at(medium: Medium, distance_m: float):
    """Return the pole of the air's filter at a distance."""
    place = (math.log(max(distance_m, 1.0)) - _LOG_FIRST) / _LOG_STEP
    place = min(max(place, 0.0), len(medium.poles) - 1.001)
    k = int(place)
    return medium.poles[k] + (medium.poles[k + 1] - medium.poles[k]) * (place - k)


@inlined
def _where(frame_sample: I64, frame_m: F64, i: int, moment: float):
    """Return where row i was at a moment, in samples; before the oldest frame it was where that shows it."""
    k = len(frame_sample) - 2
    while k > 0 and frame_sample[k] > moment:
        k -= 1
    span = frame_sample[k + 1] - frame_sample[k]
    share = min(1.0, max(0.0, (moment - frame_sample[k]) / span)) if span > 0 else 1.0
    a, b = frame_m[k, i], frame_m[k + 1, i]
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share, a[2] + (b[2] - a[2]) * share


@compiled
def left_at(frame_sample: I64, frame_m: F64, i: int, ear_x: float, ear_y: float, ear_z: float, now: float, c: float):
    """Return when the sound that arrives now left row i, in samples, and from where, relative to the ear, m.

    The moment solves t = now - |position(t) - ear| / c; each round narrows the error by the speed over c.
    """
    moment = now
    x = y = z = 0.0
    for _ in range(4):
        x, y, z = _where(frame_sample, frame_m, i, moment)
        x, y, z = x - ear_x, y - ear_y, z - ear_z
        moment = now - math.sqrt(x * x + y * y + z * z) / c * SAMPLE_RATE_HZ
    return moment, x, y, z


@compiled
def plan(
    left: F64, gain: F64, alpha: F64, frame_sample: I64, frame_m: F64, i: int, ear_from: F64, ear_to: F64, start: int,
    count: int, nearest_m: float, medium: Medium,
):  # fmt: skip
    """Fill in for each ear and edge of a block when the sound left (samples), its gain and the ear's alpha."""
    edges = (count + BLOCK - 1) // BLOCK + 1
    for e in range(2):
        for k in range(edges):
            j = min(k * BLOCK, count)
            share = j / count
            ear_x = ear_from[e, 0] + (ear_to[e, 0] - ear_from[e, 0]) * share
            ear_y = ear_from[e, 1] + (ear_to[e, 1] - ear_from[e, 1]) * share
            ear_z = ear_from[e, 2] + (ear_to[e, 2] - ear_from[e, 2]) * share
            moment, x, y, z = left_at(frame_sample, frame_m, i, ear_x, ear_y, ear_z, float(start + j), medium.speed_mps)
            distance = math.sqrt(x * x + y * y + z * z)
            left[e, k] = moment
            gain[e, k] = 1.0 / max(distance, max(_NEAREST_M, nearest_m))
            alpha[e, k] = 1.0
            if medium.shadow:
                ax, ay, az = (
                    ear_to[e, 0] - ear_to[1 - e, 0],
                    ear_to[e, 1] - ear_to[1 - e, 1],
                    ear_to[e, 2] - ear_to[1 - e, 2],
                )
                along = (x * ax + y * ay + z * az) / (distance * math.sqrt(ax * ax + ay * ay + az * az) + 1e-9)
                angle = math.acos(min(1.0, max(-1.0, along)))
                alpha[e, k] = 1.0 + 0.5 * _ALPHA_MIN + (1.0 - 0.5 * _ALPHA_MIN) * math.cos(
                    angle / _DARKEST_RAD * math.pi
                )  # fmt: skip
    return edges


@inlined
def _between(dry: F32, weights: F32, moment: float):
    """Return the value of a source between two of its samples."""
    whole = int(moment)  # never negative here
    # Unsigned places spare the test for a negative index, eight times per sample.
    n, k = np.uint64(whole - (TAPS // 2 - 1)), np.uint64((moment - whole) * PHASES)
    even = weights[k, _0] * dry[n] + weights[k, _2] * dry[n + _2] + weights[k, _4] * dry[n + _4]
    odd = weights[k, _1] * dry[n + _1] + weights[k, _3] * dry[n + _3] + weights[k, _5] * dry[n + _5]
    return (even + weights[k, _6] * dry[n + _6]) + (odd + weights[k, _7] * dry[n + _7])


@compiled
def arrive(
    out: F64, dry: F32, first: int, left: F64, gain: F64, alpha: F64, shadow: F64, medium: Medium, weights: F32,
    loudness: float,
):  # fmt: skip
    """Add what both ears hear of one source; ``first`` is the time, in samples, of the first sample of ``dry``."""
    count = out.shape[1]
    turn = 2.0 * SAMPLE_RATE_HZ
    corner = 2.0 * medium.speed_mps / medium.head_m
    back = (turn - corner) / (turn + corner)
    x1, y1, u1, v1 = shadow[0, 0], shadow[0, 1], shadow[1, 0], shadow[1, 1]
    for k in range((count + BLOCK - 1) // BLOCK):
        begin, end = k * BLOCK, min((k + 1) * BLOCK, count)
        span = end - begin
        shade = 0.5 * (alpha[0, k] + alpha[0, k + 1]) * turn
        b0, b1 = (corner + shade) / (corner + turn), (corner - shade) / (corner + turn)
        shade = 0.5 * (alpha[1, k] + alpha[1, k + 1]) * turn
        c0, c1 = (corner + shade) / (corner + turn), (corner - shade) / (corner + turn)
        moment, other = left[0, k] - first, left[1, k] - first
        pace, other_pace = (left[0, k + 1] - left[0, k]) / span, (left[1, k + 1] - left[1, k]) / span
        loud, other_loud = gain[0, k] * loudness, gain[1, k] * loudness
        swell = (gain[0, k + 1] * loudness - loud) / span
        other_swell = (gain[1, k + 1] * loudness - other_loud) / span
        for j in range(span):
            x = (loud + swell * j) * _between(dry, weights, moment + pace * j)
            u = (other_loud + other_swell * j) * _between(dry, weights, other + other_pace * j)
            y1 = b0 * x + b1 * x1 + back * y1
            v1 = c0 * u + c1 * u1 + back * v1
            x1, u1 = x, u
            out[0, begin + j] += y1
            out[1, begin + j] += v1
    shadow[0, 0], shadow[0, 1], shadow[1, 0], shadow[1, 1] = x1, y1, u1, v1

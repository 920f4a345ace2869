"""Sounds without a place: layers of noise, crackling and the singing of insects, as functions of the time."""

import math

from eco1.sensors.microphone.compiled import F64, compiled, entry
from eco1.sensors.microphone.waves import (
    RATE,
    cosine,
    resonance,
    smooth_noise,
    smooth_step,
    stream,
    uniform,
    white3,
)

#: A layer of noise: it passes between two frequencies, and swells and ebbs by ``SWELL`` with a period.
LOW_HZ, HIGH_HZ, SWELL, PERIOD_S, COMMON, NOISE_GAIN = range(6)
#: A layer of crackling: so many cracks a second, of which each rings at one of two frequencies, and dies away.
PER_SECOND, TONE_HZ, OTHER_HZ, DECAY_S, SPREAD = range(5)
#: A singer: its tone, pulses a second and the share of each that sounds, the same for the chirps they make up,
#: the period of its coming and going, and where it sits, -1 left to 1 right.
PITCH_HZ, PULSES, PULSE_SHARE, CHIRPS, CHIRP_SHARE, SESSION_S, SIDE = range(7)

HISS_STATE, CRACKLE_STATE = 6, 8
_KNOT = 160  # samples between two values of a swell


@compiled
def _hiss(out: F64, start: int, layer: F64, before: float, after: float, key: int, state: F64):
    low = math.exp(-2.0 * math.pi * layer[LOW_HZ] / RATE)
    high = math.exp(-2.0 * math.pi * layer[HIGH_HZ] / RATE)
    common, own = math.sqrt(layer[COMMON]), math.sqrt(1.0 - layer[COMMON])
    period = max(_KNOT, int(layer[PERIOD_S] * RATE))
    count = out.shape[1]
    l1, l2, l3, r1, r2, r3 = state[0], state[1], state[2], state[3], state[4], state[5]
    swell = step = 0.0
    for j in range(count):
        n = start + j
        if n % _KNOT == 0 or j == 0:
            knot = n - n % _KNOT
            swell = 1.0 + layer[SWELL] * smooth_noise(key + 1, knot, period)
            step = (1.0 + layer[SWELL] * smooth_noise(key + 1, knot + _KNOT, period) - swell) / _KNOT
        strength = (before + (after - before) * j / count) * layer[NOISE_GAIN] * (swell + step * (n % _KNOT))
        a, b, c = white3(key, n)
        l1 += (1.0 - high) * (common * a + own * b - l1)
        l2 += (1.0 - high) * (l1 - l2)
        l3 += (1.0 - low) * (l2 - l3)
        r1 += (1.0 - high) * (common * a + own * c - r1)
        r2 += (1.0 - high) * (r1 - r2)
        r3 += (1.0 - low) * (r2 - r3)
        out[0, j] += strength * (l2 - l3)
        out[1, j] += strength * (r2 - r3)
    state[0], state[1], state[2], state[3], state[4], state[5] = l1, l2, l3, r1, r2, r3


@compiled
def _crackle(out: F64, start: int, layer: F64, before: float, after: float, key: int, state: F64):
    width = 1.0 / (math.pi * layer[DECAY_S])
    a, b, _ = resonance(layer[TONE_HZ], width)
    c, d, _ = resonance(layer[OTHER_HZ], width)
    first = math.sin(2.0 * math.pi * layer[TONE_HZ] / RATE)
    other = math.sin(2.0 * math.pi * layer[OTHER_HZ] / RATE)
    chance, count = layer[PER_SECOND] / RATE, out.shape[1]
    p1, p2, q1, q2, u1, u2, v1, v2 = (
        state[0], state[1], state[2], state[3], state[4], state[5], state[6], state[7],
    )  # fmt: skip
    for j in range(count):
        left = right = 0.0
        x = y = 0.0
        if uniform(key, start + j) < chance:
            # Heavy tails: the few that are near drown the many that are far, as with sources spread over a plane.
            strength = (before + (after - before) * j / count) * min(
                8.0, (uniform(key + 1, start + j) + 1e-3) ** -layer[SPREAD]
            )
            side = uniform(key + 2, start + j)
            left, right = strength * math.sqrt(1.0 - side), strength * math.sqrt(side)
            if uniform(key + 3, start + j) < 0.5:
                left, x, right, y = left * first, 0.0, right * first, 0.0
            else:
                left, x, right, y = 0.0, left * other, 0.0, right * other
        p, q = a * p1 + b * p2 + left, a * q1 + b * q2 + right
        u, v = c * u1 + d * u2 + x, c * v1 + d * v2 + y
        p2, p1, q2, q1, u2, u1, v2, v1 = p1, p, q1, q, u1, u, v1, v
        out[0, j] += p + u
        out[1, j] += q + v
    state[0], state[1], state[2], state[3] = p1, p2, q1, q2
    state[4], state[5], state[6], state[7] = u1, u2, v1, v2


@compiled
def _sing(out: F64, start: int, layer: F64, before: float, after: float, key: int):
    own = 0.97 + 0.06 * uniform(key, 0)  # no two insects agree
    pitch, pulses, chirps = layer[PITCH_HZ] * own / RATE, layer[PULSES] * own / RATE, layer[CHIRPS] * own / RATE
    side = 0.5 + 0.45 * layer[SIDE]
    left, right = math.sqrt(2.0 * (1.0 - side)), math.sqrt(2.0 * side)
    period, count = int(layer[SESSION_S] * RATE), out.shape[1]
    session = 0.0
    for j in range(count):
        n = start + j
        if n % _KNOT == 0 or j == 0:
            session = smooth_step(0.8 + 1.2 * smooth_noise(key + 1, n - n % _KNOT, period))
        chirp = chirps * n - math.floor(chirps * n)
        if chirp > layer[CHIRP_SHARE] or session <= 0.0:
            continue
        pulse = pulses * n - math.floor(pulses * n)
        x = pulse / layer[PULSE_SHARE]
        edge = smooth_step(10.0 * chirp / layer[CHIRP_SHARE]) * smooth_step(10.0 * (1.0 - chirp / layer[CHIRP_SHARE]))
        if x < 1.0:
            strength = (before + (after - before) * j / count) * session * edge * 4.0 * x * (1.0 - x)
            strength *= 0.4 + 0.9 * uniform(key + 2, math.floor(pulses * n))
            wave = strength * cosine(pitch * n)
            out[0, j] += left * wave
            out[1, j] += right * wave


@entry
def add_ambience(
    out: F64, start: int, seed: int, hiss: F64, crackle: F64, singers: F64, before: F64, after: F64, hiss_state: F64,
    crackle_state: F64,
):  # fmt: skip
    """Add all layers to ``out`` (2, S), Pa; each goes from the loudness ``before`` to the one ``after``."""
    hisses, crackles = len(hiss), len(crackle)
    for k in range(len(before)):
        if before[k] <= 0.0 and after[k] <= 0.0:
            continue
        key = stream(seed, 55, k)
        if k < hisses:
            _hiss(out, start, hiss[k], before[k], after[k], key, hiss_state[k])
        elif k < hisses + crackles:
            j = k - hisses
            _crackle(out, start, crackle[j], before[k], after[k], key, crackle_state[j])
        else:
            _sing(out, start, singers[k - hisses - crackles], before[k], after[k], key)

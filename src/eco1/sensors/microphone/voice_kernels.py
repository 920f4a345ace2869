"""How a call sounds, sample by sample: harmonics of a voice, a whistle, breath, clicks or the hum of wings."""

import math

from eco1.sensors.microphone.calls import (
    FORMANT,
    FORMANT_GAINS,
    FORMANT_WIDTH,
    GAIN,
    HIGHEST_HZ,
    LENGTH,
    LOG_GLIDE,
    PARTIALS,
    PITCH,
    PLAIN,
    PRESSURE,
    RATIO,
    SYLLABLES,
)
from eco1.sensors.microphone.compiled import F32, F64, compiled, inlined
from eco1.sensors.microphone.species import CLICKS, HARMONIC, HUM, NOISE
from eco1.sensors.microphone.waves import (
    RATE,
    cosine,
    harmonics,
    octaves,
    resonance,
    smooth_noise,
    smooth_step,
    stream,
    uniform,
    white,
)

#: What the voice of a row remembers from sample to sample, as indices into its state.
PHASE, FILTERS = 0, 1
VOICE_STATE = 9
#: A call that breaks off fades this long, and its formants ring this long after it; samples.
RELEASE = 480

_TURN = 640  # samples between two turns of the random wander of pitch and loudness: 25 a second; by ear
_WANDER = 0.012  # of the pitch; by ear
_BREATH = 0.06  # noise in a voice, relative to its strength; by ear
_LONG_BOUT = 8  # syllables; with a second and more for each they swell, quicken and ebb, as roars and whoops do
_RETUNE = 32  # samples between two settings of the filter of a breath


@inlined
def _place(call: F32, age: float):
    """Return the syllable, how far it is (0 to 1, above 1 in the gap after it), and the swell of the whole bout."""
    share = min(max(age / call[LENGTH], 0.0), 0.999999)
    count = call[SYLLABLES]
    swell = 1.0
    if count >= _LONG_BOUT and call[LENGTH] > RATE * count:
        swell = 0.5 + share / 0.6 if share < 0.3 else 1.0 - 0.6 * (share - 0.3) / 0.7
        share *= math.sqrt(math.sqrt(share))  # x^1.25: long moans first, then ever quicker
    x = share * count
    syllable = math.floor(x)
    sounding = 1.0 if count < 1.5 else 0.65
    return syllable, (x - syllable) / sounding, swell


@inlined
def _envelope(u: float, attack: float, release: float):
    if u >= 1.0:
        return 0.0
    return smooth_step(u / attack) * smooth_step((1.0 - u) / release)


@inlined
def _pitch(call: F32, key: int, n: int, syllable: float, u: float, swell: float):
    """Return the pitch in Hz: it glides through each syllable, wanders a little, and sinks where a bout ebbs."""
    accent = 1.0 + 0.04 * (uniform(key, int(syllable)) - 0.5) + _WANDER * smooth_noise(key, n, _TURN)
    return call[PITCH] * octaves(call[LOG_GLIDE] * (min(u, 1.0) - 0.5)) * accent * (0.6 + 0.4 * swell)


@inlined
def _fade(n: int, stop: int):
    return 1.0 - smooth_step((n - stop) / RELEASE)


@compiled
def _sing(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64):
    """A voice: a row of partials through the formants of the vocal tract."""
    a1, b1, g1 = resonance(min(call[FORMANT], 7800.0), FORMANT_WIDTH * call[FORMANT])
    a2, b2, g2 = resonance(min(3.0 * call[FORMANT], 7800.0), FORMANT_WIDTH * 3.0 * call[FORMANT])
    a3, b3, g3 = resonance(min(5.0 * call[FORMANT], 7800.0), FORMANT_WIDTH * 5.0 * call[FORMANT])
    g1 *= FORMANT_GAINS[0] if call[FORMANT] < HIGHEST_HZ else 0.0
    g2 *= FORMANT_GAINS[1] if 3.0 * call[FORMANT] < HIGHEST_HZ else 0.0
    g3 *= FORMANT_GAINS[2] if 5.0 * call[FORMANT] < HIGHEST_HZ else 0.0
    phase, x1, x2 = state[PHASE], state[FILTERS], state[FILTERS + 1]
    p1, p2, q1, q2 = state[FILTERS + 2], state[FILTERS + 3], state[FILTERS + 4], state[FILTERS + 5]
    r1, r2 = state[FILTERS + 6], state[FILTERS + 7]
    count, ratio = int(call[PARTIALS]), float(call[RATIO])
    faintest = ratio**count
    strength = call[PRESSURE] * call[GAIN]
    for n in range(first, last):
        syllable, u, swell = _place(call, float(n - onset))
        x = 0.0
        envelope = _envelope(u, 0.18, 0.4)
        if envelope > 0.0:
            envelope *= swell * _fade(n, stop) * (1.0 + 0.1 * smooth_noise(key + 1, n, _TURN))
            phase += _pitch(call, key, n, syllable, u, swell) / RATE
            phase -= math.floor(phase)
            x = strength * envelope * (harmonics(phase, count, ratio, faintest) + _BREATH * white(key, n))
        p = a1 * p1 + b1 * p2 + g1 * (x - x2)
        q = a2 * q1 + b2 * q2 + g2 * (x - x2)
        r = a3 * r1 + b3 * r2 + g3 * (x - x2)
        x2, x1, p2, p1, q2, q1, r2, r1 = x1, x, p1, p, q1, q, r1, r
        out[at + n - first] += PLAIN * x + p + q + r
    state[PHASE], state[FILTERS], state[FILTERS + 1] = phase, x1, x2
    state[FILTERS + 2], state[FILTERS + 3], state[FILTERS + 4], state[FILTERS + 5] = p1, p2, q1, q2
    state[FILTERS + 6], state[FILTERS + 7] = r1, r2


@compiled
def _whistle(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64):
    """One partial; what rises above the reach of the microphone is lost."""
    phase, strength = state[PHASE], math.sqrt(2.0) * call[PRESSURE]
    for n in range(first, last):
        syllable, u, swell = _place(call, float(n - onset))
        envelope = _envelope(u, 0.15, 0.25)
        if envelope > 0.0:
            pitch = _pitch(call, key, n, syllable, u, swell)
            phase += pitch / RATE
            phase -= math.floor(phase)
            heard = smooth_step((7900.0 - pitch) / 400.0)
            out[at + n - first] += strength * envelope * heard * _fade(n, stop) * cosine(phase)
    state[PHASE] = phase


@compiled
def _breathe(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64):
    """Noise in a band around the pitch, half as wide as the pitch is high, a little rough."""
    x1, x2, p1, p2 = state[FILTERS], state[FILTERS + 1], state[FILTERS + 2], state[FILTERS + 3]
    q1, q2, y1, y2 = state[FILTERS + 4], state[FILTERS + 5], state[FILTERS + 6], state[FILTERS + 7]
    a, b, g, strength = 0.0, 0.0, 0.0, 0.0
    for n in range(first, last):
        if n % _RETUNE == 0 or n == first:
            syllable, u, swell = _place(call, float(n - n % _RETUNE - onset))
            pitch = min(_pitch(call, key, n - n % _RETUNE, syllable, u, swell), 7600.0)
            a, b, g = resonance(pitch, 0.5 * pitch)
            # Noise through two equal resonators of width w keeps w / (2 rate) of its power: measured to 10 %.
            strength = call[PRESSURE] / math.sqrt(0.5 * math.pi * 0.5 * pitch / RATE) * swell
        syllable, u, swell = _place(call, float(n - onset))
        envelope = _envelope(u, 0.12, 0.5)
        x = 0.0
        if envelope > 0.0:
            rough = 1.0 + 0.4 * smooth_noise(key + 1, n, _TURN)
            x = strength * envelope * rough * _fade(n, stop) * white(key, n)
        p = a * p1 + b * p2 + g * (x - x2)
        q = a * q1 + b * q2 + g * (p - y2)
        x2, x1, p2, p1, q2, q1, y2, y1 = x1, x, p1, p, q1, q, y1, p
        out[at + n - first] += q
    state[FILTERS], state[FILTERS + 1], state[FILTERS + 2], state[FILTERS + 3] = x1, x2, p1, p2
    state[FILTERS + 4], state[FILTERS + 5], state[FILTERS + 6], state[FILTERS + 7] = q1, q2, y1, y2


@compiled
def _click(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int):
    """One dying wave for each syllable; three waves long."""
    period = call[LENGTH] / call[SYLLABLES]
    decay = 3.0 / call[PITCH] * RATE
    strength = math.sqrt(2.0) * call[PRESSURE]
    for n in range(first, last):
        click = min(math.floor((n - onset) / period), call[SYLLABLES] - 1.0)
        age = n - onset - click * period
        if age < 8.0 * decay:
            wave = cosine(call[PITCH] * age / RATE - 0.25) * math.exp(-age / decay)
            out[at + n - first] += strength * (0.7 + 0.3 * uniform(key, int(click))) * _fade(n, stop) * wave


@compiled
def _hum(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64):
    """The partials of a wing beat, unsteady as the insect turns."""
    count, ratio = int(call[PARTIALS]), float(call[RATIO])
    phase, faintest, strength = state[PHASE], ratio**count, call[PRESSURE] * call[GAIN]
    for n in range(first, last):
        syllable, u, swell = _place(call, float(n - onset))
        envelope = _envelope(u, 0.1, 0.1)
        if envelope > 0.0:
            phase += _pitch(call, key, n, syllable, u, swell) / RATE
            phase -= math.floor(phase)
            flutter = 1.0 + 0.3 * smooth_noise(key + 1, n, 4 * _TURN)
            wave = harmonics(phase, count, ratio, faintest)
            out[at + n - first] += strength * envelope * flutter * _fade(n, stop) * wave
    state[PHASE] = phase


@compiled
def utter(
    out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, kind: int, identity: int, state: F64
):
    """Add the samples ``first`` to ``last`` of a call, in the caller's own time, to ``out`` from place ``at`` on."""
    begin, end = max(first, onset), min(last, stop + RELEASE)
    if begin >= end:
        return
    if begin == onset:
        state[:VOICE_STATE] = 0.0
    at += begin - first
    key = stream(identity, onset, kind)
    if kind == HARMONIC:
        _sing(out, at, begin, end, onset, stop, call, key, state)
    elif kind == NOISE:
        _breathe(out, at, begin, end, onset, stop, call, key, state)
    elif kind == CLICKS:
        _click(out, at, begin, end, onset, stop, call, key)
    elif kind == HUM:
        _hum(out, at, begin, end, onset, stop, call, key, state)
    else:
        _whistle(out, at, begin, end, onset, stop, call, key, state)

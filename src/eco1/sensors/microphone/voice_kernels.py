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
from eco1.sensors.microphone.species import CLICKS, HARMONIC, NOISE, WHISTLE
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
#: Samples between two values of pitch and loudness; between them both go straight.
KNOT = 16
_REACH_HZ = 7900.0  # where a tone is lost, just below half the sampling rate
_BAND = 0.5  # width of breath over its pitch


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
def _fade(n: int, stop: int):
    return 1.0 - smooth_step((n - stop) / RELEASE)


@inlined
def _pitch(call: F32, key: int, n: int, syllable: float, u: float, swell: float):
    """Return the pitch in Hz: it glides through each syllable, wanders a little, and sinks where a bout ebbs."""
    accent = 1.0 + 0.04 * (uniform(key, int(syllable)) - 0.5) + _WANDER * smooth_noise(key, n, _TURN)
    return call[PITCH] * octaves(call[LOG_GLIDE] * (min(u, 1.0) - 0.5)) * accent * (0.6 + 0.4 * swell)


@compiled
def _knot(
    call: F32, key: int, n: int, onset: int, stop: int, attack: float, release: float, unsteady: float, turn: int
):
    """Return the turns per sample and the loudness, 0 to about 1, of a call at one sample."""
    syllable, u, swell = _place(call, float(n - onset))
    loudness = 0.0
    if n >= onset and u < 1.0:
        loudness = smooth_step(u / attack) * smooth_step((1.0 - u) / release) * swell * _fade(n, stop)
        loudness *= 1.0 + unsteady * smooth_noise(key + 1, n, turn)
    return _pitch(call, key, n, syllable, u, swell) / RATE, loudness


@compiled
def _sing(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64):
    """A voice: a row of partials through the formants of the vocal tract."""
    a1, b1, g1 = _formant(call, 0)
    a2, b2, g2 = _formant(call, 1)
    a3, b3, g3 = _formant(call, 2)
    phase, x1, x2 = state[PHASE], state[FILTERS], state[FILTERS + 1]
    p1, p2, q1, q2 = state[FILTERS + 2], state[FILTERS + 3], state[FILTERS + 4], state[FILTERS + 5]
    r1, r2 = state[FILTERS + 6], state[FILTERS + 7]
    count, ratio = int(call[PARTIALS]), float(call[RATIO])
    faintest, strength = ratio**count, call[PRESSURE] * call[GAIN]
    knot = first - first % KNOT
    pace, loud = _knot(call, key, knot, onset, stop, 0.18, 0.4, 0.1, _TURN)
    next_pace, next_loud = _knot(call, key, knot + KNOT, onset, stop, 0.18, 0.4, 0.1, _TURN)
    for n in range(first, last):
        if n == knot + KNOT:
            knot, pace, loud = n, next_pace, next_loud
            next_pace, next_loud = _knot(call, key, n + KNOT, onset, stop, 0.18, 0.4, 0.1, _TURN)
        x = 0.0
        if loud > 0.0 or next_loud > 0.0:
            share = (n - knot) / KNOT
            phase += pace + (next_pace - pace) * share
            phase -= math.floor(phase)
            wave = harmonics(phase, count, ratio, faintest) + _BREATH * white(key, n)
            x = strength * (loud + (next_loud - loud) * share) * wave
        p = a1 * p1 + (b1 * p2 + g1 * (x - x2))
        q = a2 * q1 + (b2 * q2 + g2 * (x - x2))
        r = a3 * r1 + (b3 * r2 + g3 * (x - x2))
        x2, x1, p2, p1, q2, q1, r2, r1 = x1, x, p1, p, q1, q, r1, r
        out[at + n - first] += PLAIN * x + p + q + r
    state[PHASE], state[FILTERS], state[FILTERS + 1] = phase, x1, x2
    state[FILTERS + 2], state[FILTERS + 3], state[FILTERS + 4], state[FILTERS + 5] = p1, p2, q1, q2
    state[FILTERS + 6], state[FILTERS + 7] = r1, r2


@inlined
def _formant(call: F32, number: int):
    """Return the resonator of one formant; those beyond the reach of the microphone have gain 0."""
    centre = (2 * number + 1) * call[FORMANT]
    a, b, gain = resonance(min(centre, 7800.0), FORMANT_WIDTH * centre)
    return a, b, gain * FORMANT_GAINS[number] if centre < HIGHEST_HZ else 0.0


@compiled
def _vibrate(
    out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64, whistles: bool
):
    """A whistle, of one partial, or the hum of wings, of several. What rises above the microphone's reach is lost."""
    count, ratio = (1, 0.0) if whistles else (int(call[PARTIALS]), float(call[RATIO]))
    strength = call[PRESSURE] * (math.sqrt(2.0) if whistles else call[GAIN])
    attack, release, unsteady, turn = (0.15, 0.25, 0.1, _TURN) if whistles else (0.1, 0.1, 0.3, 4 * _TURN)
    phase, faintest = state[PHASE], ratio**count
    knot = first - first % KNOT
    pace, loud = _knot(call, key, knot, onset, stop, attack, release, unsteady, turn)
    next_pace, next_loud = _knot(call, key, knot + KNOT, onset, stop, attack, release, unsteady, turn)
    for n in range(first, last):
        if n == knot + KNOT:
            knot, pace, loud = n, next_pace, next_loud
            next_pace, next_loud = _knot(call, key, n + KNOT, onset, stop, attack, release, unsteady, turn)
        if loud > 0.0 or next_loud > 0.0:
            share = (n - knot) / KNOT
            turns = pace + (next_pace - pace) * share
            phase += turns
            phase -= math.floor(phase)
            reach = smooth_step((_REACH_HZ / RATE - turns) / (400.0 / RATE))
            wave = harmonics(phase, count, ratio, faintest)
            out[at + n - first] += strength * reach * (loud + (next_loud - loud) * share) * wave
    state[PHASE] = phase


@compiled
def _breathe(out: F32, at: int, first: int, last: int, onset: int, stop: int, call: F32, key: int, state: F64):
    """Noise in a band around the pitch, half as wide as the pitch is high, a little rough."""
    x1, x2, p1, p2 = state[FILTERS], state[FILTERS + 1], state[FILTERS + 2], state[FILTERS + 3]
    q1, q2, y1, y2 = state[FILTERS + 4], state[FILTERS + 5], state[FILTERS + 6], state[FILTERS + 7]
    knot = first - first % KNOT
    pace, loud = _knot(call, key, knot, onset, stop, 0.12, 0.5, 0.4, _TURN)
    next_pace, next_loud = _knot(call, key, knot + KNOT, onset, stop, 0.12, 0.5, 0.4, _TURN)
    a, b, g = resonance(min(pace * RATE, 7600.0), _BAND * pace * RATE)
    for n in range(first, last):
        if n == knot + KNOT:
            knot, pace, loud = n, next_pace, next_loud
            next_pace, next_loud = _knot(call, key, n + KNOT, onset, stop, 0.12, 0.5, 0.4, _TURN)
            a, b, g = resonance(min(pace * RATE, 7600.0), _BAND * pace * RATE)
        x = 0.0
        if loud > 0.0 or next_loud > 0.0:
            x = (loud + (next_loud - loud) * (n - knot) / KNOT) * white(key, n)
        p = a * p1 + (b * p2 + g * (x - x2))
        q = a * q1 + (b * q2 + g * (p - y2))
        x2, x1, p2, p1, q2, q1, y2, y1 = x1, x, p1, p, q1, q, y1, p
        # Two equal resonators of width w keep pi w / (2 rate) of the power of white noise, within 10 %: measured.
        out[at + n - first] += call[PRESSURE] / math.sqrt(0.5 * math.pi * _BAND * pace) * q
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
    else:
        _vibrate(out, at, begin, end, onset, stop, call, key, state, kind == WHISTLE)

"""Who calls when: a schedule of calls that depends on what can be seen, the seed, the animal's identity and the time.

Every tick of a tenth of a second each silent animal may begin a call. The chance is such that the mean time from call
to call is the interval of the catalog over the animal's eagerness. Whoever listens, and from wherever, hears the same.
"""

import math

from eco1.sensors.microphone.behaviors import BehaviorTable
from eco1.sensors.microphone.compiled import F32, I64, compiled, entry, inlined
from eco1.sensors.microphone.rows import Rows
from eco1.sensors.microphone.species import CLICKS, CREPUSCULAR, DIURNAL, HARMONIC, HUM, MUTE, NOCTURNAL, SpeciesTable
from eco1.sensors.microphone.waves import RATE, cosine, octaves, stream, uniform

#: Samples between two moments at which calls may begin.
TICK = 1600
#: Calls of one animal that may be on their way at once: a call is remembered until the farthest listener has heard it.
CALLS = 6
#: The time, in samples, of what has never been.
NEVER = -(1 << 60)
#: What a call is, in the last axis of ``calls``; times in samples, ``GAIN`` such that PRESSURE is the rms pressure.
PITCH, LOG_GLIDE, SYLLABLES, LENGTH, PRESSURE, GAIN, FORMANT, RATIO, PARTIALS = range(9)
CALL_FIELDS = 9

#: Partials end here, so that none folds back at half the sampling rate.
HIGHEST_HZ = 7500.0
#: Formants: relative gains, and width over frequency; ``PLAIN`` is the share that passes unshaped. Judged by eye.
FORMANT_GAINS = (1.0, 0.6, 0.35)
FORMANT_WIDTH = 0.3
PLAIN = 0.6

_FADING = 0.7  # from one partial to the next; by ear
_WEAKER = 0.8  # no partial is stronger than this share of the first
_CALL_SPREAD = 0.02  # standard deviation of the pitch from call to call, in log units; estimate
# Pitch goes with mass^-0.4 in Fletcher (2004), DOI 10.1121/1.1694997, so with length^-1.2; taken between species, here
# used within one: a calf calls higher than its mother. Estimate.
_PITCH_OF_LENGTH = -1.2
_FASTEST_GAP_S = 0.15
_VOICE, _CALL = 11, 12  # purposes of random numbers


@inlined
def _activity(pattern: int, daylight: float):
    """Return how awake a species is now, 0.1 to 1: estimate, as the catalog's patterns are defined."""
    if pattern == DIURNAL:
        return 0.1 + 0.9 * daylight
    if pattern == NOCTURNAL:
        return 1.0 - 0.9 * daylight
    if pattern == CREPUSCULAR:
        return 0.3 + 2.8 * daylight * (1.0 - daylight)
    return 1.0


@inlined
def _normal(key: int, number: int):
    """Return a standard normal number: Box & Muller (1958), DOI 10.1214/aoms/1177706645."""
    radius = math.sqrt(-2.0 * math.log(1.0 - uniform(key, 2 * number)))
    return radius * cosine(uniform(key, 2 * number + 1))


@compiled
def _formant_gain(frequency_hz: float, formant_hz: float):
    """Return by how much the vocal tract, as ``voice_kernels`` renders it, passes a frequency."""
    real, imaginary = PLAIN, 0.0
    for j in range(len(FORMANT_GAINS)):
        centre = (2 * j + 1) * formant_hz
        if centre < HIGHEST_HZ:
            detune = (frequency_hz / centre - centre / frequency_hz) / FORMANT_WIDTH
            passed = FORMANT_GAINS[j] / (1.0 + detune * detune)
            real, imaginary = real + passed, imaginary - passed * detune
    return math.sqrt(real * real + imaginary * imaginary)


@compiled
def _shape(call: F32, kind: int):
    """Fill in how many partials a call has, how they fade, and the gain that gives it its pressure.

    Partials fade so fast that the first stays the strongest whatever the formants do: the catalog's pitch is the one
    that is heard.
    """
    pitch = float(call[PITCH])
    highest = pitch * 1.1 * octaves(0.5 * abs(call[LOG_GLIDE]))
    partials = max(1.0, math.floor(HIGHEST_HZ / highest))
    first = _formant_gain(pitch, float(call[FORMANT])) if kind == HARMONIC else 1.0
    ratio = _FADING
    for k in range(1, int(min(partials, 12.0))):
        if kind == HARMONIC:
            through = _formant_gain((k + 1) * pitch, float(call[FORMANT]))
            ratio = min(ratio, (_WEAKER * first / through) ** (1.0 / k))
    power, loudness = 0.0, 1.0
    for k in range(int(min(partials, 40.0))):
        through = _formant_gain((k + 1) * pitch, float(call[FORMANT])) if kind == HARMONIC else 1.0
        power += 0.5 * (loudness * through) ** 2
        loudness *= ratio
    call[RATIO], call[PARTIALS], call[GAIN] = ratio, partials, 1.0 / math.sqrt(power)


@compiled
def _begin(call: F32, t: SpeciesTable, s: int, own: int, key: int, ratio: float, louder: float, sound_mps: float):
    """Fill in one call: what the species does, as this animal does it, as it comes out this time."""
    size = ratio**_PITCH_OF_LENGTH
    accent = math.exp(t.own_pitch[s] * _normal(own, 0) + _CALL_SPREAD * _normal(key, 0))
    call[PITCH] = t.pitch_hz[s] * size * accent
    if t.kind[s] == HARMONIC:
        call[PITCH] = min(call[PITCH], 0.9 * HIGHEST_HZ)
    call[LOG_GLIDE] = math.log2(t.glide[s]) * (0.8 + 0.4 * uniform(key, 2))
    usual = t.syllables[s]
    call[SYLLABLES] = max(1.0, math.floor(usual * (0.75 + 0.5 * uniform(key, 3)) + 0.5))
    call[LENGTH] = RATE * t.duration_s[s] * call[SYLLABLES] / max(1.0, usual) * (0.9 + 0.2 * uniform(key, 4))
    call[PRESSURE] = t.pressure_pa[s] * louder * 10 ** ((4.0 * uniform(key, 5) - 2.0) / 20)
    call[FORMANT] = sound_mps / (4.0 * t.tract_m[s] * ratio)
    _shape(call, t.kind[s])


@compiled
def _hush(onset: I64, stop: I64, i: int, now: int):
    """Break off whatever row i is uttering; what has not begun yet is forgotten."""
    for k in range(CALLS):
        stop[i, k] = min(stop[i, k], max(now, onset[i, k]))
        if onset[i, k] >= now:
            onset[i, k] = stop[i, k] = NEVER


@entry
def schedule(
    onset: I64, stop: I64, calls: F32, t: SpeciesTable, b: BehaviorTable, r: Rows, seed: int, tick: int,
    daylight: float, sound_mps: float,
):  # fmt: skip
    """Let animals begin and break off calls at one tick."""
    now = tick * TICK
    for i in range(len(r.identity)):
        s: int = r.species[i]
        doing: int = r.behavior[i]
        if t.kind[s] == MUTE:
            continue
        eager = b.eagerness[doing] * _activity(t.pattern[s], daylight)
        if t.kind[s] == HUM:
            eager = 1.0 if r.speed[i] > 0.3 else 0.0  # wings hum whatever they are used for
        if r.alive[i] == 0 or eager <= 0.0:
            _hush(onset, stop, i, now)
            continue
        latest = 0
        for k in range(CALLS):
            if stop[i, k] > stop[i, latest]:
                latest = k
        gap = max(t.interval_s[s] / eager - t.duration_s[s], _FASTEST_GAP_S + 0.3 * t.duration_s[s])
        own = stream(seed, _VOICE, r.identity[i])
        key = stream(own, _CALL, tick)
        if stop[i, latest] > now or uniform(key, 0) >= 1.0 - math.exp(-TICK / RATE / gap):
            continue
        slot = 0
        for k in range(CALLS):
            if stop[i, k] < stop[i, slot]:
                slot = k
        onset[i, slot] = now + int(uniform(key, 1) * TICK)
        _begin(calls[i, slot], t, s, own, key, r.size[i], b.louder[doing], sound_mps)
        stop[i, slot] = onset[i, slot] + int(calls[i, slot, LENGTH])
        if t.kind[s] == CLICKS:  # the last click rings on
            stop[i, slot] += TICK // 4

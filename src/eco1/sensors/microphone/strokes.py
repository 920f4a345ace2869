"""Sounds of bodies in motion: steps, wing beats, strokes in water, bites, laps, breath and the clicks of a dolphin.

All are rows of short strokes. A stroke is a burst of noise in a band together with a dying tone: the swish and the
thump of a step, the tearing of flesh and the crack of a bone.
"""

import math

from eco1.sensors.bodies.gait import froude, stride_frequency_hz
from eco1.sensors.microphone import behaviors as deed
from eco1.sensors.microphone.compiled import F32, F64, compiled, inlined
from eco1.sensors.microphone.species import (
    AIR_REFERENCE_PA,
    HOOVES,
    NO_FEET,
    TWO_FEET,
    WATER_REFERENCE_PA,
    SpeciesTable,
)
from eco1.sensors.microphone.waves import RATE, resonance, stream, uniform, white

#: What the strokes of a row are like: how many a second (0: none), how much their distances vary (0 to 1), whether they
#: come as the hooves of a gallop do; of noise and tone the rms pressure at 1 m, the frequency, the rise and the decay.
#: Where distances vary by more than half, tones vary in strength as well, up to rare cracks.
PER_SECOND, UNEVEN, GALLOP, NOISE_PA, NOISE_HZ, NOISE_RISE_S, NOISE_DECAY_S, TONE_PA, TONE_HZ, TONE_DECAY_S = range(10)
STROKE_FIELDS = 10
#: What is remembered from sample to sample: samples until the next stroke, strokes so far, how strongly the burst of
#: noise is driven and how strong it is, and six samples of the filters.
WAIT, COUNT, DRIVE, BURST, FILTERS = range(5)
STROKE_STATE = 10

#: What lies under the feet.
GRASS, SNOW, STREET = range(3)

_GALLOP_FROUDE = 2.5  # Alexander & Jayes (1983), DOI 10.1111/j.1469-7998.1983.tb04266.x
_SLOWEST_MPS = 0.05
_FLYING_MPS = 2.0  # a bird this fast is on the wing, as far as anyone can hear
_CHEWING_POWER = -0.128  # bites a second over body mass: Druzinsky (1993), PMID 8501916
_LAPPING_POWER = -1 / 6  # laps a second over body mass: Reis et al. (2010), DOI 10.1126/science.1195421


@inlined
def _pa(level_db: float):
    return AIR_REFERENCE_PA * 10.0 ** (level_db / 20.0)


@compiled
def _set(
    o: F32, per_second: float, uneven: float, noise_db: float, noise_hz: float, rise_s: float, decay_s: float,
    tone_db: float, tone_hz: float, tone_decay_s: float,
):  # fmt: skip
    o[PER_SECOND], o[UNEVEN], o[GALLOP] = per_second, uneven, 0.0
    o[NOISE_PA], o[NOISE_HZ], o[NOISE_RISE_S], o[NOISE_DECAY_S] = _pa(noise_db), noise_hz, rise_s, decay_s
    o[TONE_PA], o[TONE_HZ], o[TONE_DECAY_S] = _pa(tone_db), tone_hz, tone_decay_s


@compiled
def _steps(o: F32, t: SpeciesTable, s: int, mass: float, hip: float, speed: float, ground: int):
    """Footfalls. Levels are estimates around 42 dB for a person who walks on grass; they go with mass and speed."""
    strides = stride_frequency_hz(speed, hip)
    feet = 2.0 if t.feet[s] == TWO_FEET else 4.0
    level = 42.0 + 10.0 * math.log10(mass / 70.0) + 12.0 * math.log10(max(speed, 0.3) / 1.4)
    level -= 0.0 if t.feet[s] == HOOVES else 6.0 if t.feet[s] != TWO_FEET else 2.0
    thump = 110.0 * (mass / 70.0) ** (-1 / 6)
    if ground == SNOW:
        _set(o, strides * feet, 0.1, level + 5.0, 1300.0, 0.02, 0.09, level - 4.0, thump, 0.02)
    elif ground == STREET:
        hard = 5.0 if t.feet[s] != HOOVES else 10.0
        _set(o, strides * feet, 0.08, level + hard, 2200.0, 0.0005, 0.012, level + 2.0, 2.0 * thump, 0.02)
    else:
        _set(o, strides * feet, 0.12, level - 3.0, 2600.0, 0.008, 0.05, level, thump, 0.03)
    o[GALLOP] = 1.0 if froude(speed, hip) > _GALLOP_FROUDE and feet > 2.0 else 0.0


@compiled
def _under_water(o: F32, t: SpeciesTable, s: int, what: int, chasing: bool):
    """Under water little is heard of bodies but echo clicks and breath; what a microphone for air keeps of a dolphin's
    clicks is their low end, put at 140 dB re 1 uPa: estimate, some 70 dB below their peak near 100 kHz."""
    if t.clicks_for_echoes[s] and what == deed.SEEKS:
        _set(o, 60.0 if chasing else 25.0, 0.1, 0.0, 6500.0, 0.0, 0.0002, -99.0, 500.0, 0.001)
        o[NOISE_PA] = WATER_REFERENCE_PA * 10.0 ** (140.0 / 20.0)
    elif what == deed.BLOWS:
        _set(o, 0.35, 0.3, 0.0, 900.0, 0.05, 0.25, 0.0, 300.0, 0.05)
        o[NOISE_PA], o[TONE_PA] = (
            WATER_REFERENCE_PA * 10.0 ** (118.0 / 20.0),
            WATER_REFERENCE_PA * 10.0 ** (110.0 / 20.0),
        )


@compiled
def strokes_of(
    o: F32, t: SpeciesTable, s: int, what: int, speed: float, size: float, ground: int, sea: bool, wet: bool
):
    """Fill in what the body of one animal sounds like now.

    Args:
        o: the strokes, (STROKE_FIELDS,).
        t: the species.
        s: which of them.
        what: what it does beside moving, see ``behaviors``.
        speed: m/s.
        size: its length over that of an adult.
        ground: GRASS, SNOW or STREET.
        sea: whether all of the world is under water.
        wet: whether it is at the surface of water in a world of air.
    """
    o[:] = 0.0
    mass = t.mass_kg[s] * size**3
    if sea:
        _under_water(o, t, s, what, speed > 2.0 * t.length_m[s])
    elif what == deed.CROPS:
        bites = 1.2 * (mass / 100.0) ** _CHEWING_POWER
        _set(o, bites, 0.25, 36.0 + 8.0 * math.log10(mass / 100.0), 3000.0, 0.03, 0.05, 10.0, 300.0, 0.01)
    elif what == deed.TEARS and t.feet[s] != NO_FEET:
        bites = 1.3 * (mass / 100.0) ** _CHEWING_POWER
        level = 42.0 + 6.0 * math.log10(mass / 100.0)
        crack = level + (10.0 if t.cracks_bones[s] else 2.0)
        _set(o, bites, 0.6, level, 1400.0, 0.04, 0.07, crack, 1900.0, 0.004)
    elif what == deed.LAPS:
        # 3.5 laps a second for a cat of 4 kg: Reis et al. (2010)
        _set(o, 3.5 * (mass / 4.0) ** _LAPPING_POWER, 0.15, 34.0, 1500.0, 0.004, 0.015, 38.0, 900.0, 0.008)
    elif what == deed.PICKS:
        level = 32.0 + 5.0 * math.log10(mass)
        _set(o, 0.8, 0.5, level, 2200.0, 0.01, 0.04, level, 1300.0, 0.004)
    elif what == deed.BLOWS:
        _set(o, 0.3, 0.2, 46.0 + 5.0 * math.log10(mass / 70.0), 1100.0, 0.06, 0.3, -20.0, 300.0, 0.01)
    elif t.wings[s] > 0.0 and speed > _FLYING_MPS:
        if what != deed.GLIDES:
            # 4 beats a second at 1 kg, falling with the length of the wing: estimate through pigeon, crow and vulture
            beats = 4.0 * mass ** (-1 / 3)
            level = 48.0 + 10.0 * math.log10(mass) + 20.0 * math.log10(t.wings[s])
            _set(o, beats, 0.06, level, 700.0 * mass**-0.25, 0.15 / beats, 0.18 / beats, -20.0, 200.0, 0.01)
    elif speed < _SLOWEST_MPS:
        return
    elif wet:
        level = 48.0 + 6.0 * math.log10(mass / 30.0)
        _set(o, 1.3, 0.25, level, 1200.0, 0.05, 0.12, level - 4.0, 450.0, 0.012)
    elif what == deed.RUSTLES:
        _set(o, 1.2, 0.5, 38.0 + 6.0 * math.log10(mass / 5.0), 3600.0, 0.06, 0.12, 10.0, 300.0, 0.01)
    elif t.feet[s] != NO_FEET:
        _steps(o, t, s, mass, t.height_m[s] * size, speed, ground)


@inlined
def _wait(o: F32, key: int, count: int):
    """Return the samples to the next stroke; hooves of a gallop fall in fours, with a pause when all are in the air."""
    share = 1.0 + o[UNEVEN] * (2.0 * uniform(key, 3 * count) - 1.0)
    if o[GALLOP] > 0.0:
        place = count % 4  # the four times of 0, 0.12, 0.55 and 0.70 of a stride, by eye
        share *= 4.0 * (0.12 if place == 0 else 0.43 if place == 1 else 0.15 if place == 2 else 0.30)
    return RATE / o[PER_SECOND] * share


@compiled
def stroke(out: F32, at: int, first: int, last: int, o: F32, identity: int, state: F64):
    """Add the samples ``first`` to ``last`` of a body's strokes, in its own time, to ``out`` from place ``at`` on."""
    key = stream(identity, 77, 0)
    wait, count = state[WAIT], int(state[COUNT])
    drive, burst = state[DRIVE], state[BURST]
    x1, x2, y1, y2, z1, z2 = state[4], state[5], state[6], state[7], state[8], state[9]
    wait = min(wait, 2.0 * RATE / o[PER_SECOND])
    fade = math.exp(-1.0 / (o[NOISE_DECAY_S] * RATE))
    rise = 1.0 - math.exp(-1.0 / (o[NOISE_RISE_S] * RATE + 0.3))
    a, b, g = resonance(o[NOISE_HZ], 0.8 * o[NOISE_HZ])
    c, d, _ = resonance(o[TONE_HZ], 1.0 / (math.pi * o[TONE_DECAY_S]))
    # Noise keeps about half of its power times pi width over rate: so that the burst has the rms pressure asked for.
    loud = o[NOISE_PA] / math.sqrt(0.5 * math.pi * 0.8 * o[NOISE_HZ] / RATE)
    knock = math.sqrt(2.0) * o[TONE_PA] * math.sin(2.0 * math.pi * o[TONE_HZ] / RATE)
    silence = 1e-3 * max(o[NOISE_PA], o[TONE_PA])
    n = first - 1
    while n + 1 < last:
        n += 1
        if wait > 2.0 and drive < 1e-3 and burst < 1e-3 and max(max(abs(y1), abs(y2)), max(abs(z1), abs(z2))) < silence:
            # All has died away: go straight to the next stroke.
            drive = burst = x1 = x2 = y1 = y2 = z1 = z2 = 0.0
            leap = min(int(wait) - 1, last - n)
            wait -= leap
            n += leap - 1
            continue
        wait -= 1.0
        hit = 0.0
        if wait <= 0.0:
            strength = 0.7 + 0.3 * uniform(key, 3 * count + 1)
            drive = strength
            hit = knock * strength
            if o[UNEVEN] > 0.5:
                hit *= 3.0 * uniform(key, 3 * count + 2) ** 4
            wait += _wait(o, key, count)
            count += 1
        drive *= fade
        burst += rise * (drive - burst)
        x = loud * burst * white(key, n) if burst > 1e-4 else 0.0
        y = a * y1 + (b * y2 + g * (x - x2))
        z = c * z1 + (d * z2 + hit)
        x2, x1, y2, y1, z2, z1 = x1, x, y1, y, z1, z
        out[at + n - first] += y + z
    state[WAIT], state[COUNT], state[DRIVE], state[BURST] = wait, count, drive, burst
    state[4], state[5], state[6], state[7], state[8], state[9] = x1, x2, y1, y2, z1, z2

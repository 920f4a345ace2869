"""How often bodies beat: wings from mass, tails from speed. One cycle is a stride, a tail beat or a wing beat."""

import math
from typing import Any

from eco1.sensors.bodies.gait import stride_frequency_hz
from eco1.sensors.bodies.rigs import FLIPPERS, JET, WINGS
from eco1.sensors.compiled import compiled

#: Beats per second of insects' wings, by body plan. The bee: Altshuler et al. (2005), PNAS 102:18213-18218; the
#: butterfly: estimate, a few beats per second are usual in large butterflies.
INSECT_WING_BEAT_HZ = {"bee": 230.0, "butterfly": 8.0}

GOLDEN = 0.6180339887498949  # the golden ratio less 1: its multiples fill [0, 1) evenly
_BAINBRIDGE_FROM_HZ = 5.0
_SLOW_LENGTHS_PER_BEAT = 0.55  # what Bainbridge's formula gives at 5 beats per second
_TURTLE_LENGTHS_PER_STROKE, _MANTA_LENGTHS_PER_BEAT, _JET_LENGTHS_PER_PULSE = 0.9, 1.2, 2.0  # by eye
_CRAWL_LENGTHS_PER_WAVE = 0.5  # a snake follows its own track, about two waves long: by eye
_ARMS_PER_SWING = 4.0  # two grips, each two arms' length apart: by eye
_HOVER_HZ = 0.3  # fins of a body that keeps its place: by eye
_SPREAD = 0.1  # animals of a kind do not beat in time


def wing_beat_hz(mass_kg: float) -> float:
    """Return how often per second a bird beats its wings: 3.98 m^-0.27.

    Regression over birds other than hummingbirds in Norberg (1990), "Vertebrate Flight", as a later review quotes it.
    Pennycuick (1996), J. Exp. Biol. 199:1613-1618, asks for the span and area of the wings, which the catalog lacks.
    """
    return 3.98 * mass_kg**-0.27


@compiled
def tail_beat_hz(speed_mps: float, length_m: float) -> float:
    """Return tail beats per second of a swimming body.

    V = L (3 f - 4) / 4 from 5 beats per second on: Bainbridge (1958), J. Exp. Biol. 35:109-133. Below, the way covered
    per beat stays what it is there; the formula would make a resting fish beat its tail.
    """
    lengths_per_s = speed_mps / length_m
    if lengths_per_s <= _SLOW_LENGTHS_PER_BEAT * _BAINBRIDGE_FROM_HZ:
        return lengths_per_s / _SLOW_LENGTHS_PER_BEAT
    return (4.0 * lengths_per_s + 4.0) / 3.0


@compiled
def swimming_hz(style: int, speed_mps: float, length_m: float) -> float:
    """Return tail beats, strokes or jets per second of a body under water."""
    if style == FLIPPERS:
        beats = speed_mps / (_TURTLE_LENGTHS_PER_STROKE * length_m)
    elif style == WINGS:
        beats = speed_mps / (_MANTA_LENGTHS_PER_BEAT * length_m)
    elif style == JET:
        beats = _HOVER_HZ + speed_mps / (_JET_LENGTHS_PER_PULSE * length_m)
    else:
        beats = tail_beat_hz(speed_mps, length_m)
    return max(beats, _HOVER_HZ)


@compiled
def cycles_hz(rig: Any, seen: Any, airborne: bool, swinging: bool) -> float:
    """Return how many strides, tail beats or wing beats an animal makes per second, 0 when it is dead or at rest.

    Args:
        rig: row of ``rigs.RIG``.
        seen: row of ``seen.SEEN``.
        airborne: whether its wings carry it.
        swinging: whether it goes hand over hand.
    """
    if seen.dead:
        return 0.0
    speed = going_mps(rig, seen)
    if seen.in_water:
        return swimming_hz(rig.swims, speed, seen.length_m)
    if airborne:
        return rig.wing_beat_hz * (1.0 + _SPREAD * (fraction(seen.identity) - 0.5))
    if swinging:
        return speed / (_ARMS_PER_SWING * (rig.upper_m[0] + rig.lower_m[0]) * seen.scale)
    if rig.has_legs:
        return stride_frequency_hz(speed, rig.hip_m * seen.scale)
    return speed / (_CRAWL_LENGTHS_PER_WAVE * seen.length_m)


@compiled
def going_mps(rig: Any, seen: Any) -> float:
    """Return how fast a body goes by its own limbs: along the ground, or up and down too when it swims or climbs."""
    if seen.in_water or (rig.climbs and seen.lifted):
        return math.sqrt(seen.speed_mps * seen.speed_mps + seen.climb_mps * seen.climb_mps)
    return seen.speed_mps


@compiled
def fraction(identity: int) -> float:
    """Return a number in [0, 1) for each animal, the same all its life (golden-ratio sequence)."""
    return (identity * GOLDEN) % 1.0

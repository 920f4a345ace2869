"""Predation and scavenging: whether a strike kills, and what becomes of the carcass."""

import math

from eco1.sim.compiled import compiled, inlined
from eco1.sim.laws import energy

_LUNGE_S = 0.08  # at top speed, what a strike reaches beyond the body; with the least of it estimates
_LEAST_LUNGE_M = 0.3
_HELPS_S = 0.8  # at top speed, from how far companions at the prey count
STRIKE_EVERY_S = 1.2
_STRIKES_PER_HUNT = 1.6  # about how many strikes one chase comes to; estimate from runs of this simulator
# Insects and small scavengers empty a carcass of a gazelle in about six compressed hours, a mouse in one: estimates.
_ROT_S, _ROT_KG = 150.0, 20.0
BONES_SHARE = 0.04
_MEAL = 0.5  # of a full gut, for which an animal goes as far as it smells: estimate


@inlined
def contact_m(top: float, length: float, prey_length: float):
    """Return how near, middle to middle, a hunter must be to strike, m."""
    return max(_LEAST_LUNGE_M, _LUNGE_S * top) + 0.5 * (length + prey_length)


@inlined
def helps_within_m(top: float):
    """Return from how far a companion helps to bring prey down, m."""
    return _HELPS_S * top


@compiled
def strike_kills(success: float, prey_growth: float, hunters: int, mass_ratio: float, chance: float):
    """Return whether one strike brings the prey down.

    The chance per strike gives the species' share of successful hunts over a whole chase; the young are easier,
    prey much heavier than the hunter harder, and every companion at the prey helps (Fanshawe & FitzGibbon 1993, Animal
    Behaviour 45: 479-490, for wild dogs). The factors are estimates.
    """
    single = 1 - math.pow(1 - min(0.95, success), 1 / _STRIKES_PER_HUNT)
    odds = single * (1.6 - 0.6 * prey_growth) * (1 + 0.25 * min(4, hunters - 1)) / (1 + 0.12 * mass_ratio)
    return chance < min(0.9, odds * 1.5)


@inlined
def interest(meat: float, power: float, physiology: float):
    """Return the share of the way to a carcass it is worth going for ``meat`` kg: little for a small bite."""
    return min(1.0, meat * energy.MEAT_J_PER_KG / (_MEAL * energy.gut_capacity(power, True, physiology)))


@inlined
def rot(meat: float, whole: float, mass: float, dt: float):
    """Return the meat left after one step: a carcass vanishes at a constant rate, small bodies sooner."""
    return max(0.0, meat - whole * dt / (_ROT_S * min(1.0, math.pow(mass / _ROT_KG, 0.25))))

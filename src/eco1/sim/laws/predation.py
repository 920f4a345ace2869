"""Predation and scavenging: whether a strike kills, and what becomes of the carcass."""

import math

from eco1.sim.compiled import compiled, inlined

#: Bodies must be this near for a strike to touch, m plus half of both body lengths.
CONTACT_M = 1.5
STRIKE_EVERY_S = 1.2
_STRIKES_PER_HUNT = 1.6  # about how many strikes one chase comes to; estimate from runs of this simulator
_ROT_S = 150.0  # insects and small scavengers empty a carcass in about six compressed hours: estimate
BONES_SHARE = 0.04


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
def rot(meat: float, whole: float, dt: float):
    """Return the meat left after one step: a carcass vanishes at a constant rate."""
    return max(0.0, meat - whole * dt / _ROT_S)

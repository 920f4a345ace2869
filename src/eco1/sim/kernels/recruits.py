"""Recruiting: food that one has found and others are led to.

Bees dance and ants lay scent at home (von Frisch 1967, The Dance Language and Orientation of Bees; Hoelldobler & Wilson
1990, The Ants, chapter 7); others call where they have found something.
"""

from eco1.catalog.records import GROUPINGS
from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.kernels.meals import takes
from eco1.sim.kernels.places import distance_to

_COLONY = GROUPINGS.index("colony")
_ARRIVED_M = 1.0
_NOTICED_M = 3.0  # at home; callers are heard as far as companions keep in touch
_LEAST_HUNGER = 0.05


@inlined
def is_colonial(t: F32, s: int):
    """Return whether a species carries food home and recruits there."""
    return t[s, trait.RECRUITS] == 1 and t[s, trait.GROUPING] == _COLONY


@inlined
def after_meal(f: F32, k: I32, t: F32, i: int, chosen: int):
    """Return what follows a meal at a patch: its finder carries some home, or calls the others; else ``chosen``."""
    s = k[col.SPECIES, i]
    if t[s, trait.RECRUITS] == 0 or k[col.MEAL, i] == trait.GRASS or k[col.MEAL, i] == trait.INSECTS:
        return chosen
    f[col.KNOWN_X, i], f[col.KNOWN_Y, i] = f[col.X, i], f[col.Y, i]
    if is_colonial(t, s):
        return b.CARRY
    return b.RECRUIT if k[col.IDENTITY, i] % 3 == 0 else chosen


@inlined
def after_errand(f: F32, k: I32, t: F32, i: int, choose: int):
    """Return what follows carrying, recruiting and following a trail, or the same."""
    now, over, s = k[col.BEHAVIOR, i], f[col.CLOCK, i] >= f[col.BOUT, i], k[col.SPECIES, i]
    there = distance_to(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i]) < _ARRIVED_M + t[s, trait.LENGTH]
    if now == b.CARRY:
        if there:
            return b.RECRUIT
        return choose if over else now
    if now == b.RECRUIT:
        if not over:
            return now
        return b.FOLLOW_TRAIL if is_colonial(t, s) and f[col.DRIVES + b.HUNGER, i] > _LEAST_HUNGER else choose
    if there:
        return takes(k, i)
    return choose if over else now


@inlined
def is_recruited(f: F32, k: I32, t: F32, i: int):
    """Return whether the nearest of its kind shows it food; it then knows where."""
    s, other = k[col.SPECIES, i], k[col.KIN_ROW, i]
    if t[s, trait.RECRUITS] == 0 or other < 0 or k[col.BEHAVIOR, other] != b.RECRUIT:
        return False
    if f[col.DRIVES + b.HUNGER, i] < _LEAST_HUNGER or k[col.BEHAVIOR, i] == b.CARRY:
        return False
    near = _NOTICED_M + 4.0 * t[s, trait.LENGTH] if is_colonial(t, s) else t[s, trait.ATTRACT_RANGE]
    if f[col.KIN_D2, i] > near * near:
        return False
    f[col.KNOWN_X, i], f[col.KNOWN_Y, i] = f[col.SHOWN_X, other], f[col.SHOWN_Y, other]
    k[col.MEAL, i] = k[col.SHOWN_MEAL, other]
    return True


@inlined
def show(f: F32, k: I32, i: int):
    """Let others see in the next step where it has found what, as it may learn better while they look."""
    f[col.SHOWN_X, i], f[col.SHOWN_Y, i] = f[col.KNOWN_X, i], f[col.KNOWN_Y, i]
    k[col.SHOWN_MEAL, i] = k[col.MEAL, i]

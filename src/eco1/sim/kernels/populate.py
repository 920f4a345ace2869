"""Populating: the first animals of a world, in groups, prey apart from their hunters."""

import math

from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import compiled
from eco1.sim.fields import F32, I32, I64, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.lives import full_store, mass_at, power_of, settle
from eco1.sim.kernels.media import is_home
from eco1.sim.kernels.places import at, keep_inside
from eco1.sim.kernels.recruits import is_colonial
from eco1.sim.laws import energy

_TRIES = 24
_APART_M = 140.0
_BY_FOOD_M = 3.0  # from a tree, where ants that walk there have their nest: estimate


@compiled
def _is_free(f: F32, k: I32, t: F32, g: Ground, c: Conditions, placed: int, s: int, x: float, y: float, apart: float):
    if not is_home(t, g, c, s, x, y):
        return False
    for j in range(placed):
        o = k[col.SPECIES, j]
        if t[s, trait.RELATION + o] == trait.THREAT or t[o, trait.RELATION + s] == trait.THREAT:
            dx, dy = f[col.X, j] - x, f[col.Y, j] - y
            if dx * dx + dy * dy < apart * apart:
                return False
    return True


@compiled
def _place_of_group(f: F32, k: I32, t: F32, g: Ground, c: Conditions, placed: int, s: int):
    """Return a dry point, if possible far from what it fears; small den animals begin at a den, ants by a tree."""
    x, y = 0.5 * g.size, 0.5 * g.size
    for attempt in range(_TRIES):
        u0, u1, _, _ = draws.draw_at(k, c, attempt, placed, draws.PLACE)
        x, y = (0.08 + 0.84 * u0) * g.size, (0.08 + 0.84 * u1) * g.size
        if is_colonial(t, s) and t[s, trait.LIFT] != trait.AIR:
            x, y = at(g, layer.TREE_X, x, y) + _BY_FOOD_M, at(g, layer.TREE_Y, x, y)
        elif t[s, trait.DENS] == 1 and t[s, trait.LIFT] != trait.AIR and t[s, trait.LEVEL] < 2.0:
            x, y = at(g, layer.DEN_X, x, y), at(g, layer.DEN_Y, x, y)
        if _is_free(f, k, t, g, c, placed, s, x, y, _APART_M * (1 - attempt / _TRIES)):
            break
    return x, y


@compiled
def _first_life(f: F32, k: I32, t: F32, c: Conditions, i: int, first: int):
    """Give an animal of the first generation its age, energy and needs; those of one group are alike."""
    s = k[col.SPECIES, i]
    u0, u1, u2, u3 = draws.draw_at(k, c, 0, i, draws.NEEDS)
    v0, v1, v2, _ = draws.draw_at(k, c, 0, first, draws.GROUP_NEEDS)
    f[col.LIFESPAN, i] = t[s, trait.LIFESPAN]
    f[col.AGE, i] = (0.04 + 0.7 * u0) * t[s, trait.LIFESPAN]
    f[col.MASS, i] = mass_at(t, s, f[col.AGE, i])
    f[col.POWER, i] = power_of(f, k, t, c, i)
    gut = energy.gut_capacity(f[col.POWER, i], int(t[s, trait.FOOD]) & (trait.FLESH | trait.CARRION) != 0, c.physiology)
    f[col.ENERGY, i] = full_store(t, s, f[col.POWER, i], c.physiology) - gut * (0.75 * v0 + 0.15 * u1)
    f[col.DRIVES + b.HUNGER, i] = 0.75 * v0 + 0.15 * u1
    f[col.DRIVES + b.THIRST, i] = (
        0.0 if t[s, trait.LIFT] == trait.WATER or t[s, trait.PERSON] == 1 else 0.6 * v1 + 0.1 * u2
    )
    f[col.DRIVES + b.FATIGUE, i] = 0.5 * v2 + 0.1 * u3
    f[col.DRIVES + b.CURIOSITY, i] = 0.5 * u2
    f[col.DRIVES + b.REPRODUCTIVE, i] = 0.6 * u1
    if k[col.FEMALE, i] == 1 and f[col.AGE, i] >= t[s, trait.MATURITY] and t[s, trait.LITTER] > 0.0:
        into = u3 * t[s, trait.BIRTH_INTERVAL]
        if into < t[s, trait.GESTATION]:
            f[col.GESTATION, i] = t[s, trait.GESTATION] - into
        else:
            f[col.BREEDING_PAUSE, i] = max(0.0, 0.8 * t[s, trait.BIRTH_INTERVAL] - into)


@compiled
def populate(f: F32, k: I32, t: F32, census: I64, g: Ground, c: Conditions, counts: I32):
    """Fill the rows of one world with ``counts`` animals per species; the rest stays empty."""
    row = 0
    for s in range(counts.shape[0]):
        left = counts[s]
        while left > 0:
            members = min(left, max(1, int(t[s, trait.GROUP])))
            if left - members == 1 and members > 2:
                members += 1
            x, y = _place_of_group(f, k, t, g, c, row, s)
            first = row
            radius = 0.7 * t[s, trait.SPACING] * math.sqrt(members) + t[s, trait.LENGTH]
            for _ in range(members):
                u0, u1, _, _ = draws.draw_at(k, c, 0, row, draws.SPREAD)
                px = keep_inside(x + radius * math.sqrt(u0) * math.cos(2 * math.pi * u1), g)
                py = keep_inside(y + radius * math.sqrt(u0) * math.sin(2 * math.pi * u1), g)
                if not is_home(t, g, c, s, px, py):
                    px, py = x, y
                settle(f, k, t, census, g, c, row, s, px, py)
                k[col.LEADER, row], k[col.CLAN, row] = first, k[col.IDENTITY, first]
                f[col.HOME_X, row], f[col.HOME_Y, row] = x, y
                _first_life(f, k, t, c, row, first)
                row += 1
            left -= members

"""Lives: how rows become animals, carcasses and empty again. Identities are given out once."""

import math

from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, F64, I32, I64, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.media import first_height, is_home
from eco1.sim.kernels.places import keep_inside
from eco1.sim.laws import energy, reproduction

SPENT, EATEN, LOST, CREATED = range(4)  # columns of the ledger
_MILK_SHARE = 0.5  # of a full store that a newborn has: estimate
_WAIT_S = 2.0  # a birth waits this long for a free row and tries again
_WEANED = 0.6  # share of adult mass


@inlined
def full_store(t: F32, s: int, power: float, physiology: float):
    """Return the joules that an animal with a full gut and full reserves holds."""
    meat_eater = int(t[s, trait.FOOD]) & (trait.FLESH | trait.CARRION) != 0
    return energy.body_reserve(power, physiology) + energy.gut_capacity(power, meat_eater, physiology)


@inlined
def mass_at(t: F32, s: int, age: float):
    """Return about what an animal of this age weighs, kg; growing up it is held to by ``energy.grow``."""
    grown = min(1.0, age / t[s, trait.MATURITY])
    return t[s, trait.BIRTH_MASS] + (t[s, trait.MASS] - t[s, trait.BIRTH_MASS]) * math.sqrt(grown)


@inlined
def power_of(f: F32, k: I32, t: F32, c: Conditions, i: int):
    """Return the W that an animal spends at rest at its mass."""
    s = k[col.SPECIES, i]
    return energy.resting_power(f[col.MASS, i], t[s, trait.MASS], t[s, trait.ADULT_POWER], c.physiology)


@compiled
def die(f: F32, k: I32, census: I64, ledger: F64, i: int):
    """Turn an animal into a carcass; its group gets a new leader and its young are on their own."""
    rows = f.shape[1]
    k[col.STATUS, i] = col.CARCASS
    f[col.SPEED, i] = f[col.CLIMB, i] = 0.0
    f[col.MEAT, i] = energy.EDIBLE_SHARE * f[col.MASS, i]
    ledger[LOST] += f[col.ENERGY, i]
    f[col.ENERGY, i] = 0.0
    census[k[col.SPECIES, i]] -= 1
    heir = -1
    for j in range(rows):
        if k[col.STATUS, j] != col.ALIVE:
            continue
        if k[col.LEADER, j] == i:
            if heir < 0:
                heir = j
            k[col.LEADER, j] = heir
        if k[col.MOTHER, j] == i:
            k[col.MOTHER, j] = -1
        if k[col.YOUNG, j] == i:
            k[col.YOUNG, j] = -1


@compiled
def clear_row(f: F32, k: I32, i: int):
    """Empty the row of a carcass that is gone, so that nothing points at it any more."""
    k[col.STATUS, i] = col.EMPTY
    for j in range(f.shape[1]):
        if k[col.TARGET, j] == i:
            k[col.TARGET, j] = k[col.NEXT_TARGET, j] = -1


@inlined
def wean(f: F32, k: I32, t: F32, i: int):
    """Part a young animal that has grown enough from its mother."""
    mother = k[col.MOTHER, i]
    if mother >= 0 and f[col.MASS, i] > _WEANED * t[k[col.SPECIES, i], trait.MASS]:
        if k[col.YOUNG, mother] == i:
            k[col.YOUNG, mother] = -1
        k[col.MOTHER, i] = -1


@compiled
def settle(f: F32, k: I32, t: F32, census: I64, g: Ground, c: Conditions, i: int, s: int, x: float, y: float):
    """Fill an empty row with a living animal of species ``s`` at a place; the caller sets age, group and needs."""
    k[col.STATUS, i], k[col.SPECIES, i] = col.ALIVE, s
    k[col.IDENTITY, i] = census[-1]
    census[-1] += 1
    census[s] += 1
    u0, u1, u2, u3 = draws.draw(k, c, i, draws.BIRTH)
    v0, v1, v2, v3 = draws.draw(k, c, i, draws.TRAITS)
    nature = f[col.PERSONALITY : col.PERSONALITY + 4, i]
    # Sums of two uniforms: most animals are near the middle of their species.
    nature[b.BOLDNESS], nature[b.SOCIABILITY] = 0.5 * (u0 + v0), 0.5 * (u1 + v1)
    nature[b.ACTIVITY], nature[b.AGGRESSION] = 0.5 * (u2 + v2), 0.5 * (u3 + v3)
    k[col.FEMALE, i] = 1 if u0 + v3 < 1.0 else 0
    angle = 2 * math.pi * v1
    f[col.X, i], f[col.Y, i], f[col.Z, i] = x, y, first_height(t, g, s, x, y)
    f[col.HEADING_X, i], f[col.HEADING_Y, i] = math.cos(angle), math.sin(angle)
    f[col.WISH_X, i], f[col.WISH_Y, i] = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    f[col.SPEED, i] = f[col.CLIMB, i] = f[col.WISH_SPEED, i] = f[col.WISH_HEIGHT, i] = 0.0
    f[col.WANDER, i] = f[col.WANDER_GOAL, i] = 0.0
    k[col.BEHAVIOR, i] = k[col.NEXT_BEHAVIOR, i] = b.VIGILANT
    f[col.CLOCK, i], f[col.BOUT, i] = 0.0, 3.0 * v2
    f[col.GOAL_X, i], f[col.GOAL_Y, i] = x, y
    k[col.TARGET, i] = k[col.NEXT_TARGET, i] = k[col.MOTHER, i] = k[col.YOUNG, i] = -1
    k[col.PLAN, i] = -1
    k[col.INTENT, i] = b.FEAR
    f[col.STAMINA, i], f[col.GESTATION, i], f[col.BREEDING_PAUSE, i] = 1.0, -1.0, 0.0
    f[col.MEAT, i], f[col.BREATH, i], k[col.MEAL, i] = 0.0, 60.0 * u3, 0
    f[col.KNOWN_X, i], f[col.KNOWN_Y, i] = x, y
    f[col.DRIVES : col.DRIVES + 7, i] = 0.0


@compiled
def give_birth(
    f: F32, k: I32, t: F32, census: I64, ledger: F64, g: Ground, c: Conditions, i: int, share: int
):  # fmt: skip
    """Bring the litter of a mother into free rows beside her, as far as there are any."""
    s, rows = k[col.SPECIES, i], f.shape[1]
    u0, u1, _, _ = draws.draw(k, c, i, draws.LITTER)
    wanted = reproduction.litter(t[s, trait.LITTER], u0)
    born, row, free = 0, 0, 0
    for j in range(rows):
        free += k[col.STATUS, j] == col.EMPTY
    while born < wanted and row < rows and reproduction.has_room(int(census[s]), share, free - born, rows):
        if k[col.STATUS, row] == col.EMPTY:
            angle = 2 * math.pi * (u1 + born / wanted)
            x = keep_inside(f[col.X, i] + 0.6 * t[s, trait.LENGTH] * math.cos(angle), g)
            y = keep_inside(f[col.Y, i] + 0.6 * t[s, trait.LENGTH] * math.sin(angle), g)
            if not is_home(t, g, c, s, x, y):
                x, y = f[col.X, i], f[col.Y, i]
            settle(f, k, t, census, g, c, row, s, x, y)
            f[col.MASS, row] = t[s, trait.BIRTH_MASS]
            f[col.POWER, row] = power_of(f, k, t, c, row)
            f[col.ENERGY, row] = _MILK_SHARE * full_store(t, s, f[col.POWER, row], c.physiology)
            ledger[CREATED] += f[col.ENERGY, row]
            f[col.AGE, row], f[col.LIFESPAN, row] = 0.0, t[s, trait.LIFESPAN]
            k[col.LEADER, row], k[col.MOTHER, row] = k[col.LEADER, i], i
            k[col.CLAN, row] = k[col.CLAN, i]
            f[col.HOME_X, row], f[col.HOME_Y, row] = f[col.HOME_X, i], f[col.HOME_Y, i]
            k[col.YOUNG, i] = row
            born += 1
        row += 1
    f[col.GESTATION, i] = -1.0 if born > 0 else _WAIT_S
    if born > 0:
        f[col.BREEDING_PAUSE, i] = max(0.0, t[s, trait.BIRTH_INTERVAL] - t[s, trait.GESTATION])

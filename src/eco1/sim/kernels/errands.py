"""Errands: what only some species do for a while: breathe, brood, share, beg, school, den, feed or shoo animals."""

from eco1.catalog.records import GROUPINGS, WINTERS
from eco1.sim import behaviors as b
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import NO_SEA_M, Conditions, Ground
from eco1.sim.kernels.media import ceiling_at, floor_at, is_frozen
from eco1.sim.kernels.places import at, distance_to

FULL_BREATH_S = 70.0  # between two breaths on the compressed clock of bodies: estimate
_SHORT_OF_BREATH_S = 12.0
_AT_SURFACE_M = 0.5
_HOLE_REACH_M = 3.0
_BEGS_WITHIN_M, _GIVES_WITHIN_M, _SHOOS_WITHIN_M = 18.0, 6.0, 5.0
_SHARES_WITHIN_M = 20.0
_STROLL = 0.5  # worth of walking on, to a person
_SATED, _SHARING_WORTH = 0.35, 0.62
_NUISANCE_KG = 15.0  # what people drive off and do not fear
_PERSON, _BEGGAR, _NUISANCE = range(3)
_LEAN_YEAR = 0.2  # of the year, on either side of midwinter
_SCHOOL, _DENS = GROUPINGS.index("school"), WINTERS.index("dens")
_SHARING = (GROUPINGS.index("pack"), GROUPINGS.index("family"), GROUPINGS.index("pair"), GROUPINGS.index("colony"))


@inlined
def can_breathe(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return whether an animal with lungs is where there is air: at the surface, and not under whole ice."""
    x, y = f[col.X, i], f[col.Y, i]
    floor = floor_at(g, trait.WATER, x, y)
    if f[col.Z, i] < ceiling_at(g, trait.WATER, x, y, floor) - _AT_SURFACE_M:
        return False
    if g.top < NO_SEA_M or not is_frozen(g, c, x, y):
        return True
    return distance_to(f, k, i, at(g, layer.HOLE_X, x, y), at(g, layer.HOLE_Y, x, y)) < _HOLE_REACH_M


@inlined
def must_breathe(f: F32, k: I32, t: F32, i: int):
    """Return whether an animal drops what it does to come up for air."""
    return t[k[col.SPECIES, i], trait.BREATHES] == 1 and f[col.BREATH, i] < _SHORT_OF_BREATH_S


@inlined
def _is(whom: int, k: I32, t: F32, j: int):
    s = k[col.SPECIES, j]
    if whom == _PERSON or t[s, trait.PERSON] == 1:
        return whom == _PERSON and t[s, trait.PERSON] == 1
    if whom == _BEGGAR:
        return k[col.BEHAVIOR, j] == b.BEG
    return t[s, trait.BEGS] == 0 and t[s, trait.MASS] < _NUISANCE_KG


@compiled
def nearest(whom: int, f: F32, k: I32, t: F32, i: int):
    """Return (row, distance) of the nearest _PERSON, _BEGGAR or _NUISANCE, or (-1, infinite)."""
    found, best = -1, 1e9
    for j in range(f.shape[1]):
        if j != i and k[col.STATUS, j] == col.ALIVE and _is(whom, k, t, j):
            distance = distance_to(f, k, i, f[col.X, j], f[col.Y, j])
            if distance < best:
                found, best = j, distance
    return found, best


@inlined
def is_asked(f: F32, k: I32, t: F32, i: int):
    """Return whether a person that is awake has an animal begging before it."""
    now = k[col.BEHAVIOR, i]
    if t[k[col.SPECIES, i], trait.PERSON] == 0 or now == b.GIVE_FOOD or now == b.SLEEP:
        return False
    return nearest(_BEGGAR, f, k, t, i)[1] < _GIVES_WITHIN_M


@inlined
def hungry_companion(f: F32, k: I32, t: F32, i: int):
    """Return the nearest of its kind if it is hungry and near enough to be fed, else -1."""
    other = k[col.KIN_ROW, i]
    if other < 0 or k[col.STATUS, other] != col.ALIVE or f[col.KIN_D2, i] > _SHARES_WITHIN_M**2:
        return -1
    return other if f[col.DRIVES + b.HUNGER, other] > f[col.DRIVES + b.HUNGER, i] + 0.4 else -1


@inlined
def _people(f: F32, k: I32, t: F32, i: int, u: float):
    """Return (worth, behaviour) of what a person does about the animals around, unless they ask."""
    if u > 0.8 and nearest(_NUISANCE, f, k, t, i)[1] < _SHOOS_WITHIN_M:
        return 0.8, b.SHOO
    return -1.0, b.REST


@compiled
def best_errand(f: F32, k: I32, t: F32, c: Conditions, i: int, awake: float, u: float):
    """Return (worth, behaviour) of the best errand, -1 when there is none."""
    s, hunger = k[col.SPECIES, i], f[col.DRIVES + b.HUNGER, i]
    best, chosen = -1.0, b.REST
    if t[s, trait.PERSON] == 1:
        best, chosen = _people(f, k, t, i, u)
        if _STROLL * awake - (0.12 if k[col.BEHAVIOR, i] == b.MIGRATE else 0.0) > best:
            best, chosen = _STROLL * awake, b.MIGRATE
    if t[s, trait.GROUPING] == _SCHOOL and k[col.KIN, i] > 0:
        worth = 0.44 * awake - (0.12 if k[col.BEHAVIOR, i] == b.SCHOOL else 0.0)
        if worth > best:
            best, chosen = worth, b.SCHOOL
    lean = min(c.year, 1 - c.year) < _LEAN_YEAR
    if t[s, trait.WINTER] == _DENS and lean and 0.7 - 0.6 * hunger > best:
        best, chosen = 0.7 - 0.6 * hunger, b.DEN
    broods = f[col.GESTATION, i] > 0 and t[s, trait.LIFT] == trait.AIR
    if broods and 0.6 - 0.6 * hunger > best:
        best, chosen = 0.6 - 0.6 * hunger, b.BROOD
    if t[s, trait.BEGS] == 1 and hunger > 0.1 and nearest(_PERSON, f, k, t, i)[1] < _BEGS_WITHIN_M:
        worth = (0.4 + 0.5 * hunger) * awake
        if worth > best:
            best, chosen = worth, b.BEG
    shares = int(t[s, trait.GROUPING]) in _SHARING and hunger < _SATED
    if shares and best < _SHARING_WORTH and hungry_companion(f, k, t, i) >= 0:
        best, chosen = _SHARING_WORTH, b.SHARE
    return best, chosen


@inlined
def errand_target(f: F32, k: I32, t: F32, i: int, behavior: int):
    """Return the row that an errand concerns, -1 none."""
    if behavior == b.SHARE:
        return hungry_companion(f, k, t, i)
    if behavior == b.BEG:
        return nearest(_PERSON, f, k, t, i)[0]
    if behavior == b.GIVE_FOOD or behavior == b.SHOO:
        return nearest(_BEGGAR if behavior == b.GIVE_FOOD else _NUISANCE, f, k, t, i)[0]
    return -1


@inlined
def end_errand(f: F32, k: I32, i: int):
    """Return whether an errand is over."""
    now, over = k[col.BEHAVIOR, i], f[col.CLOCK, i] >= f[col.BOUT, i]
    if now == b.SURFACE:
        return f[col.BREATH, i] >= FULL_BREATH_S or f[col.CLOCK, i] > 3.0 * f[col.BOUT, i]
    if now == b.SHARE or now == b.BEG or now == b.SHOO:
        other = k[col.TARGET, i]
        return over or other < 0 or k[col.STATUS, other] != col.ALIVE
    return over

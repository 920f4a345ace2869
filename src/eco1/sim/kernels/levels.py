"""Levels: how high above the ground, the sea bed or a roof an animal wants to be for what it does."""

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Ground
from eco1.sim.kernels.media import FLIES_FROM_M, floor_at
from eco1.sim.kernels.places import at, distance_to

_LANDING_M = 8.0  # a soaring bird comes down over this distance
_FLUSHED_M, _LEAST_FLUSHED_M = 25.0, 6.0  # height to which danger drives a bird
_PERCH_SHARE = 0.85  # of the height of a crown, where one sits
_LOW_CROWN_M = 2.0
_TAKE_OFF_M, _TAKE_OFF_S, _CLEARANCE_M = 3.0, 1.5, 2.0  # how far ahead of a house a bird rises, and by how much more
_UP_M = 1e3  # as high as the water goes


@inlined
def perch_height(t: F32, g: Ground, s: int, x: float, y: float):
    """Return the height of a seat in the crown over a place, 0 where there is none, m."""
    return min(_PERCH_SHARE * at(g, layer.CROWN, x, y), t[s, trait.LEVEL_HIGH])


@inlined
def _beside_target(f: F32, k: I32, g: Ground, i: int, lift: int):
    """Return the height of the animal it is after, above its own floor, m."""
    j = k[col.NEXT_TARGET, i]
    z = f[col.Z, j] if j >= 0 else f[col.Z, i]
    return max(0.0, z - floor_at(g, lift, f[col.X, i], f[col.Y, i]))


@inlined
def _over_roofs(f: F32, g: Ground, i: int):
    """Return the height that takes a bird over the house ahead of it, above what it is over now, m."""
    ahead = _TAKE_OFF_M + _TAKE_OFF_S * f[col.SPEED, i]
    x, y = f[col.X, i], f[col.Y, i]
    roof = at(g, layer.ROOF, x + ahead * f[col.HEADING_X, i], y + ahead * f[col.HEADING_Y, i])
    return max(0.0, roof + _CLEARANCE_M - at(g, layer.ROOF, x, y)) if roof > 0.0 else 0.0


@inlined
def _in_air(f: F32, k: I32, t: F32, g: Ground, i: int, behavior: int):
    s = k[col.SPECIES, i]
    if behavior == b.FLEE:
        return max(_over_roofs(f, g, i), min(_FLUSHED_M, max(_LEAST_FLUSHED_M, t[s, trait.LEVEL_HIGH])))
    if behavior == b.SOAR:
        return t[s, trait.LEVEL]
    far = distance_to(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i])
    if t[s, trait.SOARS] == 1:
        return min(t[s, trait.LEVEL], max(0.0, 0.5 * (far - _LANDING_M))) if b.GLIDES_TO[behavior] else 0.0
    seat = perch_height(t, g, s, f[col.X, i], f[col.Y, i])
    if b.TRAVELS[behavior] and far > FLIES_FROM_M:
        return max(seat, _over_roofs(f, g, i), min(max(t[s, trait.LEVEL], 2.0), 0.5 * far))
    if b.ON_THE_GROUND[behavior]:
        return 0.0
    return seat


@inlined
def _in_water(f: F32, k: I32, t: F32, i: int, behavior: int):
    s = k[col.SPECIES, i]
    if behavior == b.SCAVENGE or behavior == b.EAT_MEAT:
        return 0.0
    if b.AT_THE_BOTTOM[behavior]:
        return t[s, trait.LEVEL_LOW]
    band = t[s, trait.LEVEL_HIGH] - t[s, trait.LEVEL_LOW]
    return min(max(t[s, trait.LEVEL] + 0.8 * band * f[col.WANDER, i], t[s, trait.LEVEL_LOW]), t[s, trait.LEVEL_HIGH])


@inlined
def _in_crowns(f: F32, k: I32, t: F32, i: int, behavior: int):
    s = k[col.SPECIES, i]
    if b.ON_THE_GROUND[behavior]:
        return 0.0
    if behavior == b.FLEE:
        threat = k[col.NEXT_TARGET, i]
        from_above = threat >= 0 and t[k[col.SPECIES, threat], trait.LIFT] == trait.AIR
        return t[s, trait.LEVEL_LOW] if from_above else t[s, trait.LEVEL_HIGH]
    if t[s, trait.LEVEL] > _LOW_CROWN_M:
        return t[s, trait.LEVEL]
    return 0.5 * t[s, trait.LEVEL_HIGH] if behavior == b.REST or behavior == b.SLEEP or behavior == b.PERCH else 0.0


@inlined
def wished_height(f: F32, k: I32, t: F32, g: Ground, i: int, behavior: int):
    """Return the height above its floor that an animal wants, m; what carries it allows less or more."""
    lift = int(t[k[col.SPECIES, i], trait.LIFT])
    if lift == trait.GROUNDED:
        return 0.0
    if behavior == b.SURFACE:
        return _UP_M
    if behavior in (b.CHASE, b.STRIKE, b.MATE, b.TEND_YOUNG, b.SWOOP, b.HERD_PREY, b.SHARE):
        return _beside_target(f, k, g, i, lift)
    if lift == trait.AIR:
        return _in_air(f, k, t, g, i, behavior)
    return _in_water(f, k, t, i, behavior) if lift == trait.WATER else _in_crowns(f, k, t, i, behavior)

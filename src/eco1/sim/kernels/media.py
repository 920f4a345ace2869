"""Media: what carries or stops a body at a place: ground, roofs, water, ice and crowns."""

from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import NO_SEA_M, WADE_DEPTH_M, Conditions, Ground
from eco1.sim.kernels.places import at
from eco1.sim.laws.terrain import height_at

_UNDER_M = 0.4  # deeper than this below the surface nobody above it sees a body
_STEP_M = 1.5  # a climber lower than this above the ground needs no crown to hold on to
FLIES_FROM_M = 6.0  # birds walk shorter ways
_LEAP_M = 6.0  # widest gap between crowns that is crossed hand over hand: estimate for spider monkeys
_OFF_BED_M = 0.3  # the current is felt from here


@inlined
def is_frozen(g: Ground, c: Conditions, x: float, y: float):
    """Return whether water at a place is ice that bears."""
    return c.ice >= at(g, layer.FREEZING, x, y)


@inlined
def floor_at(g: Ground, lift: int, x: float, y: float):
    """Return the height of what a body rests on at last: sea bed for swimmers, roofs for flyers, else the ground, m."""
    if lift == trait.WATER:
        return height_at(g, x, y) - at(g, layer.DEPTH, x, y)
    if lift == trait.AIR:
        return height_at(g, x, y) + at(g, layer.ROOF, x, y)
    return height_at(g, x, y)


@inlined
def is_seated(g: Ground, lift: int, x: float, y: float, above: float):
    """Return whether a body so high above its floor has branches, a roof or the ground to sit on."""
    return lift != trait.AIR or above <= max(_STEP_M, at(g, layer.CROWN, x, y))


@inlined
def ceiling_at(g: Ground, lift: int, x: float, y: float, floor: float):
    """Return the height above which nothing carries a body, m."""
    if lift == trait.WATER:
        return max(floor, g.top if g.top < NO_SEA_M else height_at(g, x, y))
    if lift == trait.CROWNS:
        return floor + at(g, layer.CROWN, x, y)
    return NO_SEA_M


@inlined
def stops(t: F32, g: Ground, c: Conditions, s: int, x: float, y: float, z: float, ahead_x: float, ahead_y: float):
    """Return whether a body of species ``s`` at height ``z`` cannot go to a place; ``ahead`` is a leap further on."""
    lift = int(t[s, trait.LIFT])
    if lift == trait.AIR:
        return z < height_at(g, x, y) + at(g, layer.ROOF, x, y) - 1.0
    if at(g, layer.ROOF, x, y) > 0.0:
        return True
    if lift == trait.WATER:
        return False
    if lift == trait.CROWNS:
        above = z - height_at(g, x, y)
        if above > _STEP_M and at(g, layer.CROWN, x, y) < above - _STEP_M:
            return t[s, trait.SWINGS] == 0 or at(g, layer.CROWN, ahead_x, ahead_y) < above - _STEP_M
    return at(g, layer.DEPTH, x, y) > WADE_DEPTH_M and t[s, trait.SWIMS] == 0 and not is_frozen(g, c, x, y)


@inlined
def is_home(t: F32, g: Ground, c: Conditions, s: int, x: float, y: float):
    """Return whether a place is in the element of a species, so that it may begin its life there."""
    depth = at(g, layer.DEPTH, x, y)
    if at(g, layer.ROOF, x, y) > 0.0:
        return False
    if t[s, trait.LIFT] == trait.WATER:
        return depth > 1.0 or g.top < NO_SEA_M
    return depth <= 0.0


@inlined
def first_height(t: F32, g: Ground, s: int, x: float, y: float):
    """Return the height at which an animal begins its life: swimmers and climbers at their level, others standing."""
    lift = int(t[s, trait.LIFT])
    floor = floor_at(g, lift, x, y)
    if lift == trait.GROUNDED or lift == trait.AIR:
        return floor
    return min(floor + t[s, trait.LEVEL], ceiling_at(g, lift, x, y, floor))


@inlined
def leap(x: float, heading: float):
    """Return the coordinate a leap further on."""
    return x + _LEAP_M * heading


@inlined
def pace(t: F32, g: Ground, c: Conditions, s: int, x: float, y: float):
    """Return the share of its speed that a body keeps out of its element: swimmers on land, walkers in deep water."""
    wet = at(g, layer.DEPTH, x, y) > WADE_DEPTH_M
    if t[s, trait.LIFT] == trait.WATER:
        return 1.0 if wet or g.top < NO_SEA_M else 0.25
    if wet and t[s, trait.LIFT] != trait.AIR and not is_frozen(g, c, x, y):
        return 0.35
    return 1.0


@inlined
def is_under(f: F32, g: Ground, i: int):
    """Return whether a body is below the surface of water that others stand beside."""
    return g.top == NO_SEA_M and f[col.Z, i] < -_UNDER_M


@inlined
def floor_of_body(f: F32, k: I32, t: F32, g: Ground, i: int):
    """Return the height of what a body would come to rest on, m."""
    return floor_at(g, int(t[k[col.SPECIES, i], trait.LIFT]), f[col.X, i], f[col.Y, i])


@inlined
def bier_of(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return the height at which a dead body comes to rest, m: on ice where it lies on ice, else on its floor."""
    x, y = f[col.X, i], f[col.Y, i]
    surface = height_at(g, x, y)
    if is_frozen(g, c, x, y) and f[col.Z, i] > surface - _UNDER_M:
        return surface
    return floor_of_body(f, k, t, g, i)


@inlined
def above_floor(f: F32, k: I32, t: F32, g: Ground, i: int):
    """Return how high a body is above what it would come to rest on, m."""
    return f[col.Z, i] - floor_of_body(f, k, t, g, i)


@inlined
def drift_of(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return the current that carries a body along, m/s east and north; near the bed there is none."""
    if t[k[col.SPECIES, i], trait.LIFT] != trait.WATER or above_floor(f, k, t, g, i) < _OFF_BED_M:
        return 0.0, 0.0
    x, y = f[col.X, i], f[col.Y, i]
    return c.tide * at(g, layer.FLOW_X, x, y), c.tide * at(g, layer.FLOW_Y, x, y)

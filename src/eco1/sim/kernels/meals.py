"""Meals: which of its foods an animal is after, where that food is, and how it gets there and takes it."""

from eco1.sim import behaviors as b
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.media import FLIES_FROM_M, above_floor
from eco1.sim.kernels.places import at, distance_to, keep_inside
from eco1.sim.laws.plankton import richest_direction
from eco1.sim.laws.ranging import point_ahead

AT_PATCH_M = 1.2  # plus a body length: near enough to feed
_NEW_FOODS = trait.FRUIT | trait.NECTAR | trait.PLANKTON | trait.REFUSE
_GATHERED = trait.GRASS | trait.LEAVES | trait.INSECTS | _NEW_FOODS
_CLIMBS_FROM_M = 2.0  # above ground
_DIG_WALK_S = 5.0  # from one hole with small prey to the next: estimate
_NEXT_PATCH_SHARE = 0.1  # of the side of the world, how far ahead the next patch is looked for


@inlined
def is_varied(t: F32, s: int):
    """Return whether a species gathers more than grass, the leaves of trees it walks to, and insects."""
    food = int(t[s, trait.FOOD])
    climbs = t[s, trait.LIFT] == trait.CROWNS or t[s, trait.RECRUITS] == 1
    return food & _NEW_FOODS != 0 or (climbs and food & trait.LEAVES != 0)


@inlined
def digs(k: I32, t: F32, i: int):
    """Return whether an animal that eats meat digs for small prey now, rather than feeding at a carcass."""
    food = int(t[k[col.SPECIES, i], trait.FOOD])
    if food & trait.INSECTS == 0 or k[col.BEHAVIOR, i] == b.SCAVENGE:
        return False
    return food & (trait.FLESH | trait.CARRION) == 0 or k[col.MEAL, i] == trait.INSECTS


@inlined
def dig_step(t: F32, s: int):
    """Return how far it is from one hole with small prey to the next, m."""
    return _DIG_WALK_S * t[s, trait.WALK]


@inlined
def draw_meal(t: F32, s: int, u: float):
    """Return one of the foods that a species gathers, each with the same chance."""
    food = int(t[s, trait.FOOD]) & _GATHERED
    count = 0
    for bit in range(9):
        count += (food >> bit) & 1
    left = int(u * count)
    for bit in range(9):
        if (food >> bit) & 1:
            if left == 0:
                return 1 << bit
            left -= 1
    return 0


@inlined
def patch_layer(c: Conditions, meal: int):
    """Return the first of the two layers with the nearest patch of a food, -1 for food that is not in patches."""
    if meal == trait.FRUIT:
        return layer.FRUIT_X + 2 * min(3, int(4 * c.year))
    if meal == trait.NECTAR:
        return layer.FLOWER_X
    if meal == trait.REFUSE:
        return layer.BIN_X
    return layer.TREE_X if meal == trait.LEAVES else -1


@compiled
def next_patch(f: F32, k: I32, t: F32, g: Ground, i: int, first: int, u: float):
    """Return the patch it would go to: the one nearest to a point ahead of it or to its sides, if it is another one."""
    reach = _NEXT_PATCH_SHARE * g.size
    x, y = f[col.X, i], f[col.Y, i]
    best_x, best_y = at(g, first, x, y), at(g, first + 1, x, y)
    near = AT_PATCH_M + t[k[col.SPECIES, i], trait.LENGTH]
    if distance_to(f, k, i, best_x, best_y) > 2.0 * near:
        return best_x, best_y
    for look in range(5):
        angle = (look - 2 + 0.8 * (u - 0.5)) * 1.2
        ahead_x, ahead_y = point_ahead(x, y, f[col.HEADING_X, i], f[col.HEADING_Y, i], angle, reach)
        ahead_x, ahead_y = keep_inside(ahead_x, g), keep_inside(ahead_y, g)
        there_x, there_y = at(g, first, ahead_x, ahead_y), at(g, first + 1, ahead_x, ahead_y)
        if distance_to(f, k, i, there_x, there_y) > near:
            return there_x, there_y
    return best_x, best_y


@inlined
def is_among_leaves(f: F32, k: I32, t: F32, g: Ground, i: int):
    """Return whether a climber that is after leaves has them all around it."""
    if k[col.MEAL, i] != trait.LEAVES or t[k[col.SPECIES, i], trait.LIFT] != trait.CROWNS:
        return False
    return above_floor(f, k, t, g, i) > _CLIMBS_FROM_M and at(g, layer.CROWN, f[col.X, i], f[col.Y, i]) > 0.0


@inlined
def is_at_patch(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return whether an animal stands, sits or hovers at a patch of what it is after."""
    first = patch_layer(c, k[col.MEAL, i])
    if first < 0:
        return False
    x, y = f[col.X, i], f[col.Y, i]
    if is_among_leaves(f, k, t, g, i):
        return True
    return (
        distance_to(f, k, i, at(g, first, x, y), at(g, first + 1, x, y))
        < AT_PATCH_M + t[k[col.SPECIES, i], trait.LENGTH]
    )


@inlined
def travel(f: F32, k: I32, t: F32, g: Ground, i: int, far: float):
    """Return how an animal goes to food so far away: on the wing, through the crowns or on foot."""
    s = k[col.SPECIES, i]
    lift = int(t[s, trait.LIFT])
    if lift == trait.AIR and t[s, trait.SOARS] == 0 and far > FLIES_FROM_M:
        return b.FLY
    if lift == trait.CROWNS and above_floor(f, k, t, g, i) > _CLIMBS_FROM_M:
        return b.SWING if t[s, trait.SWINGS] == 1 else b.CLIMB
    return b.FORAGE


@inlined
def takes(k: I32, i: int):
    """Return how a meal is taken once an animal is there."""
    meal = k[col.MEAL, i]
    if meal == trait.GRASS:
        return b.GRAZE
    if meal == trait.LEAVES:
        return b.BROWSE
    if meal == trait.INSECTS:
        return b.EAT_MEAT
    return b.FILTER if meal == trait.PLANKTON else b.PICK


@compiled
def meal_goal(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, u: float):
    """Return where the meal that was chosen is, m; for plankton the direction in which there is more of it."""
    meal = k[col.MEAL, i]
    first = patch_layer(c, meal)
    if first >= 0:
        return next_patch(f, k, t, g, i, first, u)
    x, y, hx, hy = f[col.X, i], f[col.Y, i], f[col.HEADING_X, i], f[col.HEADING_Y, i]
    if meal == trait.PLANKTON:
        dx, dy = richest_direction(c, x, y, hx, hy)
        return x + 20.0 * dx, y + 20.0 * dy
    return point_ahead(x, y, hx, hy, 2.4 * (u - 0.5), dig_step(t, k[col.SPECIES, i]))

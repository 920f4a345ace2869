"""Places an animal knows of: water, trees, dens, forage, carcasses, and which of them it would go to."""

import math

import numpy as np

from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import NO_SEA_M, WADE_DEPTH_M, Conditions, Ground
from eco1.sim.laws import predation, vegetation
from eco1.sim.laws.ranging import point_ahead
from eco1.sim.laws.terrain import cell_of

_EDGE_M, _EDGE_SHARE = 8.0, 0.03  # goals keep this far from the border of the world: the smaller of m and share
WATER_REACH_M = 3.5
_SUNK_M = 1.0  # nobody dives for a carcass
_NEXT_TREE_M = 42.0
SAME_TREE_M = 9.5
_TREE_SEEKER_KG = 500.0  # smaller mixed feeders browse only what they happen to pass
_GIVE_UP = 0.82  # a patch is left when another holds this much more
_GIVE_UP_GAIN = 0.09


@inlined
def at(g: Ground, which: int, x: float, y: float):
    """Return the value of one layer of the maps at a place."""
    cells = g.maps.shape[1]
    return g.maps[which, cell_of(y, g.cell, cells), cell_of(x, g.cell, cells)]


@inlined
def keep_inside(value: float, g: Ground):
    """Return a coordinate moved inside the world, off its border."""
    edge = min(_EDGE_M, _EDGE_SHARE * g.size)
    return min(max(value, edge), g.size - edge)


@inlined
def distance_to(f: F32, k: I32, i: int, x: float, y: float):
    """Return the distance of an animal to a point, m."""
    dx, dy = x - f[col.X, i], y - f[col.Y, i]
    return math.sqrt(dx * dx + dy * dy)


@inlined
def shelter_of(f: F32, k: I32, t: F32, g: Ground, i: int):
    """Return the shelter this species would use: the nearest den for those that have one, else the nearest tree."""
    x, y = f[col.X, i], f[col.Y, i]
    if t[k[col.SPECIES, i], trait.DENS] == 1 and t[k[col.SPECIES, i], trait.SOARS] == 0:
        return at(g, layer.DEN_X, x, y), at(g, layer.DEN_Y, x, y)
    return at(g, layer.TREE_X, x, y), at(g, layer.TREE_Y, x, y)


@compiled
def next_tree(f: F32, k: I32, g: Ground, i: int):
    """Return the tree a browser would go to: the one nearest to a point ahead of it, or else to its sides."""
    tree_x, tree_y = f[col.X, i], f[col.Y, i]
    for turn in range(5):
        angle = (turn + 1) // 2 * (1.2 if turn % 2 else -1.2)
        x, y = point_ahead(f[col.X, i], f[col.Y, i], f[col.HEADING_X, i], f[col.HEADING_Y, i], angle, _NEXT_TREE_M)
        x, y = keep_inside(x, g), keep_inside(y, g)
        tree_x, tree_y = at(g, layer.TREE_X, x, y), at(g, layer.TREE_Y, x, y)
        if distance_to(f, k, i, tree_x, tree_y) > SAME_TREE_M:
            break
    return tree_x, tree_y


@inlined
def seeks_trees(t: F32, s: int):
    """Return whether a species goes from tree to tree for its food."""
    food = int(t[s, trait.FOOD])
    return food & trait.LEAVES != 0 and (food & trait.GRASS == 0 or t[s, trait.MASS] > _TREE_SEEKER_KG)


@compiled
def forage_of(f: F32, k: I32, t: F32, veg: F32, g: Ground, i: int):
    """Return (share here, share there, x, y) of the best forage nearby; x is NaN for meat-eaters."""
    food = int(t[k[col.SPECIES, i], trait.FOOD])
    if food & (trait.GRASS | trait.INSECTS):
        return vegetation.best_forage(veg, g, f[col.X, i], f[col.Y, i])
    if food & trait.LEAVES:
        x, y = next_tree(f, k, g, i)
        return 1.0, 1.0, x, y
    return 0.0, 0.0, np.nan, np.nan


@inlined
def is_better(here: float, there: float):
    """Return whether forage elsewhere is worth leaving for."""
    return here < _GIVE_UP * there and there - here > _GIVE_UP_GAIN


@inlined
def _is_out_of_reach(f: F32, k: I32, t: F32, g: Ground, c: Conditions, s: int, j: int):
    """Return whether a body lies where a species cannot get: on a roof, in deep water, on land."""
    x, y, depth = f[col.X, j], f[col.Y, j], at(g, layer.DEPTH, f[col.X, j], f[col.Y, j])
    lift = t[s, trait.LIFT]
    if lift == trait.WATER:
        return depth <= 0.0 and g.top == NO_SEA_M
    if lift != trait.AIR and (at(g, layer.ROOF, x, y) > 0.0):
        return True
    if g.top == NO_SEA_M and f[col.Z, j] < -_SUNK_M:
        return True
    afloat = depth > WADE_DEPTH_M and c.ice < at(g, layer.FREEZING, x, y)
    return afloat and (lift == trait.AIR or t[s, trait.SWIMS] == 0)


@compiled
def nearest_carcass(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return (row, distance) of the nearest carcass that a meat-eater smells or sees and can get to, or (-1, inf)."""
    s = k[col.SPECIES, i]
    found, best = -1, np.inf
    if not int(t[s, trait.FOOD]) & (trait.FLESH | trait.CARRION):
        return found, best
    reach = max(t[s, trait.SMELL], (0.3 + 0.7 * c.daylight) * t[s, trait.SIGHT])
    if not int(t[s, trait.FOOD]) & trait.CARRION:
        reach = 60.0  # those that do not scavenge return to their own kill only
    for n in range(f.shape[1]):
        j = k[col.CARCASSES, n]
        if j < 0:
            break
        if k[col.STATUS, j] != col.CARCASS:
            continue
        distance = distance_to(f, k, i, f[col.X, j], f[col.Y, j])
        worth_it = reach * predation.interest(f[col.MEAT, j], f[col.POWER, i], c.physiology)
        if distance < min(worth_it, best) and not _is_out_of_reach(f, k, t, g, c, s, j):
            found, best = j, distance
    return found, best

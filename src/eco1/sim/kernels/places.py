"""Places an animal knows of: water, trees, dens, forage, carcasses, and which of them it would go to."""

import math

import numpy as np

from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.laws import vegetation
from eco1.sim.laws.ranging import point_ahead
from eco1.sim.laws.terrain import cell_of

EDGE_M = 8.0  # goals keep this far from the border of the world
WATER_REACH_M = 3.5
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
    return min(max(value, EDGE_M), g.size - EDGE_M)


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


@compiled
def nearest_carcass(f: F32, k: I32, t: F32, c: Conditions, i: int):
    """Return (row, distance) of the nearest carcass that a meat-eater smells or sees from where it is, or (-1, inf)."""
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
        if distance < min(reach, best):
            found, best = j, distance
    return found, best

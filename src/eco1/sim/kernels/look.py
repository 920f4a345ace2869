"""Looking: what anyone standing in the world could measure, written into the arrays of an Observation."""

import math
from typing import NamedTuple

import numpy as np

from eco1.core.records import SURROUNDINGS
from eco1.sim.compiled import compiled, entry, inlined
from eco1.sim.fields import B8, F32, I16, I32, I64, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.media import ceiling_at, drift_of, floor_at
from eco1.sim.kernels.places import at, forage_of, shelter_of
from eco1.sim.laws.terrain import cell_of

_WATER, _SHELTER, _FORAGE, _BARRIER = (
    SURROUNDINGS.index(f"{what}_x_m") for what in ("water", "shelter", "forage", "barrier")
)
_SLOPE, _CURRENT, _PLANTS, _COVER, _DAYLIGHT, _HEIGHT = (
    SURROUNDINGS.index(name) for name in ("slope_x", "current_x_mps", "vegetation", "cover", "daylight", "height_m")
)
_PLACES_END = _BARRIER + 2  # what comes before are offsets


class View(NamedTuple):
    """The arrays that are filled, (W, N, ...)."""

    position: F32
    velocity: F32
    heading: F32
    behavior: I16
    body_length: F32
    surroundings: F32
    alive: B8
    carcass: B8
    identity: I64
    species: I16


@compiled
def look_around(out: F32, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int):
    """Write the surroundings of one animal, in the order of ``core.records.SURROUNDINGS``."""
    x, y = f[col.X, i], f[col.Y, i]
    out[_WATER], out[_WATER + 1] = at(g, layer.SHORE_X, x, y) - x, at(g, layer.SHORE_Y, x, y) - y
    if at(g, layer.SHORE_X, x, y) == layer.NOWHERE:
        out[_WATER], out[_WATER + 1] = np.nan, np.nan
    shelter_x, shelter_y = shelter_of(f, k, t, g, i)
    out[_SHELTER], out[_SHELTER + 1] = shelter_x - x, shelter_y - y
    _, _, forage_x, forage_y = forage_of(f, k, t, veg, g, i)
    out[_FORAGE], out[_FORAGE + 1] = forage_x - x, forage_y - y
    lift = int(t[k[col.SPECIES, i], trait.LIFT])
    out[_BARRIER], out[_BARRIER + 1] = _barrier(g, lift, x, y)
    out[_SLOPE], out[_SLOPE + 1] = at(g, layer.SLOPE_X, x, y), at(g, layer.SLOPE_Y, x, y)
    out[_CURRENT], out[_CURRENT + 1] = drift_of(f, k, t, g, c, i)
    cells = veg.shape[0]
    out[_PLANTS] = veg[cell_of(y, g.forage_cell, cells), cell_of(x, g.forage_cell, cells)]
    out[_COVER] = at(g, layer.COVER, x, y)
    out[_DAYLIGHT] = c.daylight
    out[_HEIGHT], out[_HEIGHT + 1] = _levels(g, lift, x, y, f[col.Z, i])


@inlined
def _barrier(g: Ground, lift: int, x: float, y: float):
    """Return the offset to the nearest border of the world, or to a nearer wall for those who cannot fly, m."""
    dx = -x if x < g.size - x else g.size - x
    dy = -y if y < g.size - y else g.size - y
    if abs(dx) <= abs(dy):
        dy = 0.0
    else:
        dx = 0.0
    wall_x, wall_y = at(g, layer.WALL_X, x, y) - x, at(g, layer.WALL_Y, x, y) - y
    if lift != trait.AIR and wall_x * wall_x + wall_y * wall_y < dx * dx + dy * dy:
        return wall_x, wall_y
    return dx, dy


@inlined
def _levels(g: Ground, lift: int, x: float, y: float, z: float):
    """Return the height above what a body would come to rest on, and the headroom up from it, m."""
    if lift == trait.GROUNDED:
        return np.nan, np.nan
    floor = floor_at(g, lift, x, y)
    if lift == trait.WATER:
        return z - floor, ceiling_at(g, lift, x, y, floor) - z
    return z - floor, floor + at(g, layer.CROWN, x, y) - z


@inlined
def length_of(f: F32, k: I32, t: F32, i: int):
    """Return the length of a body, m: the young are shorter by the cube root of their mass."""
    s = k[col.SPECIES, i]
    growth = f[col.MASS, i] / t[s, trait.MASS]
    return t[s, trait.LENGTH] * (1.0 if growth == 1.0 else math.pow(growth, 1.0 / 3.0))


@entry
def look(v: View, w: int, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int):
    """Show row ``i`` of world ``w`` in a view; one in which nobody is keeps its zeros."""
    v.alive[w, i], v.carcass[w, i] = k[col.STATUS, i] == col.ALIVE, k[col.STATUS, i] == col.CARCASS
    v.identity[w, i], v.species[w, i] = k[col.IDENTITY, i], k[col.SPECIES, i]
    v.behavior[w, i] = k[col.BEHAVIOR, i] if v.alive[w, i] else -1
    if k[col.STATUS, i] == col.EMPTY:
        v.surroundings[w, i, :_PLACES_END], v.surroundings[w, i, _HEIGHT:] = np.nan, np.nan
        return
    v.position[w, i, 0], v.position[w, i, 1], v.position[w, i, 2] = f[col.X, i], f[col.Y, i], f[col.Z, i]
    around = v.surroundings[w, i]
    look_around(around, f, k, t, veg, g, c, i)
    v.velocity[w, i, 0] = f[col.SPEED, i] * f[col.HEADING_X, i] + around[_CURRENT]
    v.velocity[w, i, 1] = f[col.SPEED, i] * f[col.HEADING_Y, i] + around[_CURRENT + 1]
    v.velocity[w, i, 2] = f[col.CLIMB, i]
    v.heading[w, i] = math.atan2(f[col.HEADING_Y, i], f[col.HEADING_X, i])
    v.body_length[w, i] = length_of(f, k, t, i)

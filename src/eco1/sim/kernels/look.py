"""Looking: what anyone standing in the world could measure, written into the arrays of an Observation."""

import math
from typing import NamedTuple

import numpy as np

from eco1.sim.compiled import compiled, entry, inlined
from eco1.sim.fields import B8, F32, I16, I32, I64, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.media import drift_of
from eco1.sim.kernels.places import at, forage_of, shelter_of
from eco1.sim.laws.terrain import cell_of


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
    out[0], out[1] = at(g, layer.SHORE_X, x, y) - x, at(g, layer.SHORE_Y, x, y) - y
    if at(g, layer.SHORE_X, x, y) == layer.NOWHERE:
        out[0], out[1] = np.nan, np.nan
    shelter_x, shelter_y = shelter_of(f, k, t, g, i)
    out[2], out[3] = shelter_x - x, shelter_y - y
    _, _, forage_x, forage_y = forage_of(f, k, t, veg, g, i)
    out[4], out[5] = forage_x - x, forage_y - y
    west, south = x, y
    east, north = g.size - x, g.size - y
    least = min(min(west, east), min(south, north))
    out[6] = -west if least == west else (east if least == east else 0.0)
    out[7] = 0.0 if out[6] != 0.0 else (-south if least == south else north)
    out[8], out[9] = at(g, layer.SLOPE_X, x, y), at(g, layer.SLOPE_Y, x, y)
    cells = veg.shape[0]
    out[10] = veg[cell_of(y, g.forage_cell, cells), cell_of(x, g.forage_cell, cells)]
    out[11] = at(g, layer.COVER, x, y)
    out[12] = c.daylight


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
        v.surroundings[w, i, :8] = np.nan
        return
    v.position[w, i, 0], v.position[w, i, 1], v.position[w, i, 2] = f[col.X, i], f[col.Y, i], f[col.Z, i]
    drift_x, drift_y = drift_of(f, k, t, g, c, i)
    v.velocity[w, i, 0] = f[col.SPEED, i] * f[col.HEADING_X, i] + drift_x
    v.velocity[w, i, 1] = f[col.SPEED, i] * f[col.HEADING_Y, i] + drift_y
    v.velocity[w, i, 2] = f[col.CLIMB, i]
    v.heading[w, i] = math.atan2(f[col.HEADING_Y, i], f[col.HEADING_X, i])
    v.body_length[w, i] = length_of(f, k, t, i)
    look_around(v.surroundings[w, i], f, k, t, veg, g, c, i)

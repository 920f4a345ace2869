"""What anyone can see of an animal, and what carries it: all that its pose depends on."""

import math
from typing import Any

import numpy as np

from eco1.sensors.bodies.rigs import ON_LAND
from eco1.sensors.compiled import compiled, entry

#: ``posing.Carried.surface_m`` where there is no water, or where it is frozen.
DRY_M = -1e6

_LIFTED_M, _LIFTED_HEIGHTS = 0.4, 2.0  # from here on a body is off the ground: the lower of both
_AFLOAT_M = 0.3  # over the water: still on it
_WADES_TO, _BIRD_FLOATS_AT, _DEAD_FLOATS_AT, _SWIMMER_FLOATS_AT = 0.5, 0.2, 0.12, 0.75  # shares of height under water

#: One animal at one moment. ``lifted``: off the ground, on a branch or in the air; ``in_water``: swims as its kind can.
SEEN = np.dtype(
    [
        ("position_m", np.float64, 3),  # where its feet are drawn: bodies sink into the water they stand or float on
        ("heading_rad", np.float64),
        ("speed_mps", np.float64),  # along the ground
        ("climb_mps", np.float64),  # up
        ("rise", np.float64),  # of the ground ahead of it, metres per metre
        ("scale", np.float64),  # of its length to an adult's
        ("length_m", np.float64),
        ("identity", np.int64),
        ("species", np.int64),
        ("behavior", np.int64),
        ("shown", np.bool_),
        ("dead", np.bool_),
        ("lifted", np.bool_),
        ("in_water", np.bool_),
    ],
    align=True,
)


@entry
def see_all(
    rigs: Any, position: Any, velocity: Any, heading: Any, length: Any, alive: Any, carcass: Any, identity: Any,
    species: Any, behavior: Any, bottom: Any, surface: Any, slope: Any, seen: Any,
) -> None:  # fmt: skip
    """Fill ``seen``; arguments are the arrays of ``posing.seen_of``."""
    for i in range(len(seen)):
        row = seen[i]
        row.identity, row.behavior, row.species = identity[i], behavior[i], max(species[i], 0)
        row.shown = (alive[i] or carcass[i]) and species[i] >= 0
        if not row.shown:
            continue
        row.dead = carcass[i] and not alive[i]
        row.heading_rad, row.length_m = heading[i], length[i]
        row.speed_mps = math.sqrt(velocity[i, 0] * velocity[i, 0] + velocity[i, 1] * velocity[i, 1])
        row.climb_mps = velocity[i, 2]
        row.position_m[0], row.position_m[1], row.position_m[2] = position[i, 0], position[i, 1], position[i, 2]
        row.rise = slope[i, 0] * math.cos(heading[i]) + slope[i, 1] * math.sin(heading[i])
        carry(rigs[row.species], row, bottom[i], surface[i])


@compiled
def carry(rig: Any, seen: Any, bottom_m: float, surface_m: float) -> None:
    """Complete a row whose other fields are those of an observation: its size, what carries it, how deep it sinks."""
    seen.scale = seen.length_m / rig.adult_length_m
    tall, depth, z = rig.height_m * seen.scale, surface_m - bottom_m, seen.position_m[2]
    swimmer, wet = rig.swims != ON_LAND, depth > 0.0
    floor = surface_m if wet and not swimmer else bottom_m
    seen.lifted = z - floor > min(_LIFTED_M, _LIFTED_HEIGHTS * tall)
    seen.in_water = wet and swimmer and depth > _WADES_TO * tall and z < surface_m + _AFLOAT_M
    if seen.in_water:
        under = _DEAD_FLOATS_AT if seen.dead else _SWIMMER_FLOATS_AT
        seen.position_m[2] = max(bottom_m, min(z, surface_m - under * tall))
    elif wet and abs(z - surface_m) < _AFLOAT_M:
        under = _DEAD_FLOATS_AT if seen.dead else _WADES_TO
        if rig.flies and depth > _WADES_TO * tall and not seen.dead:
            under = _BIRD_FLOATS_AT
        seen.position_m[2] = z - min(depth, under * tall)

"""Perception: what is in range, in the field of view or heard, not hidden by ground, darkness or cover."""

import math

from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import layer
from eco1.sim.ground import Conditions, Ground
from eco1.sim.laws.terrain import cell_of, height_at

#: Nothing beyond this is sensed of a neighbour, m: it bounds the neighbour search.
REACH_M = 240.0
_RAY_SAMPLES = 6
_QUIET = (
    0.12  # share of the hearing range at which a walking animal is heard: estimate; a running one is heard at all of it
)
_RUN_MPS = 8.0


@inlined
def sight_reach(sight: float, night_vision: float, daylight: float):
    """Return how far it sees in this light, m."""
    return sight * (daylight + (1 - daylight) * night_vision)


@compiled
def hidden_by_ground(g: Ground, x: float, y: float, z: float, x2: float, y2: float, z2: float):
    """Return whether the ground rises above the straight line between two points (heights above sea level)."""
    for k in range(1, _RAY_SAMPLES):
        s = k / _RAY_SAMPLES
        if height_at(g, x + s * (x2 - x), y + s * (y2 - y)) > z + s * (z2 - z):
            return True
    return False


@compiled
def notices(
    g: Ground, c: Conditions, x: float, y: float, eye: float, heading_x: float, heading_y: float, sight: float,
    cos_field: float, hearing: float, x2: float, y2: float, top2: float, speed2: float,
):  # fmt: skip
    """Return whether an animal perceives another: it hears it, or sees it in its field of view and unhidden.

    ``eye`` and ``top2`` are heights above sea level. A still animal in cover is seen from a third as far.
    """
    dx, dy = x2 - x, y2 - y
    distance = math.sqrt(dx * dx + dy * dy)
    loud = _QUIET + (1 - _QUIET) * min(1.0, speed2 / _RUN_MPS)
    if distance < 2.0 or distance < hearing * loud * (1 - 0.4 * c.rain) * 0.5:
        return True
    cells = g.maps.shape[1]
    cover = g.maps[layer.COVER, cell_of(y2, g.cell, cells), cell_of(x2, g.cell, cells)]
    shown = 1 - 0.66 * cover * max(0.0, 1 - speed2 / 2.0)
    if distance > sight * shown or heading_x * dx + heading_y * dy < cos_field * distance:
        return False
    return not hidden_by_ground(g, x, y, eye, x2, y2, top2)

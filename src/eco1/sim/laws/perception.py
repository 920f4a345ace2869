"""Perception: what is in range, in the field of view or heard, not hidden by ground, darkness or cover."""

import math

from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import layer
from eco1.sim.ground import Ground
from eco1.sim.laws.terrain import cell_of, height_at

#: Nothing beyond this is sensed of a neighbour, m: it bounds the neighbour search.
REACH_M = 240.0
#: How long one glance lasts, s: what it missed stays unnoticed until the next. Estimate, about a grazer's scan.
GLANCE_S = 1.6
_RAY_SAMPLES = 6
_QUIET = 0.12  # share of the hearing range at which a walking animal is heard, a running one at all of it: estimate
_RUN_MPS = 8.0
_STEPS_HEARD = 0.5  # share of the catalog's hearing range, which is that of calls, at which running feet are heard
_RAIN_DROWNS = 0.4  # share of the hearing range that rain takes away: estimate
_TOUCH_M = 2.0  # nobody overlooks what is this near
# The psychometric function: half of what is at this share of the reach is noticed; both numbers are estimates.
_HALF_NOTICED, _SLACK = 0.85, 0.04
_CERTAIN = 0.7  # share of the reach within which nothing is missed: 98 % by the curve


@inlined
def sight_reach(sight: float, night_vision: float, daylight: float):
    """Return how far it sees in this light, m."""
    return sight * (daylight + (1 - daylight) * night_vision)


@inlined
def shown(cover: float, speed: float):
    """Return the share of the sight range from which a body is seen: a still one in cover from a third as far."""
    return 1 - 0.66 * cover * max(0.0, 1 - speed / 2.0)


@inlined
def call_reach(hearing: float, rain: float):
    """Return how far the calls with which companions keep in touch are heard, m."""
    return hearing * (1 - _RAIN_DROWNS * rain)


@inlined
def step_reach(hearing: float, rain: float, speed: float):
    """Return how far an animal of this speed (m/s) is heard, m."""
    loud = _QUIET + (1 - _QUIET) * min(1.0, speed / _RUN_MPS)
    return max(_TOUCH_M, _STEPS_HEARD * call_reach(hearing, rain) * loud)


@inlined
def faces(heading_x: float, heading_y: float, cos_field: float, dx: float, dy: float, distance: float):
    """Return whether the offset (dx, dy) lies in the field of view."""
    return heading_x * dx + heading_y * dy >= cos_field * distance


@inlined
def detection(share: float):
    """Return the chance that one glance notices something at this share of the reach of a sense.

    Logistic, a usual form of the psychometric curve (Wichmann & Hill 2001, DOI 10.3758/bf03194544);
    certain nearby, nothing beyond the reach.
    """
    if share < _CERTAIN:
        return 1.0
    if share > 1.0:
        return 0.0
    return 1.0 / (1.0 + math.exp((share - _HALF_NOTICED) / _SLACK))


@compiled
def hidden_by_ground(g: Ground, x: float, y: float, z: float, x2: float, y2: float, z2: float):
    """Return whether ground or a house rises above the straight line between two points (heights above sea level)."""
    for k in range(1, _RAY_SAMPLES):
        s = k / _RAY_SAMPLES
        px, py = x + s * (x2 - x), y + s * (y2 - y)
        roof = g.maps[layer.ROOF, cell_of(py, g.cell, g.maps.shape[1]), cell_of(px, g.cell, g.maps.shape[1])]
        if height_at(g, px, py) + roof > z + s * (z2 - z):
            return True
    return False

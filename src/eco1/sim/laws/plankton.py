"""Plankton: a field of drifting patches, the sum of a few plane waves that the tide carries along.

Patchiness on many scales: Mackas, Denman & Abbott (1985), Bull. Mar. Sci. 37: 652-674. Waves are a simple stand-in.
"""

import math

from eco1.sim.compiled import compiled
from eco1.sim.ground import Conditions

_WAVES_M = (23.0, 37.0, 61.0)  # lengths: estimates
_DRIFT_MPS = 0.15
_LOOK_M = 6.0
_GOLDEN_RAD = 2.39996  # directions of the waves, spread evenly by the golden angle


@compiled
def density(c: Conditions, x: float, y: float):
    """Return the density of plankton at a place now, 0 .. 1; about a tenth of the water has more than 0.8."""
    total = 0.0
    for n in range(len(_WAVES_M)):
        angle = _GOLDEN_RAD * (n + 1) + 0.1 * (c.seed % 63)
        phase = 2 * math.pi * (x * math.cos(angle) + y * math.sin(angle) - _DRIFT_MPS * c.time) / _WAVES_M[n]
        total += math.sin(phase)
    return min(1.0, max(0.0, 0.5 + total / 3.6))


@compiled
def richest_direction(c: Conditions, x: float, y: float, heading_x: float, heading_y: float):
    """Return the unit direction, among ahead and the two sides, in which there is most plankton nearby."""
    best, best_x, best_y = -1.0, heading_x, heading_y
    for side in (0.0, 1.0, -1.0):
        cos, sin = math.cos(0.8 * side), math.sin(0.8 * side)
        dx, dy = heading_x * cos - heading_y * sin, heading_x * sin + heading_y * cos
        there = density(c, x + _LOOK_M * dx, y + _LOOK_M * dy)
        if there > best:
            best, best_x, best_y = there, dx, dy
    return best_x, best_y

"""How far a neck must bend for the mouth to reach the ground."""

import math

import numpy as np

from eco1.sensors.bodies.skeleton import HEAD, NECK, TORSO
from eco1.studio.plans import Proportions

_HEAD_DOWN_RAD = 1.05  # a grazing head points steeply down
_TRUNK_BEARER = (0.22, 0.10, 0.0)  # elephants pick up grass and water with the trunk
_STEEPEST_NECK_RAD = 1.15  # below the horizontal: a neck never points backwards
_MOST_TORSO_RAD = 0.22


def graze_angles(plan: Proportions, height_m: float, pivots_m: np.ndarray) -> tuple[float, float, float]:
    """Return the bend of neck, head and torso (rad, positive is down) that brings the mouth to the ground."""
    if "trunk" in plan.extras:
        return _TRUNK_BEARER
    neck = np.hypot(pivots_m[HEAD, 0], pivots_m[HEAD, 2])
    head = plan.head * height_m
    best = (0.0, 0.0, 0.0)
    for torso in np.linspace(0, _MOST_TORSO_RAD, 12):
        base = pivots_m[TORSO, 2] + pivots_m[NECK, 2] - math.sin(torso) * pivots_m[NECK, 0]
        for bend in np.linspace(0, plan.neck_rise + _STEEPEST_NECK_RAD, 45):
            down = max(_HEAD_DOWN_RAD, plan.head_drop)
            mouth = base + math.sin(plan.neck_rise - bend - torso) * neck - math.sin(down) * head
            best = (float(bend), float(down - plan.head_drop - bend - torso), float(torso))
            if mouth < 0.06 * height_m:
                return best
    return best

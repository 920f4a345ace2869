"""From what is seen of animals, and remembered of their motion, to where every part of them is."""

import math
from typing import Any

from eco1.sensors.bodies import skeleton
from eco1.sensors.bodies.frames import NOT_TURNED, Placement, put
from eco1.sensors.bodies.gait import stride_of
from eco1.sensors.bodies.legs import place_legs
from eco1.sensors.bodies.rhythm import fraction, going_mps
from eco1.sensors.bodies.spine import place_head, place_tail, place_torso
from eco1.sensors.bodies.stance import stance_of
from eco1.sensors.bodies.waves import wave_of
from eco1.sensors.bodies.wings import place_tentacles, place_wings
from eco1.sensors.compiled import compiled, entry

_IDLE_SPREAD_S = 40.0  # idle motion of animals of a kind is out of step
_PARTS = len(skeleton.PARTS)


@entry
def pose_all(rigs: Any, seen: Any, motion: Any, time_s: float, placed: Placement) -> None:
    """Fill ``placed``; arguments as in ``posing.pose``."""
    for i in range(len(seen)):
        pose_animal(rigs[seen[i].species], seen[i], motion[i], time_s, placed, i)


@compiled
def pose_animal(rig: Any, seen: Any, motion: Any, time_s: float, placed: Placement, i: int) -> None:
    """Fill row ``i`` of ``placed`` from the rows of one animal; arguments as in ``posing.pose``."""
    if not seen.shown:
        for part in range(_PARTS):
            put(placed, i, part, NOT_TURNED, (0.0, 0.0, 0.0), 0.0)
        return
    stance = stance_of(rig, seen, motion)
    idle_s = time_s + _IDLE_SPREAD_S * fraction(seen.identity)
    stride = stride_of(going_mps(rig, seen) / math.sqrt(stance.size), rig.hip_m, rig.gallops)
    wave = wave_of(rig, seen, motion)
    torso = place_torso(rig, motion, stance, stride, wave, idle_s, placed, i)
    place_head(rig, motion, stance, stride, wave, torso, idle_s, placed, i)
    place_tail(rig, motion, stance, stride, wave, torso, idle_s, placed, i)
    place_legs(rig, motion, stance, stride, torso, idle_s, placed, i)
    place_wings(rig, motion, stance, torso, idle_s, placed, i)
    place_tentacles(rig, motion, stance, torso, placed, i)

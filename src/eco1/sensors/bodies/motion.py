"""What must be remembered of each animal from picture to picture, and how it goes on."""

import math
from typing import Any

import numpy as np

from eco1.sensors.bodies import postures
from eco1.sensors.bodies.aims import aim, is_airborne
from eco1.sensors.bodies.rhythm import cycles_hz, fraction
from eco1.sensors.compiled import compiled, entry

_SETTLE_S = 0.35  # how quickly a posture follows behaviour: by eye
_LEAN_S = 0.25  # how quickly a body turns its nose up or down, and leans into a turn: by eye
_SLOW_SWIM, _SLOW_FLIGHT_MPS, _SLOW_CLIMB_MPS = 0.3, 1.0, 0.03  # below (lengths/s, m/s) bodies are held level
_STEEPEST_SWIM, _STEEPEST_FLIGHT, _STEEPEST_CLIMB = 1.2, 0.9, 1.45  # rad
_FLIGHT_SHARE = 0.6  # of the path's slope that a flying body shows

#: The memory of one animal. ``phase`` counts strides, tail beats or wing beats made so far; ``pitch_rad`` is how far
#: its nose points up on its way, ``turn_radps`` how fast it turns left; ``aim`` is where the posture settles.
MOTION = np.dtype(
    [
        ("posture", np.float64, len(postures.POSTURES)),
        ("aim", np.float64, len(postures.POSTURES)),
        ("phase", np.float64),
        ("look_rad", np.float64),
        ("heading_rad", np.float64),
        ("turn_radps", np.float64),
        ("pitch_rad", np.float64),
        ("identity", np.int64),
    ],
    align=True,
)
NOBODY = -1


@entry
def advance_all(rigs: Any, seen: Any, table: Any, motion: Any, time_s: float, dt_s: float) -> None:
    """Carry the memory of a scene on in place; arguments as in ``posing.advance``."""
    for i in range(len(seen)):
        advance_animal(rigs[seen[i].species], seen[i], table, motion[i], time_s, dt_s)


@compiled
def advance_animal(rig: Any, seen: Any, table: Any, motion: Any, time_s: float, dt_s: float) -> None:
    """Carry the memory of one animal on in place; arguments are rows of those of ``posing.advance``."""
    if not seen.shown:
        motion.identity = NOBODY
        return
    posture, wanted = motion.posture, motion.aim
    aim(rig, seen, table, time_s, wanted)
    fresh = motion.identity != seen.identity
    settled = 1.0 if fresh else 1.0 - math.exp(-dt_s / _SETTLE_S)
    for k in range(len(posture)):
        posture[k] += (wanted[k] - posture[k]) * settled
    if fresh:
        motion.identity, motion.phase = seen.identity, fraction(seen.identity)
    _lean(rig, seen, wanted, motion, fresh, dt_s)
    airborne = is_airborne(rig, seen, table)
    motion.phase += dt_s * cycles_hz(rig, seen, airborne, wanted[postures.SWING] > 0.0)
    motion.look_rad = 0.0 if seen.dead else _glance(seen, posture[postures.HEAD_UP], time_s)


@compiled
def _lean(rig: Any, seen: Any, wanted: Any, motion: Any, fresh: bool, dt_s: float) -> None:
    turned = seen.heading_rad - motion.heading_rad
    turned = math.atan2(math.sin(turned), math.cos(turned))
    turning = 0.0 if fresh or seen.dead or dt_s <= 0.0 else turned / dt_s
    settled = 1.0 if fresh else 1.0 - math.exp(-dt_s / _LEAN_S)
    motion.turn_radps += (turning - motion.turn_radps) * settled
    motion.pitch_rad += (_path_slope(rig, seen, wanted) - motion.pitch_rad) * settled
    motion.heading_rad = seen.heading_rad


@compiled
def _path_slope(rig: Any, seen: Any, wanted: Any) -> float:
    """How far the body's nose should point up, rad."""
    if seen.dead:
        return 0.0
    if seen.in_water:
        ahead = max(seen.speed_mps, _SLOW_SWIM * seen.length_m)
        return _within(math.atan2(seen.climb_mps, ahead), _STEEPEST_SWIM)
    if rig.flies and wanted[postures.FLY] > 0.0:
        ahead = max(seen.speed_mps, _SLOW_FLIGHT_MPS)
        return _within(_FLIGHT_SHARE * math.atan2(seen.climb_mps, ahead), _STEEPEST_FLIGHT)
    if rig.climbs and seen.lifted:
        return _within(math.atan2(seen.climb_mps, max(seen.speed_mps, _SLOW_CLIMB_MPS)), _STEEPEST_CLIMB)
    return 0.0


@compiled
def _within(x: float, most: float) -> float:
    return min(max(x, -most), most)


@compiled
def _glance(seen: Any, head_up: float, time_s: float) -> float:
    seed = fraction(seen.identity)
    wide = 0.5 * (1.1 * head_up + 0.15)
    return wide * (math.sin(0.5 * time_s + 30.0 * seed) + 0.5 * math.sin(1.3 * time_s + 50.0 * seed))

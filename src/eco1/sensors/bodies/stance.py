"""Where a body as a whole is: on its feet, on its side, below a branch, nose up, leaning into a turn."""

import math
from typing import Any, NamedTuple

from eco1.sensors.bodies import postures, skeleton
from eco1.sensors.bodies.frames import NOT_TURNED, Point, Rotation, moved, turned_x, turned_y, turned_z
from eco1.sensors.bodies.gait import STANDARD_GRAVITY_MPS2, smooth
from eco1.sensors.bodies.rhythm import fraction
from eco1.sensors.compiled import compiled

_ON_ITS_SIDE, _BELLY_UP = 1.45, math.pi
_FEEDING_PITCH = -0.6  # rad, of a swimmer that feeds from the bottom
_JETTING_PITCH = -1.45  # an octopus travels with its mantle ahead
_STEEPEST_BANK, _SWIMMING_BANK = 1.0, 0.4  # rad; share of a flyer's bank that a swimmer shows
_NO_HANGING_FROM = 0.6  # rad, how steep a trunk is that is climbed rather than hung from


class Stance(NamedTuple):
    """The frame in which a body stands at rest: ``x_world = origin + size * turn @ x_body``."""

    turn: Rotation
    origin: Point
    size: float


@compiled
def stance_of(rig: Any, seen: Any, motion: Any) -> Stance:
    """Return the frame of one animal; arguments are rows of ``rigs.RIG``, ``seen.SEEN`` and ``motion.MOTION``."""
    p = motion.posture
    size = max(seen.scale, 0.01)
    carried = min(p[postures.FLY] + p[postures.SWIM], 1.0)  # by air or water
    slope = 0.0 if seen.lifted or seen.in_water else -math.atan(seen.rise)
    m = turned_z(NOT_TURNED, seen.heading_rad)
    m = turned_y(m, slope - motion.pitch_rad * (1.0 - carried))
    if p[postures.HANG] > 0.0:
        m = turned_x(m, math.pi * p[postures.HANG] * (1.0 - smooth(abs(motion.pitch_rad) / _NO_HANGING_FROM)))
    origin = (seen.position_m[0], seen.position_m[1], seen.position_m[2])
    roll = _roll(seen, motion)
    by_activity = _FEEDING_PITCH * p[postures.HEAD_DOWN] + _JETTING_PITCH * p[postures.JET]
    pitch = motion.pitch_rad * carried + by_activity * p[postures.SWIM]
    if roll == 0.0 and pitch == 0.0:
        return Stance(m, origin, size)
    middle = rig.pivots_m[skeleton.TORSO, 2]
    about = moved(origin, m, 0.0, 0.0, size * (middle + p[postures.DEAD] * (rig.half_width_m - middle)))
    m = turned_x(turned_y(m, -pitch), roll)
    return Stance(m, moved(about, m, 0.0, 0.0, -size * middle), size)


@compiled
def _roll(seen: Any, motion: Any) -> float:
    p = motion.posture
    bank = math.atan(seen.speed_mps * motion.turn_radps / STANDARD_GRAVITY_MPS2)
    bank *= p[postures.FLY] + p[postures.SWIM] * _SWIMMING_BANK
    fallen = _BELLY_UP if seen.in_water else _ON_ITS_SIDE
    side = 1.0 if fraction(seen.identity) < 0.5 else -1.0
    return p[postures.DEAD] * side * fallen - min(max(bank, -_STEEPEST_BANK), _STEEPEST_BANK)

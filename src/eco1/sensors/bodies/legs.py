"""Legs and arms: feet where the gait puts them, or folded, tucked up, sitting, swinging. Compiled by Numba.

Angles of both bones are from straight down, forward positive, in the upright plane of the leg.
"""

import math
from typing import Any

from eco1.sensors.bodies import postures, skeleton
from eco1.sensors.bodies.frames import Placement, Rotation, jointed, moved, put, turned_y, turned_z
from eco1.sensors.bodies.gait import Stride, foot_path, footfall, two_bone_angles
from eco1.sensors.bodies.spine import Torso
from eco1.sensors.bodies.stance import Stance
from eco1.sensors.compiled import compiled

# Angles of upper and lower bone in postures that do not depend on the ground, all by eye. Fore and hind legs lie folded
# in opposite ways; flying and swimming bodies stretch their legs back; a swooping bird throws its feet forward.
_LYING = ((-1.05, 1.45), (1.15, -1.35))
_TRAILING = (-1.25, -1.65)
_GRASPING = (1.0, 0.55)
_SITTING = (0.5, 1.1)  # forelegs, free to hold food
_TUCKED = (0.9, -0.7)  # hind legs of a body that hangs by its arms
_REACHING, _RAISED = (1.2, 1.45), (2.3, 2.7)  # a person's right arm that gives, that shoos
_ARM_SWING, _ELBOW = 0.5, 0.25
_GRIP_SWING = 0.5
# Insects' feet point this far from straight ahead: fore, hind and middle.
_SPLAY_RAD = (0.85, 2.3, 1.57)
_DANGLE = 0.6  # share by which they draw their feet in when they fly
_LEFT, _RIGHT = 1.0, -1.0


@compiled
def place_legs(
    rig: Any, motion: Any, stance: Stance, stride: Stride, torso: Torso, idle_s: float, placed: Placement, i: int
) -> None:
    """Place the four legs, or the six of an insect; the arguments are those of ``spine.place_torso``."""
    for leg in range(4):
        if rig.upper_m[leg] <= 0.0 or (leg < 2 and rig.biped and not rig.has_arms):
            put(placed, i, skeleton.FIRST_LEG + 2 * leg, stance.turn, stance.origin, 0.0)
            put(placed, i, skeleton.FIRST_LEG + 2 * leg + 1, stance.turn, stance.origin, 0.0)
        elif rig.six_legged:
            _place_insect_leg(rig, motion, stance, stride, torso, leg, placed, i)
        else:
            _place_leg(rig, motion, stance, stride, torso, leg, idle_s, placed, i)
    for side in range(2):
        if rig.six_legged:
            _place_insect_leg(rig, motion, stance, stride, torso, 4 + side, placed, i)
        else:
            put(placed, i, skeleton.FIRST_MID + side, stance.turn, stance.origin, 0.0)


@compiled
def _place_leg(
    rig: Any, motion: Any, stance: Stance, stride: Stride, torso: Torso, leg: int, idle_s: float,
    placed: Placement, i: int,
) -> None:  # fmt: skip
    rest = rig.pivots_m[skeleton.FIRST_LEG + 2 * leg]
    if leg < 2 and rig.has_arms:
        upper, lower = _arm(motion, stride, leg, idle_s)
    else:
        cos, sin = math.cos(torso.pitch_rad), math.sin(torso.pitch_rad)
        hip_x, hip_z = rest[0] * cos + rest[2] * sin, torso.height_m + rest[2] * cos - rest[0] * sin
        ahead, lift = foot_path(stride, motion.phase, footfall(stride, leg, rig.biped, False))
        foot_x = rest[0] + ahead
        if leg >= 2 and rig.sits_up and motion.posture[postures.UPRIGHT] > 0.5:
            foot_x = hip_x + 0.02 * rig.hip_m
        bend = 1.0 if leg < 2 else -1.0  # wrists bend forward, hocks backward
        upper, lower = two_bone_angles(foot_x - hip_x, hip_z - lift, rig.upper_m[leg], rig.lower_m[leg], bend)
        upper, lower = _postured(rig, motion, leg, upper, lower)
    hip = jointed(torso.origin, torso.turn, rest, stance.size)
    _put_bones(rig, stance, stance.turn, hip, leg, upper, lower, placed, i)


@compiled
def _put_bones(
    rig: Any, stance: Stance, plane: Rotation, hip: Any, leg: int, upper: float, lower: float,
    placed: Placement, i: int,
) -> None:  # fmt: skip
    part = skeleton.FIRST_LEG + 2 * leg
    thigh = turned_y(plane, -upper)
    put(placed, i, part, thigh, hip, stance.size)
    knee = moved(hip, thigh, 0.0, 0.0, -rig.upper_m[leg] * stance.size)
    put(placed, i, part + 1, turned_y(plane, -lower), knee, stance.size)


@compiled
def _postured(rig: Any, motion: Any, leg: int, upper: float, lower: float) -> tuple[float, float]:
    """Mix the angles of a walking leg with those of what else the body does."""
    p, fore = motion.posture, leg < 2
    lying = _LYING[0] if fore else _LYING[1]
    trailing = max(p[postures.FLY], p[postures.SWIM])
    upper += p[postures.LIE] * (lying[0] - upper)
    lower += p[postures.LIE] * (lying[1] - lower)
    upper += trailing * (_TRAILING[0] - upper)
    lower += trailing * (_TRAILING[1] - lower)
    if fore and rig.sits_up:
        upper += p[postures.UPRIGHT] * (_SITTING[0] - upper)
        lower += p[postures.UPRIGHT] * (_SITTING[1] - lower)
    if p[postures.SWOOP] > 0.0 and not fore:
        upper += p[postures.SWOOP] * (_GRASPING[0] - upper)
        lower += p[postures.SWOOP] * (_GRASPING[1] - lower)
    if p[postures.SWING] > 0.0:
        hand = math.pi + (-1.0 if leg == 0 else 1.0) * _GRIP_SWING * math.cos(2.0 * math.pi * motion.phase)
        upper += p[postures.SWING] * ((hand if fore else _TUCKED[0]) - upper)
        lower += p[postures.SWING] * ((hand if fore else _TUCKED[1]) - lower)
    return upper, lower


@compiled
def _arm(motion: Any, stride: Stride, leg: int, idle_s: float) -> tuple[float, float]:
    """A person's arm swings with the leg of the other side, gives with the right, waves both."""
    p = motion.posture
    going = min(stride.froude / 0.3, 1.0)
    upper = _ARM_SWING * going * math.cos(2.0 * math.pi * (motion.phase + footfall(stride, leg, True, False)))
    lower = upper + _ELBOW * (1.0 + 3.0 * min(stride.froude, 1.0))
    gives = p[postures.REACH] if leg == 1 else 0.0
    upper += gives * (_REACHING[0] - upper)
    lower += gives * (_REACHING[1] - lower)
    waves = p[postures.WAVE] if leg == 1 else 0.6 * p[postures.WAVE]
    upper += waves * (_RAISED[0] - upper)
    lower += waves * (_RAISED[1] + 0.5 * math.sin(9.0 * idle_s) - lower)
    return upper, lower


@compiled
def _place_insect_leg(
    rig: Any, motion: Any, stance: Stance, stride: Stride, torso: Torso, leg: int, placed: Placement, i: int
) -> None:
    """Insects stand with their feet far out and their knees up; middle legs are one piece."""
    flies = motion.posture[postures.FLY]
    middle = leg >= 4
    part = skeleton.FIRST_MID + leg - 4 if middle else skeleton.FIRST_LEG + 2 * leg
    bones = 2 if middle else leg
    hip = jointed(torso.origin, torso.turn, rig.pivots_m[part], stance.size)
    ahead, lift = foot_path(stride, motion.phase, footfall(stride, leg, False, True))
    down = torso.height_m + rig.pivots_m[part, 2] - lift
    reach = skeleton.MID_REACH * (rig.upper_m[bones] + rig.lower_m[bones])
    out = math.sqrt(max(reach * reach - down * down, 0.0))
    x = out * math.cos(_SPLAY_RAD[leg // 2]) + ahead
    y = (_LEFT if leg % 2 == 0 else _RIGHT) * out * math.sin(_SPLAY_RAD[leg // 2])
    plane = turned_z(stance.turn, math.atan2(y, x))
    if middle:  # swings from the hip at its one length
        put(placed, i, part, turned_y(plane, -math.atan2(out * (1.0 - _DANGLE * flies), down)), hip, stance.size)
        return
    far = math.sqrt(x * x + y * y) * (1.0 - _DANGLE * flies)
    upper, lower = two_bone_angles(far, down, rig.upper_m[bones], rig.lower_m[bones], 1.0)
    _put_bones(rig, stance, plane, hip, leg, upper, lower, placed, i)

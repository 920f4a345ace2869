"""The middle line of a body: torso, neck, head and trunk, tail. Scalar functions compiled by Numba.

Angles are in radians about the sideways axis, positive nose-down. Arguments: rows of ``rigs.RIG`` and
``motion.MOTION``, the stance, stride and wave of the animal, and a clock for what idle bodies do; row ``i`` of
``placed`` is filled.
"""

import math
from typing import Any, NamedTuple

from eco1.sensors.bodies import postures, skeleton, waves
from eco1.sensors.bodies.frames import Placement, Point, Rotation, jointed, moved, put, turned_y, turned_z
from eco1.sensors.bodies.gait import STANDARD_GRAVITY_MPS2, Stride
from eco1.sensors.bodies.rigs import JET, ON_LAND
from eco1.sensors.bodies.stance import Stance
from eco1.sensors.bodies.waves import Wave, swayed
from eco1.sensors.compiled import compiled

_SITTING_PITCH, _SWINGING_PITCH, _FLYING_PITCH = -1.32, -1.2, 0.45
_RUNNING_LEAN = 0.15  # of people
_GRIP = 0.9  # share of its arms' length that a swinging body hangs below its hands
_MANED_FROM = 0.8  # share of adult length from which manes show, on every second animal
_WAGGLE_RAD, _WAGGLE_RADPS = 0.25, 82.0  # a dancing bee shakes about 13 times a second: by eye


class Torso(NamedTuple):
    """Where the torso is: pitch and height in the frame of the stance, and its frame in the world."""

    pitch_rad: float
    height_m: float
    turn: Rotation
    origin: Point


@compiled
def place_torso(
    rig: Any, motion: Any, stance: Stance, stride: Stride, wave: Wave, idle_s: float, placed: Placement, i: int
) -> Torso:
    """Place the torso and return where it is."""
    p = motion.posture
    pitch, height = _pitch(rig, p, stride, motion.phase), _height(rig, p, stride, motion.phase)
    if p[postures.SWING] > 0.0:
        swinging = _SWINGING_PITCH + 0.2 * math.sin(4.0 * math.pi * motion.phase)
        pitch += p[postures.SWING] * (swinging - pitch)
        arm = rig.pivots_m[skeleton.FIRST_LEG]
        shoulder = arm[2] * math.cos(pitch) - arm[0] * math.sin(pitch)
        height += p[postures.SWING] * (-_GRIP * (rig.upper_m[0] + rig.lower_m[0]) - shoulder - height)
    m = turned_y(stance.turn, pitch)
    if p[postures.WAGGLE] > 0.0:
        m = turned_z(m, p[postures.WAGGLE] * _WAGGLE_RAD * math.sin(_WAGGLE_RADPS * idle_s))
    m = swayed(m, wave, waves.TORSO_AT, waves.TORSO_AT)
    origin = moved(stance.origin, stance.turn, 0.0, 0.0, height * stance.size)
    put(placed, i, skeleton.TORSO, m, origin, stance.size)
    return Torso(pitch, height, m, origin)


@compiled
def _pitch(rig: Any, p: Any, stride: Stride, phase: float) -> float:
    pitch = rig.graze_torso_rad * p[postures.HEAD_DOWN] * (1.0 - p[postures.LIE]) * (1.0 - p[postures.SWIM])
    pitch += 0.085 * stride.gallop * math.sin(2.0 * math.pi * phase)
    if rig.sits_up:
        pitch += _SITTING_PITCH * p[postures.UPRIGHT]
    if rig.biped:
        pitch += _FLYING_PITCH * p[postures.FLY]
    if rig.has_arms:
        pitch += _RUNNING_LEAN * min(stride.froude, 1.0)
    return pitch


@compiled
def _height(rig: Any, p: Any, stride: Stride, phase: float) -> float:
    cycle, hip = 2.0 * math.pi * phase, rig.hip_m
    height = rig.pivots_m[skeleton.TORSO, 2] - 0.97 * rig.belly_m * p[postures.LIE] * (1.0 - p[postures.SWIM])
    if rig.has_legs:
        speed = math.sqrt(stride.froude * STANDARD_GRAVITY_MPS2 * hip)
        going = min(1.0, speed / (0.5 * math.sqrt(hip))) * (1.0 - p[postures.SWIM])
        walk, gallop = 0.012 * math.cos(2.0 * cycle), 0.05 * math.cos(cycle + 0.6)
        height += hip * going * (walk * (1.0 - stride.gallop) + gallop * stride.gallop)
        if not rig.biped:
            height -= 0.26 * hip * p[postures.CROUCH] * (1.0 - p[postures.LIE])
    elif rig.swims == JET:
        height *= 1.0 - 0.4 * max(p[postures.CROUCH], 0.5 * p[postures.LIE])
    if rig.sits_up:
        height += 0.28 * rig.torso_reach_m * p[postures.UPRIGHT]
    return height


@compiled
def place_head(
    rig: Any, motion: Any, stance: Stance, stride: Stride, wave: Wave, torso: Torso, idle_s: float,
    placed: Placement, i: int,
) -> None:  # fmt: skip
    """Place neck, mane, head and trunk."""
    p, size, pivots = motion.posture, stance.size, rig.pivots_m
    on_land = 1.0 - p[postures.SWIM]
    down = max(p[postures.HEAD_DOWN], 0.55 * p[postures.CURL]) * on_land
    stretched = stride.gallop * 0.22 + 0.35 * p[postures.CROUCH] * (1.0 - down) + 0.75 * p[postures.FLY]
    nod = 0.035 * math.sin(4.0 * math.pi * motion.phase) * (1.0 - stride.gallop) * on_land * (1.0 - p[postures.FLY])
    neck = rig.graze_neck_rad * down + rig.browse_neck_rad * p[postures.HEAD_UP] * (1.0 - down) + stretched + nod
    neck += 0.05 * down * math.sin(2.2 * idle_s) - torso.pitch_rad * (1.0 - down) * 0.5
    if rig.sits_up:
        neck += 1.1 * p[postures.UPRIGHT]
    head = rig.graze_head_rad * down - 0.25 * p[postures.HEAD_UP] * on_land - 0.6 * stretched - nod
    look = motion.look_rad * (1.0 - 0.7 * p[postures.SWIM])
    turn = turned_y(turned_z(torso.turn, 0.55 * look), neck)
    turn = swayed(turn, wave, waves.NECK_AT, waves.TORSO_AT)
    at = jointed(torso.origin, torso.turn, pivots[skeleton.NECK], size)
    put(placed, i, skeleton.NECK, turn, at, size)
    maned = motion.identity % 2 == 0 and size > _MANED_FROM
    put(placed, i, skeleton.MANE, turn, jointed(at, turn, pivots[skeleton.MANE], size), size if maned else 0.0)
    at = jointed(at, turn, pivots[skeleton.HEAD], size)
    turn = swayed(turned_y(turned_z(turn, 0.45 * look), head), wave, waves.HEAD_AT, waves.NECK_AT)
    put(placed, i, skeleton.HEAD, turn, at, size)
    _place_trunk(rig, motion, stance, torso.pitch_rad + neck + head, turn, at, idle_s, placed, i)


@compiled
def _place_trunk(
    rig: Any, motion: Any, stance: Stance, facing_rad: float, head: Rotation, head_at: Point, idle_s: float,
    placed: Placement, i: int,
) -> None:  # fmt: skip
    p, pivots, size, lives = motion.posture, rig.pivots_m, stance.size, 1.0 - motion.posture[postures.DEAD]
    raised = min(max(2.0 * p[postures.HEAD_UP] - 1.0, 0.0), 1.0)
    hang = 0.12 * math.sin(1.1 * idle_s) * lives + 0.12 * math.sin(2.0 * math.pi * motion.phase) - facing_rad
    turn = turned_y(head, hang - 1.9 * raised + 0.25 * p[postures.HEAD_DOWN])
    at = jointed(head_at, head, pivots[skeleton.TRUNK_UPPER], size)
    put(placed, i, skeleton.TRUNK_UPPER, turn, at, size)
    curl = 0.25 * math.sin(0.9 * idle_s + 1.0) * lives - 0.9 * raised
    curl += 0.9 * p[postures.HEAD_DOWN] * (0.5 + 0.5 * math.sin(0.8 * idle_s))
    at = jointed(at, turn, pivots[skeleton.TRUNK_LOWER], size)
    put(placed, i, skeleton.TRUNK_LOWER, turned_y(turn, curl), at, size)


@compiled
def place_tail(
    rig: Any, motion: Any, stance: Stance, stride: Stride, wave: Wave, torso: Torso, idle_s: float,
    placed: Placement, i: int,
) -> None:  # fmt: skip
    """Place the tail, and what follows it in long tails."""
    p, pivots, size = motion.posture, rig.pivots_m, stance.size
    on_land = 1.0 - p[postures.SWIM]
    lively = min(max(math.sin(0.37 * idle_s) + 0.4, 0.0), 1.0) * (1.0 - p[postures.DEAD]) * on_land
    swish = 0.35 * math.sin(2.1 * idle_s) * lively
    lift = (
        0.75 * stride.gallop
        - 0.3 * p[postures.CROUCH]
        - 0.5 * p[postures.FLY]
        + 0.6 * p[postures.LIE]
        + 0.5 * p[postures.DISPLAY]
        + 0.4 * p[postures.SWING]
    )
    if rig.sits_up:
        lift += 0.8 * p[postures.UPRIGHT]
    if rig.slithers:
        lift = swish = 0.0
    if rig.swims != ON_LAND:
        lift *= 0.3  # seals only raise their hind flippers a little
    lift *= on_land
    turn = swayed(turned_y(turned_z(torso.turn, swish), lift), wave, waves.TAIL_AT, waves.TORSO_AT)
    at = jointed(torso.origin, torso.turn, pivots[skeleton.TAIL], size)
    put(placed, i, skeleton.TAIL, turn, at, size)
    if rig.has_tail_chain:
        at = jointed(at, turn, pivots[skeleton.TAIL_MID], size)
        turn = swayed(turned_y(turned_z(turn, 0.8 * swish), -0.4 * lift), wave, waves.TAIL_MID_AT, waves.TAIL_AT)
        put(placed, i, skeleton.TAIL_MID, turn, at, size)
        at = jointed(at, turn, pivots[skeleton.TAIL_TIP], size)
        turn = swayed(turned_y(turned_z(turn, 0.6 * swish), -0.4 * lift), wave, waves.TAIL_TIP_AT, waves.TAIL_MID_AT)
        put(placed, i, skeleton.TAIL_TIP, turn, at, size)
    else:
        put(placed, i, skeleton.TAIL_MID, turn, at, 0.0)
        put(placed, i, skeleton.TAIL_TIP, turn, at, 0.0)

"""Wings, fins and flippers, and the arms of an octopus. Scalar functions compiled by Numba."""

import math
from typing import Any, NamedTuple

from eco1.sensors.bodies import postures, skeleton
from eco1.sensors.bodies.frames import Placement, jointed, put, turned_x, turned_y, turned_z
from eco1.sensors.bodies.rigs import CLOSED_ABOVE, FLIPPERS, HIDDEN, LAID_BACK, ON_LAND, WINGS
from eco1.sensors.bodies.spine import Torso
from eco1.sensors.bodies.stance import Stance
from eco1.sensors.compiled import compiled

# All by eye, rad. Half of a wing beat from middle to top, how far the hand lags, how wings are held.
_BIRD_BEAT, _INSECT_BEAT, _HAND_LAG = 0.65, 1.1, 0.9
_DIHEDRAL, _HAND_DIHEDRAL = 0.13, 0.10
_LEVEL = -0.45  # wings stay level while the body tips forward
_SWEPT_ARM, _SWEPT_HAND = 0.3, 0.9  # in a dive
_CLOSED, _FOLDED_BACK = 1.45, 1.25  # butterflies, bees
_SHOWN = 0.7  # birds that display open their wings so far
_FIN_ROLL, _FIN_SWEEP, _SCULL, _SCULL_RADPS = -0.35, 0.5, 0.25, 3.0
_FLIPPER_BEAT, _FLIPPER_TWIST, _MANTA_BEAT = 0.75, 0.45, 0.5
_ARM_WALKING, _ARM_TRAILING, _ARM_FLAT, _ARM_RIPPLE, _ARM_LAG = 1.15, 0.12, 1.45, 0.1, 2.4


class Beat(NamedTuple):
    """How both wings are held now, mirrored left to right; angles in rad from spread and level."""

    inner_roll: float  # tips up
    outer_roll: float
    inner_sweep: float  # tips back
    outer_sweep: float
    twist: float  # leading edge down
    shown: float  # scale


@compiled
def place_wings(rig: Any, motion: Any, stance: Stance, torso: Torso, idle_s: float, placed: Placement, i: int) -> None:
    """Place wings, fins or flippers; arguments as in ``spine``."""
    if not rig.has_wings:
        for part in range(skeleton.FIRST_WING, skeleton.FIRST_WING + 4):
            put(placed, i, part, torso.turn, torso.origin, 0.0)
        return
    if rig.swims == ON_LAND:
        beat = _wing_beat(rig, motion)
    elif rig.swims == FLIPPERS or rig.swims == WINGS:
        beat = _stroke(rig, motion)
    else:
        beat = _fins(motion, idle_s)
    for k in range(2):
        side, first = 1.0 - 2.0 * k, skeleton.FIRST_WING + 2 * k
        at = jointed(torso.origin, torso.turn, rig.pivots_m[first], stance.size)
        m = turned_z(turned_y(torso.turn, beat.twist), side * beat.inner_sweep)
        m = turned_x(m, side * beat.inner_roll)
        put(placed, i, first, m, at, stance.size * beat.shown)
        at = jointed(at, m, rig.pivots_m[first + 1], stance.size)
        m = turned_x(turned_z(m, side * beat.outer_sweep), side * beat.outer_roll)
        put(placed, i, first + 1, m, at, stance.size * beat.shown)


@compiled
def _wing_beat(rig: Any, motion: Any) -> Beat:
    p, cycle = motion.posture, 2.0 * math.pi * motion.phase
    wide = p[postures.FLAP] * (_INSECT_BEAT if rig.six_legged else _BIRD_BEAT)
    up, late = wide * math.sin(cycle), wide * math.sin(cycle - _HAND_LAG)
    roll, hand = _DIHEDRAL + up, _HAND_DIHEDRAL + 0.7 * late - 0.5 * up
    sweep, twist, shown, at_rest = _SWEPT_ARM * p[postures.SWOOP], _LEVEL * p[postures.FLY], 1.0, 1.0 - p[postures.FLY]
    if rig.six_legged:
        twist = hand = 0.0
    if rig.wings_at_rest == HIDDEN:
        shown = min(max(p[postures.FLY], _SHOWN * p[postures.DISPLAY] * (1.0 - p[postures.DEAD])), 1.0)
        roll += 0.4 * at_rest * p[postures.DISPLAY]
    elif rig.wings_at_rest == LAID_BACK:
        sweep += at_rest * _FOLDED_BACK
    elif rig.wings_at_rest == CLOSED_ABOVE:
        roll += at_rest * (_CLOSED - roll)
    return Beat(roll, hand, sweep, _SWEPT_HAND * p[postures.SWOOP], twist, shown)


@compiled
def _stroke(rig: Any, motion: Any) -> Beat:
    """Turtles row with a twist; a manta's wing tips follow their roots."""
    p, cycle = motion.posture, 2.0 * math.pi * motion.phase
    going = p[postures.SWIM] * (1.0 - p[postures.DEAD])
    up, late = math.sin(cycle) * going, math.sin(cycle - _HAND_LAG) * going
    if rig.swims == WINGS:
        return Beat(_MANTA_BEAT * up, _MANTA_BEAT * late, 0.0, 0.0, 0.15 * late, 1.0)
    twist = _FLIPPER_TWIST * math.cos(cycle) * going
    return Beat(_FLIPPER_BEAT * up, 0.5 * _FLIPPER_BEAT * late, 0.25, 0.25, twist, 1.0)


@compiled
def _fins(motion: Any, idle_s: float) -> Beat:
    p = motion.posture
    scull = _SCULL * math.sin(_SCULL_RADPS * idle_s) * p[postures.SWIM] * (1.0 - p[postures.DEAD])
    return Beat(
        _FIN_ROLL + scull + 0.3 * p[postures.DISPLAY],
        0.5 * scull,
        _FIN_SWEEP - 0.3 * p[postures.DISPLAY],
        0.2,
        0.0,
        1.0,
    )


@compiled
def place_tentacles(rig: Any, motion: Any, stance: Stance, torso: Torso, placed: Placement, i: int) -> None:
    """Place the arms of an octopus: spread and rippling as it walks, trailing as it jets, flat as it hides."""
    p, cycle = motion.posture, 2.0 * math.pi * motion.phase
    lives = 1.0 - p[postures.DEAD]
    spread = _ARM_WALKING + (_ARM_FLAT - _ARM_WALKING) * max(p[postures.CROUCH], p[postures.LIE])
    pulse = _ARM_TRAILING + 0.25 * max(math.sin(cycle), 0.0)
    spread += p[postures.JET] * (pulse - spread) + 0.5 * p[postures.DISPLAY]
    ripple = _ARM_RIPPLE * lives * (1.0 - p[postures.CROUCH])
    for arm in range(skeleton.ARMS):
        part = skeleton.FIRST_ARM + arm
        if not rig.has_tentacles:
            put(placed, i, part, torso.turn, torso.origin, 0.0)
            continue
        pivot = rig.pivots_m[part]
        side = math.atan2(pivot[1], pivot[0])
        wave = ripple * (1.0 + math.sin(cycle + _ARM_LAG * arm))  # arms are lifted off the ground, never into it
        m = turned_y(turned_z(torso.turn, side + wave), -spread - wave)
        put(placed, i, part, m, jointed(torso.origin, torso.turn, pivot, stance.size), stance.size)

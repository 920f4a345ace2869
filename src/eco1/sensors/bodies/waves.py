"""Waves that run tailwards through fish, snakes, dolphins and seals on ice, and the coils of a snake at rest."""

import math
from typing import Any, NamedTuple

from eco1.sensors.bodies import postures
from eco1.sensors.bodies.frames import Rotation, turned_y, turned_z
from eco1.sensors.bodies.rigs import SIDEWAYS, UPRIGHT
from eco1.sensors.compiled import compiled

#: Pieces of the middle line, from head to tail.
HEAD_AT, NECK_AT, TORSO_AT, TAIL_AT, TAIL_MID_AT, TAIL_TIP_AT = range(-2, 4)

# Swing of each piece at full effort, rad: a + b s + c s^2 over the pieces s. Fish: the tip sweeps about a fifth of the
# length from side to side, as Bainbridge (1958), J. Exp. Biol. 35:109-133 found from 5 beats per second on.
_FISH, _SNAKE, _SEAL = (0.05, 0.05, 0.031), (0.5, 0.0, 0.0), (0.12, 0.06, 0.0)
_LAG_RAD = 1.2  # from one piece to the next: by eye, a wave about as long as a fish
_FULL_EFFORT = 2.75  # body lengths per second, at which Bainbridge's fish beat 5 times a second
_LEAST_EFFORT = 0.25  # of a body that keeps its place: by eye
_CRAWLS_FULLY = 0.1  # body lengths per second from which a crawler's wave is at its widest: by eye
_COIL_RAD = 1.35  # from piece to piece of a snake at rest
_BEND_S, _MOST_BEND = 0.12, 0.35  # how far a long body curves into a turn: by eye


class Wave(NamedTuple):
    """A wave along one body. ``bend_rad`` is what every joint adds: curving left, or coiled."""

    effort: float  # 0 .. 1
    cycle_rad: float
    swing: tuple[float, float, float]
    up_and_down: bool
    bend_rad: float


@compiled
def wave_of(rig: Any, seen: Any, motion: Any) -> Wave:
    """Return the wave of one animal, of no effort for those that do not move so."""
    p = motion.posture
    lengths_per_s = seen.speed_mps / seen.length_m
    by_wave = rig.swims == SIDEWAYS or rig.swims == UPRIGHT
    lives, swims = 1.0 - p[postures.DEAD], p[postures.SWIM]
    effort = _LEAST_EFFORT + (1.0 - _LEAST_EFFORT) * min(lengths_per_s / _FULL_EFFORT, 1.0)
    crawls = min(lengths_per_s / _CRAWLS_FULLY, 1.0) * (1.0 - p[postures.LIE])
    swing, up_and_down = _FISH, rig.swims == UPRIGHT
    if rig.slithers:
        swing, effort = _SNAKE, min(2.0 * effort, 1.0) * (1.0 - p[postures.LIE])
    elif swims < 0.5:
        swing, up_and_down = _SEAL, True
    effort = lives * (swims * effort + (1.0 - swims) * crawls) if rig.slithers or by_wave else 0.0
    bend = 0.0
    if rig.slithers or by_wave:
        bend = min(max(_BEND_S * motion.turn_radps, -_MOST_BEND), _MOST_BEND) * lives
    if rig.slithers:
        bend += (_COIL_RAD - bend) * p[postures.LIE]
    return Wave(effort, 2.0 * math.pi * motion.phase, swing, up_and_down, bend)


@compiled
def sway(wave: Wave, piece: int) -> float:
    """Return how far a piece of the middle line is turned from its rest, rad."""
    a, b, c = wave.swing
    return wave.effort * (a + b * piece + c * piece * piece) * math.sin(wave.cycle_rad - _LAG_RAD * piece)


@compiled
def swayed(m: Rotation, wave: Wave, piece: int, parent: int) -> Rotation:
    """Return the frame of a piece from ``m``, its parent's frame with whatever else turns the piece."""
    if wave.effort == 0.0 and wave.bend_rad == 0.0:
        return m
    turn = sway(wave, piece) - (sway(wave, parent) if parent != piece else 0.0)
    bend = 0.0
    if piece != parent:
        bend = wave.bend_rad if piece < TORSO_AT else -wave.bend_rad
    if wave.up_and_down:
        return turned_z(turned_y(m, turn), bend)
    return turned_z(m, turn + bend)

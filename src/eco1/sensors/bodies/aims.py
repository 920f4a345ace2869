"""Which posture an animal is on its way to, from what it does and what carries it. Compiled by Numba."""

import math
from typing import Any

from eco1.sensors.bodies import postures
from eco1.sensors.bodies.gait import smooth
from eco1.sensors.bodies.rhythm import fraction
from eco1.sensors.bodies.rigs import JET
from eco1.sensors.compiled import compiled

_LYING_BELOW_MPS = 0.3  # nobody lies, crouches or sits up while walking on
_STANDING_DOZERS = 0.4  # share of those that might lie
_GROWN = 0.6  # share of adult length from which they doze on their feet
_BEAT, _GLIDING, _HARD = 0.8, 0.12, 1.0  # how wide wings beat in flight, while gliding and while climbing
_BOUT_RAD_PS = 0.9  # gliders beat and glide in turns of about seven seconds
_SINKS_MPS, _CLIMBS_MPS = -0.8, 0.8  # gliders hold their wings still going down and beat hard going up
_SLOW = 0.5  # body lengths per second up to which a swimmer feeds, rests or hides
_JETS_FROM, _JETS_AT = 0.8, 1.6  # body lengths per second between which an octopus stops walking and jets


@compiled
def aim(rig: Any, seen: Any, table: Any, time_s: float, out: Any) -> None:
    """Write the posture (K,), each entry 0..1, that behaviour and circumstances ask for.

    Args:
        rig: row of ``rigs.RIG``.
        seen: row of ``seen.SEEN``.
        table: of ``posture_table`` (C, K).
        time_s: clock of the scene, for the turns in which birds beat and glide.
        out: (K,).
    """
    behavior = _row(seen, table)
    for k in range(len(out)):
        out[k] = 0.0 if seen.dead else table[behavior, k]
    if seen.dead:
        out[postures.DEAD] = 1.0
        out[postures.SWIM] = 1.0 if seen.in_water else 0.0
    elif seen.in_water:
        _aim_in_water(rig, seen, out)
    elif is_airborne(rig, seen, table):
        _aim_in_air(seen, rig.glides, time_s, out)
    else:
        _aim_on_feet(rig, seen, out)


@compiled
def is_airborne(rig: Any, seen: Any, table: Any) -> bool:
    """Return whether wings carry an animal: off the ground, unless it sits still on what we do not see."""
    still = seen.speed_mps < _LYING_BELOW_MPS and abs(seen.climb_mps) < _LYING_BELOW_MPS
    return rig.flies and seen.lifted and not seen.dead and not (still and table[_row(seen, table), postures.FLY] == 0.0)


@compiled
def _row(seen: Any, table: Any) -> int:
    unknown = len(table) - 1
    return seen.behavior if 0 <= seen.behavior < unknown else unknown


@compiled
def _aim_on_feet(rig: Any, seen: Any, out: Any) -> None:
    if seen.speed_mps > _LYING_BELOW_MPS:
        out[postures.LIE] = out[postures.CURL] = out[postures.UPRIGHT] = 0.0
    if rig.slithers:  # coils wherever others sit, crouch or lie
        out[postures.LIE] = max(out[postures.LIE], out[postures.CROUCH], out[postures.UPRIGHT])
    dozes = fraction(seen.identity) < _STANDING_DOZERS and rig.gallops and seen.scale > _GROWN
    if (rig.stands_to_rest or dozes) and out[postures.LIE] > 0.0:
        out[postures.HEAD_DOWN] = 0.25
        out[postures.LIE] = out[postures.CURL] = 0.0
    if not rig.flies:
        out[postures.FLY] = out[postures.FLAP] = out[postures.SWOOP] = 0.0
    if not rig.sits_up:
        out[postures.UPRIGHT] = 0.0
    elif out[postures.UPRIGHT] > 0.0:
        out[postures.HEAD_DOWN] = 0.0
    if not (rig.six_legged and rig.flies):
        out[postures.WAGGLE] = 0.0
    if not (seen.lifted and rig.climbs and rig.has_legs):
        out[postures.SWING] = 0.0
    if rig.hangs:  # and on the ground drags itself along
        out[postures.LIE] = 0.0
        out[postures.HANG], out[postures.CROUCH] = (1.0, 0.0) if seen.lifted else (0.0, 1.0)


@compiled
def _aim_in_air(seen: Any, glides: bool, time_s: float, out: Any) -> None:
    beat, swoop = out[postures.FLAP] if out[postures.FLAP] > 0.0 else _BEAT, out[postures.SWOOP]
    if glides and beat > _GLIDING:
        turn = math.sin(_BOUT_RAD_PS * time_s + 2.0 * math.pi * fraction(seen.identity))
        beat = _GLIDING + (_BEAT - _GLIDING) * smooth(0.7 + 1.5 * turn)
        if seen.climb_mps < _SINKS_MPS:
            beat = _GLIDING
        elif seen.climb_mps > _CLIMBS_MPS:
            beat = _HARD
    for k in range(len(out)):
        out[k] = 0.0
    out[postures.FLY], out[postures.FLAP], out[postures.SWOOP] = 1.0, beat, swoop


@compiled
def _aim_in_water(rig: Any, seen: Any, out: Any) -> None:
    lengths_per_s = seen.speed_mps / seen.length_m
    feeds, hides, rests, shows = out[postures.HEAD_DOWN], out[postures.CROUCH], out[postures.LIE], out[postures.DISPLAY]
    for k in range(len(out)):
        out[k] = 0.0
    out[postures.SWIM] = 1.0
    if lengths_per_s < _SLOW:
        out[postures.HEAD_DOWN], out[postures.DISPLAY] = feeds, shows
        out[postures.CROUCH] = hides if rig.swims == JET else 0.0
        out[postures.LIE] = rests if rig.swims == JET or rig.slithers else 0.0
    if rig.swims == JET:
        out[postures.JET] = smooth((lengths_per_s - _JETS_FROM) / (_JETS_AT - _JETS_FROM))

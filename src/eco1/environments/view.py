"""What one animal has around itself, as numbers: the channels of ``sensors.channels``, and what it feels itself.

The same quantities as ``sensors.egocentric`` gives for whole batches of tensors (a test holds the two equal), for one
animal at a time and straight from the simulator's tables.
"""

import math

from eco1.core.records import DRIVES, SURROUNDINGS
from eco1.environments.compiled import compiled, inlined
from eco1.environments.kin import write_kin
from eco1.environments.neighbours import NEAREST, NEIGHBOURS, SEEN, near_rows, neighbour
from eco1.environments.offsets import ONE, ZERO, place, rate, single
from eco1.sensors.channels import OWN
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.look import length_of, look_around

#: What an animal feels of itself.
FELT = (*DRIVES, "stamina")
#: Every number lies within this; larger ones are cut off.
BOUND = 16.0
#: What is remembered of the last view, to tell acceleration and turning.
PAST_X, PAST_Y, PAST_Z, PAST_HEADING_X, PAST_HEADING_Y, HAS_PAST = range(6)
PAST = 6

_FELT_AT = len(OWN)
_SEEN_AT = _FELT_AT + len(FELT)
VIEW = _SEEN_AT + NEIGHBOURS * len(SEEN)
_SLOPE_OUT, _CURRENT_OUT = OWN.index("slope_ahead"), OWN.index("current_ahead")
_FELT_GROUND_OUT, _HEIGHT_OUT = OWN.index("vegetation"), OWN.index("height")
_PLACES_AT = OWN.index("water_ahead")
_NEIGHBOUR = len(SEEN)
_PLACES = 4
_SLOPE_AT, _CURRENT_AT = SURROUNDINGS.index("slope_x"), SURROUNDINGS.index("current_x_mps")
_FELT_GROUND_AT, _HEIGHT_AT = SURROUNDINGS.index("vegetation"), SURROUNDINGS.index("height_m")
_BOUND = single(BOUND)


def view_names() -> tuple[str, ...]:
    """Return the name of every number in a view, in order."""
    seen = (f"neighbour{n}_{name}" for n in range(NEIGHBOURS) for name in SEEN)
    return (*OWN, *FELT, *seen)


@inlined
def _motion(out: F32, f: F32, i: int, past: F32, per_length: float, dt: float):
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    vx, vy, vz = f[col.SPEED, i] * hx, f[col.SPEED, i] * hy, f[col.CLIMB, i]  # in the medium
    per_s, turn = per_length / dt, ZERO
    ax = ay = az = ZERO
    if past[HAS_PAST] == 1:
        ax, ay, az = vx - past[PAST_X], vy - past[PAST_Y], vz - past[PAST_Z]
        cos = past[PAST_HEADING_X] * hx + past[PAST_HEADING_Y] * hy
        sin = past[PAST_HEADING_X] * hy - past[PAST_HEADING_Y] * hx
        turn = math.atan2(sin, cos) / dt
    out[0] = rate(math.sqrt(vx * vx + vy * vy) * per_length)
    out[1], out[2] = rate((hx * vx + hy * vy) * per_length), rate((hx * vy - hy * vx) * per_length)
    out[3] = rate(vz * per_length)
    out[4], out[5] = rate((hx * ax + hy * ay) * per_s), rate((hx * ay - hy * ax) * per_s)
    out[6], out[7], out[8] = rate(az * per_s), rate(turn), past[HAS_PAST]
    past[PAST_X], past[PAST_Y], past[PAST_Z] = vx, vy, vz
    past[PAST_HEADING_X], past[PAST_HEADING_Y], past[HAS_PAST] = hx, hy, 1.0


@inlined
def _surroundings(out: F32, around: F32, hx: float, hy: float, per_length: float):
    for n in range(_PLACES):
        place(out, _PLACES_AT + 4 * n, hx, hy, around[2 * n], around[2 * n + 1], per_length)
    slope_x, slope_y = around[_SLOPE_AT], around[_SLOPE_AT + 1]
    out[_SLOPE_OUT], out[_SLOPE_OUT + 1] = hx * slope_x + hy * slope_y, hx * slope_y - hy * slope_x
    current_x, current_y = around[_CURRENT_AT] * per_length, around[_CURRENT_AT + 1] * per_length
    out[_CURRENT_OUT] = rate(hx * current_x + hy * current_y)
    out[_CURRENT_OUT + 1] = rate(hx * current_y - hy * current_x)
    for n in range(3):
        out[_FELT_GROUND_OUT + n] = around[_FELT_GROUND_AT + n]
    for n in range(2):
        level = around[_HEIGHT_AT + n] * per_length
        out[_HEIGHT_OUT + n] = ZERO if math.isnan(level) else rate(level)


@compiled
def view(
    out: F32, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int, past: F32, near: I32, around: F32,
    dt: float,
):  # fmt: skip
    """Write the view of one animal, ``VIEW`` numbers, and remember its motion in ``past`` for the next one.

    ``near`` (NEIGHBOURS) and ``around`` (SURROUNDINGS) are room to work in; ``dt`` is the time between two views, s.
    """
    length = single(length_of(f, k, t, i))
    per_length = ONE / length
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    _motion(out, f, i, past, per_length, single(dt))
    out[9], out[10] = math.log(ONE + f[col.CLOCK, i]), math.log(length)
    look_around(around, f, k, t, veg, g, c, i)
    _surroundings(out, around, hx, hy, per_length)
    for n in range(len(DRIVES)):
        out[_FELT_AT + n] = f[col.DRIVES + n, i]
    out[_FELT_AT + len(DRIVES)] = f[col.STAMINA, i]
    near_rows(f, k, i, near, out[_SEEN_AT : _SEEN_AT + NEAREST])
    write_kin(out, f, k, t, g, c, i, per_length)
    for n in range(NEIGHBOURS):
        one = out[_SEEN_AT + n * _NEIGHBOUR : _SEEN_AT + (n + 1) * _NEIGHBOUR]
        if near[n] < 0:
            one[:] = 0.0
            continue
        neighbour(one, f, k, t, g, c, i, near[n], length)
    for n in range(VIEW):
        out[n] = min(max(out[n], -_BOUND), _BOUND)

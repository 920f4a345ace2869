"""What one animal has around itself, as numbers: the channels of ``sensors.channels``, and what it feels itself.

The same quantities as ``sensors.egocentric`` gives for whole batches of tensors (a test holds the two equal), for one
animal at a time and straight from the simulator's tables.
"""

import math
from typing import Any

import numpy as np

from eco1.core.records import DRIVES, SURROUNDINGS
from eco1.environments.compiled import compiled, inlined
from eco1.sensors.channels import CLOSEST_BODY_LENGTHS, KIN_REACH, NEIGHBOUR, OWN
from eco1.sim import behaviors as b
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.look import length_of, look_around
from eco1.sim.kernels.media import drift_of

#: Neighbours that are seen: the nearest whatever they are, then the nearest of each species not yet among them.
NEAREST, STRANGERS = 4, 2
NEIGHBOURS = NEAREST + STRANGERS
#: What is told of a neighbour: its place and motion, what it is to this animal, and whether it hunts or flees.
SEEN = (*NEIGHBOUR, "prey", "threat", "hunting", "fleeing")
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
_KIN_AT, _NEAREST_KIN_AT, _HERD_AT = (OWN.index(f"{name}_ahead") for name in ("kin", "nearest_kin", "herd"))
_SLOPE_OUT, _CURRENT_OUT = OWN.index("slope_ahead"), OWN.index("current_ahead")
_FELT_GROUND_OUT, _HEIGHT_OUT = OWN.index("vegetation"), OWN.index("height")
_PLACES_AT = OWN.index("water_ahead")
_NEIGHBOUR = len(SEEN)
_PLACES = 4
_SLOPE_AT, _CURRENT_AT = SURROUNDINGS.index("slope_x"), SURROUNDINGS.index("current_x_mps")
_FELT_GROUND_AT, _HEIGHT_AT = SURROUNDINGS.index("vegetation"), SURROUNDINGS.index("height_m")
# In single precision throughout: its logarithms cost a third.
_single: Any = np.float32  # numpy's float32 counts as a float in the kernels
_FAR2, _ONE, _ZERO, _EPS = _single(1e12), _single(1), _single(0), _single(CLOSEST_BODY_LENGTHS)
_BOUND = _single(BOUND)
_PER_REACH2 = _single(KIN_REACH**-2)


def view_names() -> tuple[str, ...]:
    """Return the name of every number in a view, in order."""
    seen = (f"neighbour{n}_{name}" for n in range(NEIGHBOURS) for name in SEEN)
    return (*OWN, *FELT, *seen)


@inlined
def _rate(x: float):
    """Return asinh(x), by a logarithm."""
    size = abs(x)
    size = math.log(size + math.sqrt(size * size + _ONE))
    return size if x >= _ZERO else -size


@inlined
def _near(f: F32, k: I32, i: int, near: I32):
    """Write the rows of the neighbours into ``near``, the strangers last; -1 where there is none."""
    near[:] = -1
    x, y, z, s = f[col.X, i], f[col.Y, i], f[col.Z, i], k[col.SPECIES, i]
    for slot in range(NEIGHBOURS):
        best = _FAR2
        for j in range(f.shape[1]):
            if j == i or k[col.STATUS, j] == col.EMPTY or (slot >= NEAREST and k[col.SPECIES, j] == s):
                continue
            dx, dy, dz = f[col.X, j] - x, f[col.Y, j] - y, f[col.Z, j] - z
            d2 = dx * dx + dy * dy + dz * dz
            if d2 >= best:
                continue
            taken = False
            for earlier in range(slot):
                taken = taken or near[earlier] == j
                taken = taken or (slot >= NEAREST and k[col.SPECIES, near[earlier]] == k[col.SPECIES, j])
            if not taken:
                best, near[slot] = d2, j
        if near[slot] < 0 and slot >= NEAREST:
            return


@inlined
def _velocity(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return the velocity over ground, m/s; a carcass lies still."""
    if k[col.STATUS, i] != col.ALIVE:
        return _ZERO, _ZERO, _ZERO
    drift_x, drift_y = drift_of(f, k, t, g, c, i)
    speed = f[col.SPEED, i]
    return (
        np.float32(speed * f[col.HEADING_X, i] + drift_x),
        np.float32(speed * f[col.HEADING_Y, i] + drift_y),
        f[col.CLIMB, i],
    )


@inlined
def _motion(
    out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, past: F32, per_length: float, dt: float
):
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    vx, vy, vz = f[col.SPEED, i] * hx, f[col.SPEED, i] * hy, f[col.CLIMB, i]  # in the medium
    per_s, turn = per_length / dt, _ZERO
    ax = ay = az = _ZERO
    if past[HAS_PAST] == 1:
        ax, ay, az = vx - past[PAST_X], vy - past[PAST_Y], vz - past[PAST_Z]
        cos = past[PAST_HEADING_X] * hx + past[PAST_HEADING_Y] * hy
        sin = past[PAST_HEADING_X] * hy - past[PAST_HEADING_Y] * hx
        turn = math.atan2(sin, cos) / dt
    out[0] = _rate(math.sqrt(vx * vx + vy * vy) * per_length)
    out[1], out[2] = _rate((hx * vx + hy * vy) * per_length), _rate((hx * vy - hy * vx) * per_length)
    out[3] = _rate(vz * per_length)
    out[4], out[5] = _rate((hx * ax + hy * ay) * per_s), _rate((hx * ay - hy * ax) * per_s)
    out[6], out[7], out[8] = _rate(az * per_s), _rate(turn), past[HAS_PAST]
    past[PAST_X], past[PAST_Y], past[PAST_Z] = vx, vy, vz
    past[PAST_HEADING_X], past[PAST_HEADING_Y], past[HAS_PAST] = hx, hy, 1.0


@inlined
def place(out: F32, at: int, hx: float, hy: float, dx: float, dy: float, per_length: float):
    """Write direction (ahead, left), log distance and presence of a place at offset (dx, dy), m."""
    if math.isnan(dx):
        out[at] = out[at + 1] = out[at + 2] = out[at + 3] = 0.0
        return
    _toward(out, at, hx, hy, dx * per_length, dy * per_length)
    out[at + 3] = _ONE


@inlined
def _toward(out: F32, at: int, hx: float, hy: float, dx: float, dy: float):
    """Write direction (ahead, left) and log distance of an offset in body lengths."""
    ahead, left = hx * dx + hy * dy, hx * dy - hy * dx
    distance = math.sqrt(ahead * ahead + left * left)
    scale = _ONE / (distance + _EPS)
    out[at], out[at + 1], out[at + 2] = ahead * scale, left * scale, math.log(_ONE + distance)


@inlined
def _surroundings(out: F32, around: F32, hx: float, hy: float, per_length: float):
    for n in range(_PLACES):
        place(out, _PLACES_AT + 4 * n, hx, hy, around[2 * n], around[2 * n + 1], per_length)
    slope_x, slope_y = around[_SLOPE_AT], around[_SLOPE_AT + 1]
    out[_SLOPE_OUT], out[_SLOPE_OUT + 1] = hx * slope_x + hy * slope_y, hx * slope_y - hy * slope_x
    current_x, current_y = around[_CURRENT_AT] * per_length, around[_CURRENT_AT + 1] * per_length
    out[_CURRENT_OUT] = _rate(hx * current_x + hy * current_y)
    out[_CURRENT_OUT + 1] = _rate(hx * current_y - hy * current_x)
    for n in range(3):
        out[_FELT_GROUND_OUT + n] = around[_FELT_GROUND_AT + n]
    for n in range(2):
        level = around[_HEIGHT_AT + n] * per_length
        out[_HEIGHT_OUT + n] = _ZERO if math.isnan(level) else _rate(level)


@inlined
def _neighbour(out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, j: int, length: float):
    """Write one neighbour."""
    per_length = _ONE / length
    hx, hy, s, o = f[col.HEADING_X, i], f[col.HEADING_Y, i], k[col.SPECIES, i], k[col.SPECIES, j]
    dx, dy = (f[col.X, j] - f[col.X, i]) * per_length, (f[col.Y, j] - f[col.Y, i]) * per_length
    dz = (f[col.Z, j] - f[col.Z, i]) * per_length
    vx, vy, vz = _velocity(f, k, t, g, c, i)
    ux, uy, uz = _velocity(f, k, t, g, c, j)
    mx, my, mz = (ux - vx) * per_length, (uy - vy) * per_length, (uz - vz) * per_length
    distance = math.sqrt(dx * dx + dy * dy + dz * dz) + _EPS
    ahead, left, scale = hx * dx + hy * dy, hx * dy - hy * dx, _ONE / distance
    out[0], out[1], out[2], out[3] = ahead * scale, left * scale, dz * scale, math.log(_ONE + distance)
    out[4], out[5], out[6] = _rate(hx * mx + hy * my), _rate(hx * my - hy * mx), _rate(mz)
    out[7] = _rate(-(dx * mx + dy * my + dz * mz) * scale)
    out[8] = _rate(math.sqrt(ux * ux + uy * uy) * per_length)
    out[9] = hx * f[col.HEADING_X, j] + hy * f[col.HEADING_Y, j]
    out[10] = hx * f[col.HEADING_Y, j] - hy * f[col.HEADING_X, j]
    out[11] = math.log(np.float32(length_of(f, k, t, j)) * per_length)
    dead, now, relation = k[col.STATUS, j] != col.ALIVE, k[col.BEHAVIOR, j], t[s, trait.RELATION + o]
    out[12], out[13] = o == s, dead
    out[14] = _ZERO if dead else math.log(_ONE + f[col.CLOCK, j])
    out[15], out[16] = relation == trait.PREY, relation == trait.THREAT
    hunting = b.STALK <= now <= b.STRIKE or now == b.SWOOP or now == b.HERD_PREY
    out[17], out[18] = hunting and not dead, now == b.FLEE and not dead


@inlined
def _kin(out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, per_length: float):
    """Write where the animal's kind is and heads, see ``sensors.kin``."""
    hx, hy, s = f[col.HEADING_X, i], f[col.HEADING_Y, i], k[col.SPECIES, i]
    near, x, y, cos, sin, herd_x, herd_y = _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO, _ZERO
    count, nearest, nearest_d2 = 0, -1, _FAR2
    for j in range(f.shape[1]):
        if j == i or k[col.SPECIES, j] != s or k[col.STATUS, j] != col.ALIVE:
            continue
        dx, dy = (f[col.X, j] - f[col.X, i]) * per_length, (f[col.Y, j] - f[col.Y, i]) * per_length
        dz = (f[col.Z, j] - f[col.Z, i]) * per_length
        d2 = dx * dx + dy * dy + dz * dz
        share = _ONE / (_ONE + d2 * _PER_REACH2)
        count, near, x, y, herd_x, herd_y = (
            count + 1,
            near + share,
            x + share * dx,
            y + share * dy,
            herd_x + dx,
            herd_y + dy,
        )
        cos, sin = cos + share * f[col.HEADING_X, j], sin + share * f[col.HEADING_Y, j]
        if d2 < nearest_d2:
            nearest, nearest_d2 = j, d2
    if count == 0:
        out[_KIN_AT:_SLOPE_OUT] = 0.0
        return
    each, all_alike = _ONE / near, _ONE / np.float32(count)
    place(out, _KIN_AT, hx, hy, x * each, y * each, _ONE)
    out[_KIN_AT + 4], out[_KIN_AT + 5] = (hx * cos + hy * sin) * each, (hx * sin - hy * cos) * each
    out[_KIN_AT + 6] = math.log(_ONE + near)
    _nearest_kin(out, f, k, t, g, c, i, nearest, math.sqrt(nearest_d2), per_length)
    _toward(out, _HERD_AT, hx, hy, herd_x * all_alike, herd_y * all_alike)


@inlined
def _nearest_kin(
    out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, j: int, distance: float, per_length: float
):
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    dx, dy = (f[col.X, j] - f[col.X, i]) * per_length, (f[col.Y, j] - f[col.Y, i]) * per_length
    vx, vy, _ = _velocity(f, k, t, g, c, i)
    ux, uy, _ = _velocity(f, k, t, g, c, j)
    mx, my, scale, at = (ux - vx) * per_length, (uy - vy) * per_length, _ONE / (distance + _EPS), _NEAREST_KIN_AT
    out[at], out[at + 1] = (hx * dx + hy * dy) * scale, (hx * dy - hy * dx) * scale
    out[at + 2] = math.log(_ONE + distance)
    out[at + 3] = hx * f[col.HEADING_X, j] + hy * f[col.HEADING_Y, j]
    out[at + 4] = hx * f[col.HEADING_Y, j] - hy * f[col.HEADING_X, j]
    out[at + 5], out[at + 6] = _rate(hx * mx + hy * my), _rate(hx * my - hy * mx)


@compiled
def view(
    out: F32, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int, past: F32, near: I32, around: F32,
    dt: float,
):  # fmt: skip
    """Write the view of one animal, ``VIEW`` numbers, and remember its motion in ``past`` for the next one.

    ``near`` (NEIGHBOURS) and ``around`` (SURROUNDINGS) are room to work in; ``dt`` is the time between two views, s.
    """
    length = _single(length_of(f, k, t, i))
    per_length = _ONE / length
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    _motion(out, f, k, t, g, c, i, past, per_length, _single(dt))
    out[9], out[10] = math.log(_ONE + f[col.CLOCK, i]), math.log(length)
    look_around(around, f, k, t, veg, g, c, i)
    _surroundings(out, around, hx, hy, per_length)
    for n in range(len(DRIVES)):
        out[_FELT_AT + n] = f[col.DRIVES + n, i]
    out[_FELT_AT + len(DRIVES)] = f[col.STAMINA, i]
    _near(f, k, i, near)
    _kin(out, f, k, t, g, c, i, per_length)
    for n in range(NEIGHBOURS):
        one = out[_SEEN_AT + n * _NEIGHBOUR : _SEEN_AT + (n + 1) * _NEIGHBOUR]
        if near[n] < 0:
            one[:] = 0.0
            continue
        _neighbour(one, f, k, t, g, c, i, near[n], length)
    for n in range(VIEW):
        out[n] = min(max(out[n], -_BOUND), _BOUND)

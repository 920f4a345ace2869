"""The neighbours that an animal sees, one by one."""

import math

import numpy as np

from eco1.environments.compiled import inlined
from eco1.environments.offsets import EPS, FAR2, ONE, ZERO, rate, velocity
from eco1.sensors.channels import NEIGHBOUR
from eco1.sim import behaviors as b
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.look import length_of

#: Neighbours that are seen: the nearest whatever they are, then the nearest of each species not yet among them.
NEAREST, STRANGERS = 4, 2
NEIGHBOURS = NEAREST + STRANGERS
#: What is told of a neighbour: its place and motion, what it is to this animal, and whether it hunts or flees.
SEEN = (*NEIGHBOUR, "prey", "threat", "hunting", "fleeing")


@inlined
def near_rows(f: F32, k: I32, i: int, near: I32, room: F32):
    """Write the rows of the neighbours into ``near``, the strangers last; -1 where there is none.

    ``room`` (NEAREST) is room to work in.
    """
    near[:], room[:] = -1, FAR2
    x, y, z = f[col.X, i], f[col.Y, i], f[col.Z, i]
    for j in range(f.shape[1]):
        if j == i or k[col.STATUS, j] == col.EMPTY:
            continue
        dx, dy, dz = f[col.X, j] - x, f[col.Y, j] - y, f[col.Z, j] - z
        d2 = dx * dx + dy * dy + dz * dz
        if d2 >= room[NEAREST - 1]:
            continue
        slot = NEAREST - 1
        while slot > 0 and d2 < room[slot - 1]:
            near[slot], room[slot] = near[slot - 1], room[slot - 1]
            slot -= 1
        near[slot], room[slot] = j, d2
    for slot in range(NEAREST, NEIGHBOURS if near[NEAREST - 1] >= 0 else NEAREST):
        near[slot] = _nearest_stranger(f, k, i, near, slot)
        if near[slot] < 0:
            return


@inlined
def _nearest_stranger(f: F32, k: I32, i: int, near: I32, taken: int):
    """Return the nearest row of a species that is neither the animal's own nor among the first neighbours, or -1."""
    x, y, z, best, found = f[col.X, i], f[col.Y, i], f[col.Z, i], FAR2, -1
    for j in range(f.shape[1]):
        s = k[col.SPECIES, j]
        seen = k[col.STATUS, j] == col.EMPTY or s == k[col.SPECIES, i]
        for earlier in range(taken):
            seen = seen or k[col.SPECIES, near[earlier]] == s
        if seen:
            continue
        dx, dy, dz = f[col.X, j] - x, f[col.Y, j] - y, f[col.Z, j] - z
        d2 = dx * dx + dy * dy + dz * dz
        if d2 < best:
            best, found = d2, j
    return found


@inlined
def neighbour(out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, j: int, length: float):
    """Write one neighbour."""
    per_length = ONE / length
    hx, hy, s, o = f[col.HEADING_X, i], f[col.HEADING_Y, i], k[col.SPECIES, i], k[col.SPECIES, j]
    dx, dy = (f[col.X, j] - f[col.X, i]) * per_length, (f[col.Y, j] - f[col.Y, i]) * per_length
    dz = (f[col.Z, j] - f[col.Z, i]) * per_length
    vx, vy, vz = velocity(f, k, t, g, c, i)
    ux, uy, uz = velocity(f, k, t, g, c, j)
    mx, my, mz = (ux - vx) * per_length, (uy - vy) * per_length, (uz - vz) * per_length
    distance = math.sqrt(dx * dx + dy * dy + dz * dz) + EPS
    ahead, left, scale = hx * dx + hy * dy, hx * dy - hy * dx, ONE / distance
    out[0], out[1], out[2], out[3] = ahead * scale, left * scale, dz * scale, math.log(ONE + distance)
    out[4], out[5], out[6] = rate(hx * mx + hy * my), rate(hx * my - hy * mx), rate(mz)
    out[7] = rate(-(dx * mx + dy * my + dz * mz) * scale)
    out[8] = rate(math.sqrt(ux * ux + uy * uy) * per_length)
    out[9] = hx * f[col.HEADING_X, j] + hy * f[col.HEADING_Y, j]
    out[10] = hx * f[col.HEADING_Y, j] - hy * f[col.HEADING_X, j]
    out[11] = math.log(np.float32(length_of(f, k, t, j)) * per_length)
    dead, now, relation = k[col.STATUS, j] != col.ALIVE, k[col.BEHAVIOR, j], t[s, trait.RELATION + o]
    out[12], out[13] = o == s, dead
    out[14] = ZERO if dead else math.log(ONE + f[col.CLOCK, j])
    out[15], out[16] = relation == trait.PREY, relation == trait.THREAT
    hunting = b.STALK <= now <= b.STRIKE or now == b.SWOOP or now == b.HERD_PREY
    out[17], out[18] = hunting and not dead, now == b.FLEE and not dead

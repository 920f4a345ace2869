"""Where an animal's own kind is and heads, see ``sensors.kin``."""

import math

import numpy as np

from eco1.environments.compiled import inlined
from eco1.environments.offsets import EPS, FAR2, ONE, ZERO, place, rate, single, toward, velocity
from eco1.sensors.channels import KIN_REACH, OWN
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions, Ground

_KIN_AT, _NEAREST_AT, _HERD_AT = (OWN.index(f"{name}_ahead") for name in ("kin", "nearest_kin", "herd"))
_END = OWN.index("slope_ahead")
_PER_REACH2 = single(KIN_REACH**-2)


@inlined
def write_kin(out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, per_length: float):
    """Write where the animal's kind is and heads, see ``sensors.kin``."""
    hx, hy, s = f[col.HEADING_X, i], f[col.HEADING_Y, i], k[col.SPECIES, i]
    near, x, y, cos, sin, herd_x, herd_y = ZERO, ZERO, ZERO, ZERO, ZERO, ZERO, ZERO
    count, nearest, nearest_d2 = 0, -1, FAR2
    for j in range(f.shape[1]):
        if j == i or k[col.SPECIES, j] != s or k[col.STATUS, j] != col.ALIVE:
            continue
        dx, dy = (f[col.X, j] - f[col.X, i]) * per_length, (f[col.Y, j] - f[col.Y, i]) * per_length
        dz = (f[col.Z, j] - f[col.Z, i]) * per_length
        d2 = dx * dx + dy * dy + dz * dz
        share = ONE / (ONE + d2 * _PER_REACH2)
        count, near = count + 1, near + share
        x, y, herd_x, herd_y = x + share * dx, y + share * dy, herd_x + dx, herd_y + dy
        cos, sin = cos + share * f[col.HEADING_X, j], sin + share * f[col.HEADING_Y, j]
        if d2 < nearest_d2:
            nearest, nearest_d2 = j, d2
    if count == 0:
        out[_KIN_AT:_END] = 0.0
        return
    each, all_alike = ONE / near, ONE / np.float32(count)
    place(out, _KIN_AT, hx, hy, x * each, y * each, ONE)
    out[_KIN_AT + 4], out[_KIN_AT + 5] = (hx * cos + hy * sin) * each, (hx * sin - hy * cos) * each
    out[_KIN_AT + 6] = math.log(ONE + near)
    _nearest_kin(out, f, k, t, g, c, i, nearest, math.sqrt(nearest_d2), per_length)
    toward(out, _HERD_AT, hx, hy, herd_x * all_alike, herd_y * all_alike)


@inlined
def _nearest_kin(
    out: F32, f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, j: int, distance: float, per_length: float
):
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    dx, dy = (f[col.X, j] - f[col.X, i]) * per_length, (f[col.Y, j] - f[col.Y, i]) * per_length
    vx, vy, _ = velocity(f, k, t, g, c, i)
    ux, uy, _ = velocity(f, k, t, g, c, j)
    mx, my, scale, at = (ux - vx) * per_length, (uy - vy) * per_length, ONE / (distance + EPS), _NEAREST_AT
    out[at], out[at + 1] = (hx * dx + hy * dy) * scale, (hx * dy - hy * dx) * scale
    out[at + 2] = math.log(ONE + distance)
    out[at + 3] = hx * f[col.HEADING_X, j] + hy * f[col.HEADING_Y, j]
    out[at + 4] = hx * f[col.HEADING_Y, j] - hy * f[col.HEADING_X, j]
    out[at + 5], out[at + 6] = rate(hx * mx + hy * my), rate(hx * my - hy * mx)

"""Offsets, rates and velocities as an animal perceives them, in single precision: its logarithms cost a third."""

import math
from typing import Any

import numpy as np

from eco1.environments.compiled import inlined
from eco1.sensors.channels import CLOSEST_BODY_LENGTHS
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.media import drift_of

single: Any = np.float32  # numpy's float32 counts as a float in the kernels
FAR2, ONE, ZERO, EPS = single(1e12), single(1), single(0), single(CLOSEST_BODY_LENGTHS)


@inlined
def rate(x: float):
    """Return asinh(x), by a logarithm."""
    size = abs(x)
    size = math.log(size + math.sqrt(size * size + ONE))
    return size if x >= ZERO else -size


@inlined
def velocity(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return the velocity over ground, m/s; a carcass lies still."""
    if k[col.STATUS, i] != col.ALIVE:
        return ZERO, ZERO, ZERO
    drift_x, drift_y = drift_of(f, k, t, g, c, i)
    speed = f[col.SPEED, i]
    return (
        np.float32(speed * f[col.HEADING_X, i] + drift_x),
        np.float32(speed * f[col.HEADING_Y, i] + drift_y),
        f[col.CLIMB, i],
    )


@inlined
def place(out: F32, at: int, hx: float, hy: float, dx: float, dy: float, per_length: float):
    """Write direction (ahead, left), log distance and presence of a place at offset (dx, dy), m."""
    if math.isnan(dx):
        out[at] = out[at + 1] = out[at + 2] = out[at + 3] = 0.0
        return
    toward(out, at, hx, hy, dx * per_length, dy * per_length)
    out[at + 3] = ONE


@inlined
def toward(out: F32, at: int, hx: float, hy: float, dx: float, dy: float):
    """Write direction (ahead, left) and log distance of an offset in body lengths."""
    ahead, left = hx * dx + hy * dy, hx * dy - hy * dx
    distance = math.sqrt(ahead * ahead + left * left)
    scale = ONE / (distance + EPS)
    out[at], out[at + 1], out[at + 2] = ahead * scale, left * scale, math.log(ONE + distance)

"""Frames of parts in kernels: rotations as nine numbers, row by row, which need no arrays."""

import math
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32

from eco1.sensors.compiled import compiled

Rotation = tuple[float, float, float, float, float, float, float, float, float]
Point = tuple[float, float, float]

NOT_TURNED: Rotation = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


class Placement(NamedTuple):
    """Where parts are: ``x_world = position + scale * rotation @ x_part``. A scale of 0: the part is not there."""

    rotation: Float32[np.ndarray, "n p 3 3"]
    position_m: Float32[np.ndarray, "n p 3"]
    scale: Float32[np.ndarray, "n p"]


@compiled
def turned_x(m: Rotation, angle: float) -> Rotation:
    """Return ``m @ Rx(angle)``, angle in rad; positive takes left to up."""
    c, s = math.cos(angle), math.sin(angle)
    return (
        m[0], c * m[1] + s * m[2], c * m[2] - s * m[1],
        m[3], c * m[4] + s * m[5], c * m[5] - s * m[4],
        m[6], c * m[7] + s * m[8], c * m[8] - s * m[7],
    )  # fmt: skip


@compiled
def turned_y(m: Rotation, angle: float) -> Rotation:
    """Return ``m @ Ry(angle)``, angle in rad; positive takes forward to down."""
    c, s = math.cos(angle), math.sin(angle)
    return (
        c * m[0] - s * m[2], m[1], c * m[2] + s * m[0],
        c * m[3] - s * m[5], m[4], c * m[5] + s * m[3],
        c * m[6] - s * m[8], m[7], c * m[8] + s * m[6],
    )  # fmt: skip


@compiled
def turned_z(m: Rotation, angle: float) -> Rotation:
    """Return ``m @ Rz(angle)``, angle in rad; positive takes forward to left."""
    c, s = math.cos(angle), math.sin(angle)
    return (
        c * m[0] + s * m[1], c * m[1] - s * m[0], m[2],
        c * m[3] + s * m[4], c * m[4] - s * m[3], m[5],
        c * m[6] + s * m[7], c * m[7] - s * m[6], m[8],
    )  # fmt: skip


@compiled
def moved(origin: Point, m: Rotation, x: float, y: float, z: float) -> Point:
    """Return where a point of a frame is: ``origin + m @ (x, y, z)``."""
    return (
        origin[0] + m[0] * x + m[1] * y + m[2] * z,
        origin[1] + m[3] * x + m[4] * y + m[5] * z,
        origin[2] + m[6] * x + m[7] * y + m[8] * z,
    )


@compiled
def jointed(origin: Point, m: Rotation, pivot_m: np.ndarray, size: float) -> Point:
    """Return where a part hinges on its parent, whose frame is ``m`` at ``origin``."""
    return moved(origin, m, pivot_m[0] * size, pivot_m[1] * size, pivot_m[2] * size)


@compiled
def put(placed: Placement, i: int, part: int, m: Rotation, origin: Point, scale: float) -> None:
    """Write where one part of animal ``i`` is."""
    rotation, position = placed.rotation, placed.position_m
    rotation[i, part, 0, 0], rotation[i, part, 0, 1], rotation[i, part, 0, 2] = m[0], m[1], m[2]
    rotation[i, part, 1, 0], rotation[i, part, 1, 1], rotation[i, part, 1, 2] = m[3], m[4], m[5]
    rotation[i, part, 2, 0], rotation[i, part, 2, 1], rotation[i, part, 2, 2] = m[6], m[7], m[8]
    position[i, part, 0], position[i, part, 1], position[i, part, 2] = origin[0], origin[1], origin[2]
    placed.scale[i, part] = scale

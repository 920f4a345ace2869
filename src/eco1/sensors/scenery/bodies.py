"""Animals as solids: shapes in the frames of body parts, and where those frames are at a moment."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float32, Int16, Int64

from eco1.core.records import ArrayRecord
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, I32, U8


class Shapes(NamedTuple):
    """Species as lists of solids, the largest first: those of species s are rows first[s] to first[s + 1].

    ``middle`` (K, 3), ``axes`` (K, 3, 3: rows) and ``half`` (K, 3) are in the frame of body part ``part`` of an adult,
    in metres; a capsule has its first ball at ``middle`` and its axis in the first row. ``colors`` are rows as
    ``scenery.col`` describes them.
    """

    first: I32
    kind: I32
    part: I32
    middle: F32
    axes: F32
    half: F32
    bound: F32
    colors: F32


@dataclass(frozen=True, kw_only=True)
class Moments(ArrayRecord):
    """Scenes to look at: M moments of one world, or of worlds side by side that share a landscape.

    Part p of animal n is at ``x_world = position + scale * rotation @ x_part``. ``species`` indexes the shapes;
    rows that are not ``shown`` are empty. ``daylight`` is 0 (night) to 1, ``ice`` the share of the sea that is frozen.
    """

    rotation: Float32[np.ndarray, "m n p 3 3"]
    position_m: Float32[np.ndarray, "m n p 3"]
    scale: Float32[np.ndarray, "m n p"]
    species: Int16[np.ndarray, "m n"]
    identity: Int64[np.ndarray, "m n"]
    shown: Bool[np.ndarray, "m n"]
    daylight: Float32[np.ndarray, " m"]
    ice: Float32[np.ndarray, " m"]
    time_s: Float32[np.ndarray, " m"]


class Bodies(NamedTuple):
    """What the kernels read of moments, and of the moments before: ``known`` (M, N) says who was there then."""

    rotation: F32
    position: F32
    scale: F32
    species: I32
    shown: U8
    before_rotation: F32
    before_position: F32
    before_scale: F32
    known: U8


def bodies_of(moments: Moments, before: Moments | None) -> Bodies:
    """Return the arrays of moments and of those before; without any before, nobody has moved."""
    then = before if before is not None else moments
    known = then.shown & moments.shown & (then.identity == moments.identity) & (then.species == moments.species)
    return Bodies(
        rotation=moments.rotation,
        position=moments.position_m,
        scale=moments.scale,
        species=moments.species.astype(np.int32),
        shown=moments.shown.astype(np.uint8),
        before_rotation=then.rotation,
        before_position=then.position_m,
        before_scale=then.scale,
        known=known.astype(np.uint8),
    )


def most_solids(shapes: Shapes, moments: Moments) -> int:
    """Return how many solids the animals of one moment have at most."""
    solids = np.zeros(moments.shown.shape, int)
    solids[moments.shown] = np.diff(shapes.first)[moments.species[moments.shown]]
    return int(solids.sum(axis=1).max(initial=0))


@inlined
def turned(r: F32, x: float, y: float, z: float):
    """Return ``r @ (x, y, z)``."""
    return (
        r[0, 0] * x + r[0, 1] * y + r[0, 2] * z,
        r[1, 0] * x + r[1, 1] * y + r[1, 2] * z,
        r[2, 0] * x + r[2, 1] * y + r[2, 2] * z,
    )


@inlined
def turned_back(r: F32, x: float, y: float, z: float):
    """Return ``r.T @ (x, y, z)``."""
    return (
        r[0, 0] * x + r[1, 0] * y + r[2, 0] * z,
        r[0, 1] * x + r[1, 1] * y + r[2, 1] * z,
        r[0, 2] * x + r[1, 2] * y + r[2, 2] * z,
    )


@compiled
def reach_of(shapes: Shapes, bodies: Bodies, m: int, n: int):
    """Return the middle of the ball around an animal's largest part that holds all of its solids, and its radius."""
    first, last = shapes.first[bodies.species[m, n]], shapes.first[bodies.species[m, n] + 1]
    core = bodies.position[m, n, shapes.part[first]]
    reach = 0.0
    for k in range(first, last):
        part = shapes.part[k]
        at, scale = bodies.position[m, n, part], bodies.scale[m, n, part]
        x, y, z = at[0] - core[0], at[1] - core[1], at[2] - core[2]
        a, b, c = shapes.middle[k, 0], shapes.middle[k, 1], shapes.middle[k, 2]
        if scale > 0.0:
            inner = (a * a + b * b + c * c) ** 0.5 + shapes.bound[k]
            reach = max(reach, (x * x + y * y + z * z) ** 0.5 + inner * scale)
    return core[0], core[1], core[2], reach


@compiled
def put_solid(shapes: Shapes, bodies: Bodies, m: int, n: int, k: int, row: F32, integers: I32):
    """Write solid ``k`` of animal ``n`` at moment ``m`` as a row of the tables; return whether it is there."""
    part = shapes.part[k]
    scale = bodies.scale[m, n, part]
    if scale < 1e-3:
        return False
    r, at = bodies.rotation[m, n, part], bodies.position[m, n, part]
    x, y, z = turned(r, shapes.middle[k, 0], shapes.middle[k, 1], shapes.middle[k, 2])
    row[col.X], row[col.Y], row[col.Z] = at[0] + scale * x, at[1] + scale * y, at[2] + scale * z
    axes = 1 if shapes.kind[k] == col.CAPSULE else 3
    for a in range(axes):
        x, y, z = turned(r, shapes.axes[k, a, 0], shapes.axes[k, a, 1], shapes.axes[k, a, 2])
        stretch = 1.0 if axes == 1 else 1.0 / (scale * shapes.half[k, a])
        row[col.UNIT + 3 * a] = x * stretch
        row[col.UNIT + 3 * a + 1], row[col.UNIT + 3 * a + 2] = y * stretch, z * stretch
    for a in range(3):
        row[col.HALF + a] = shapes.half[k, a] * scale
    row[col.BOUND] = shapes.bound[k] * scale
    integers[col.KIND], integers[col.INSTANCE], integers[col.COLORS] = shapes.kind[k], n, k
    integers[col.PART] = part
    return True

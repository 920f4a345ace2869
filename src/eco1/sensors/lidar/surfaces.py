"""Points spread evenly over the surfaces of bodies: each animal as a point cloud of its own."""

import math

import numpy as np
from jaxtyping import Bool

from eco1.core.random import normal2, uniform4
from eco1.core.senses import PointCloud
from eco1.sensors.compiled import compiled, entry, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, I16, I32
from eco1.sensors.scenery.bodies import Bodies, Moments, Shapes, bodies_of, put_solid

_PLACE, _KEEP = 92, 93  # purposes of the random numbers
_TRIES = 24


def sample_surfaces(
    shapes: Shapes, moments: Moments, points: int, *, seed: int = 0, step: int = 0
) -> tuple[PointCloud, Bool[np.ndarray, "m n"]]:  # fmt: skip
    """Return ``points`` points on every animal, (M, N * points), row after row, and which rows are animals (M, N).

    Solids get points by their area, and each point is uniform on its solid; solids that overlap are all covered. Points
    of empty rows are NaN, with instance SKY.

    Args:
        shapes: bodies of the species that the moments speak of.
        moments: the scenes.
        points: on each animal.
        seed, step: decide the places, together with moment, row and point.
    """
    scenes, animals = moments.species.shape
    cloud = PointCloud(
        position_m=np.full((scenes, animals * points, 3), np.nan, np.float32),
        instance=np.full((scenes, animals * points), -1, np.int16),
        species=np.full((scenes, animals * points), -1, np.int16),
    )
    most = int(np.diff(shapes.first).max(initial=0)) + 1
    room = np.zeros((most, col.FLOATS), np.float32), np.zeros((most, col.INTEGERS), np.int32)
    _sample(
        shapes, bodies_of(moments, None), points, seed, step, *room, np.zeros(most, np.float32), cloud.position_m,
        cloud.instance, cloud.species,
    )  # fmt: skip
    return cloud, moments.shown.copy()


@entry
def _sample(
    shapes: Shapes, bodies: Bodies, points: int, seed: int, step: int, floats: F32, integers: I32, until: F32,
    position: F32, instance: I16, species: I16,
):  # fmt: skip
    for m in range(bodies.species.shape[0]):
        for n in range(bodies.species.shape[1]):
            if bodies.shown[m, n] == 0:
                continue
            kind, count, total = bodies.species[m, n], 0, 0.0
            for k in range(shapes.first[kind], shapes.first[kind + 1]):
                if put_solid(shapes, bodies, m, n, k, floats[count], integers[count]):
                    total += area_of(floats[count], integers[count, col.KIND])
                    until[count] = total
                    count += 1
            for p in range(points):
                at = n * points + p
                u = (p + uniform4(seed, step, m, at, _PLACE)[0]) / points * total  # one from each of even shares
                k = 0
                while k < count - 1 and until[k] < u:
                    k += 1
                _place(floats[k], integers[k, col.KIND], seed, step, m, at, position[m, at])
                instance[m, at], species[m, at] = n, kind


@compiled
def area_of(row: F32, kind: int):
    """Return the surface of an ellipsoid (within 1.1 %) or of a tapered capsule (exact), m^2.

    Ellipsoid: the formula of K. Thomsen with p = 1.6075, as in Wikipedia, "Ellipsoid", approximate formula.
    """
    a, b, c = row[col.HALF], row[col.HALF + 1], row[col.HALF + 2]
    if kind == col.CAPSULE:
        first, second, side = _capsule_areas(a, b, c)
        return first + second + side
    p = 1.6075
    mean = (math.pow(a * b, p) + math.pow(a * c, p) + math.pow(b * c, p)) / 3.0
    return 4 * math.pi * math.pow(mean, 1.0 / p)


@inlined
def _capsule_areas(length: float, first: float, second: float):
    """Return the areas of the first cap, the second and the cone between their rims."""
    sine = (first - second) / length
    caps = 2 * math.pi * first * first * (1.0 + sine), 2 * math.pi * second * second * (1.0 - sine)
    return caps[0], caps[1], math.pi * (first + second) * (1.0 - sine * sine) * length


@compiled
def _place(row: F32, kind: int, seed: int, step: int, m: int, at: int, out: F32):
    """Write one point that is uniform on a solid."""
    if kind == col.CAPSULE:
        _place_on_capsule(row, seed, step, m, at, out)
        return
    u = col.UNIT
    x, y, z = 0.0, 0.0, 1.0
    # Directions are even over a ball; kept as often as the ellipsoid stretches the surface there (rejection).
    h = row[col.HALF], row[col.HALF + 1], row[col.HALF + 2]
    least = min(h[0], h[1], h[2])
    for attempt in range(_TRIES):
        a, b, c, d = uniform4(seed, step, m, at, _KEEP + (attempt << 8))
        first, second = normal2(float(a), float(b))
        third, _ = normal2(float(c), float(d))
        length = max(math.sqrt(first * first + second * second + third * third), 1e-9)
        x, y, z = first / length, second / length, third / length
        stretch = least * math.sqrt((x / h[0]) ** 2 + (y / h[1]) ** 2 + (z / h[2]) ** 2)
        if uniform4(seed, step, m, at, _PLACE + ((attempt + 1) << 8))[0] < stretch:
            break
    for k in range(3):
        out[k] = row[col.X + k]
        out[k] += row[u + k] * h[0] * h[0] * x + row[u + 3 + k] * h[1] * h[1] * y + row[u + 6 + k] * h[2] * h[2] * z


@compiled
def _place_on_capsule(row: F32, seed: int, step: int, m: int, at: int, out: F32):
    a, b, c, _ = uniform4(seed, step, m, at, _KEEP)
    u = col.UNIT
    wx, wy, wz = row[u], row[u + 1], row[u + 2]
    length, first, second = row[col.HALF], row[col.HALF + 1], row[col.HALF + 2]
    sine = (first - second) / length
    cosine = math.sqrt(1.0 - sine * sine)
    first_cap, second_cap, side = _capsule_areas(length, first, second)
    pick = a * (first_cap + second_cap + side)
    # (y, r): along the axis and away from it. On balls, heights are uniform (Archimedes); on the cone, r squared is.
    if pick < first_cap:
        level = -1.0 + b * (1.0 + sine)
        y, r = first * level, first * math.sqrt(max(1.0 - level * level, 0.0))
    elif pick < first_cap + second_cap:
        level = sine + b * (1.0 - sine)
        y, r = length + second * level, second * math.sqrt(max(1.0 - level * level, 0.0))
    else:
        wide, thin = first * cosine, second * cosine
        r = math.sqrt(wide * wide + b * (thin * thin - wide * wide))
        share = b if abs(wide - thin) < 1e-6 * wide else (r - wide) / (thin - wide)
        y = first * sine + share * (length + (second - first) * sine)
    turn = 2 * math.pi * c
    px, py, pz = (0.0, wz, -wy) if abs(wx) < 0.6 else (-wz, 0.0, wx)
    scale = 1.0 / math.sqrt(px * px + py * py + pz * pz)
    px, py, pz = px * scale, py * scale, pz * scale
    qx, qy, qz = wy * pz - wz * py, wz * px - wx * pz, wx * py - wy * px
    out[0] = row[col.X] + y * wx + r * (math.cos(turn) * px + math.sin(turn) * qx)
    out[1] = row[col.Y] + y * wy + r * (math.cos(turn) * py + math.sin(turn) * qy)
    out[2] = row[col.Z] + y * wz + r * (math.cos(turn) * pz + math.sin(turn) * qz)

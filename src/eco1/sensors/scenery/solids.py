"""Where a ray meets an ellipsoid, a tapered capsule or a box, and which way their surfaces face there.

A ray is ``origin + t * direction``; the direction may have any length. Solids count from outside only: a ray that
begins inside one does not meet it. Tables of solids are described in ``col``.
"""

import math

from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32

MISSED = math.inf


@inlined
def unit_ball_entry(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float):
    """Return the t at which a ray enters the unit ball around the origin, or infinity."""
    b = ox * dx + oy * dy + oz * dz
    if b >= 0.0:
        return MISSED
    a = dx * dx + dy * dy + dz * dz
    inside = b * b - a * (ox * ox + oy * oy + oz * oz - 1.0)
    if inside < 0.0:
        return MISSED
    t = (-b - math.sqrt(inside)) / a
    return t if t > 0.0 else MISSED


@inlined
def unit_cube_entry(ox: float, oy: float, oz: float, dx: float, dy: float, dz: float):
    """Return the t at which a ray enters the cube [-1, 1]^3, or infinity.

    Slabs: Kay & Kajiya (1986), "Ray tracing complex scenes", DOI 10.1145/15886.15916.
    """
    near, far = -MISSED, MISSED
    for o, d in ((ox, dx), (oy, dy), (oz, dz)):
        if abs(d) < 1e-12:
            if abs(o) > 1.0:
                return MISSED
        else:
            first, second = (-1.0 - o) / d, (1.0 - o) / d
            near, far = max(near, min(first, second)), min(far, max(first, second))
    return near if near <= far and near > 0.0 else MISSED


@compiled
def capsule_entry(
    mx: float, my: float, mz: float, dx: float, dy: float, dz: float,
    wx: float, wy: float, wz: float, length: float, first: float, second: float,
):  # fmt: skip
    """Return the t at which a ray enters the hull of two balls, or infinity.

    The cone that touches both balls leans by asin((first - second) / length): a point y along the axis and r away from
    it lies on it where r cos + y sin = first, between the two circles where the balls take over.

    Args:
        mx, my, mz: origin of the ray minus the middle of the first ball.
        dx, dy, dz: direction of the ray.
        wx, wy, wz: unit axis from the first ball to the second.
        length: between the middles, more than the difference of the radii.
        first, second: radii.
    """
    sine = (first - second) / length
    cosine2 = 1.0 - sine * sine
    along, rate = mx * wx + my * wy + mz * wz, dx * wx + dy * wy + dz * wz
    apart, speed2 = mx * mx + my * my + mz * mz, dx * dx + dy * dy + dz * dz
    closing = mx * dx + my * dy + mz * dz
    wide = first - along * sine
    best = MISSED
    b = cosine2 * (closing - along * rate) + wide * rate * sine
    c = cosine2 * (apart - along * along) - wide * wide
    inside = b * b - (cosine2 * speed2 - rate * rate) * c
    if inside >= 0.0:
        t = c / (math.sqrt(inside) - b)  # where the cone is entered, also for rays along its side
        y = along + t * rate
        reach = first - y * sine  # r times the cosine
        slant = y * cosine2 - reach * sine
        if t > 0.0 and reach >= 0.0 and slant >= 0.0 and slant <= length * cosine2:
            best = t
    inside = closing * closing - speed2 * (apart - first * first)
    if inside >= 0.0 and closing < 0.0:
        t = (-closing - math.sqrt(inside)) / speed2
        if t > 0.0 and along + t * rate <= first * sine:
            best = min(best, t)
    closing -= rate * length
    inside = closing * closing - speed2 * (apart - 2.0 * along * length + length * length - second * second)
    if inside >= 0.0 and closing < 0.0:
        t = (-closing - math.sqrt(inside)) / speed2
        if t > 0.0 and along + t * rate >= length + second * sine:
            best = min(best, t)
    return best


@compiled
def entry_of(row: F32, kind: int, ox: float, oy: float, oz: float, dx: float, dy: float, dz: float) -> float:
    """Return the t at which a ray from (ox, oy, oz) enters the solid of a table's ``row``, or infinity."""
    mx, my, mz = ox - row[col.X], oy - row[col.Y], oz - row[col.Z]
    if kind == col.CAPSULE:
        return capsule_entry(
            mx, my, mz, dx, dy, dz, row[col.UNIT], row[col.UNIT + 1], row[col.UNIT + 2],
            row[col.HALF], row[col.HALF + 1], row[col.HALF + 2],
        )  # fmt: skip
    ux, uy, uz = to_unit(row, mx, my, mz)
    vx, vy, vz = to_unit(row, dx, dy, dz)
    if kind == col.BOX:
        return unit_cube_entry(ux, uy, uz, vx, vy, vz)
    return unit_ball_entry(ux, uy, uz, vx, vy, vz)


@inlined
def to_unit(row: F32, x: float, y: float, z: float):
    """Return a vector of world axes in the unit space of an ellipsoid or box."""
    u = col.UNIT
    return (
        row[u] * x + row[u + 1] * y + row[u + 2] * z,
        row[u + 3] * x + row[u + 4] * y + row[u + 5] * z,
        row[u + 6] * x + row[u + 7] * y + row[u + 8] * z,
    )


@compiled
def normal_of(row: F32, kind: int, x: float, y: float, z: float):
    """Return the unit vector that leads out of a solid at a point of its surface, world axes."""
    mx, my, mz = x - row[col.X], y - row[col.Y], z - row[col.Z]
    u = col.UNIT
    if kind == col.CAPSULE:
        wx, wy, wz = row[u], row[u + 1], row[u + 2]
        length = row[col.HALF]
        sine = (row[col.HALF + 1] - row[col.HALF + 2]) / length
        along = mx * wx + my * wy + mz * wz
        away = math.sqrt(max(mx * mx + my * my + mz * mz - along * along, 0.0))
        middle = min(max(along - away * sine / math.sqrt(1.0 - sine * sine), 0.0), length)
        nx, ny, nz = mx - wx * middle, my - wy * middle, mz - wz * middle
    else:
        ux, uy, uz = to_unit(row, mx, my, mz)
        if kind == col.BOX:
            most = max(abs(ux), abs(uy), abs(uz))
            ux, uy, uz = (
                math.copysign(1.0, ux) if abs(ux) == most else 0.0,
                math.copysign(1.0, uy) if abs(uy) == most else 0.0,
                math.copysign(1.0, uz) if abs(uz) == most else 0.0,
            )
        nx = row[u] * ux + row[u + 3] * uy + row[u + 6] * uz
        ny = row[u + 1] * ux + row[u + 4] * uy + row[u + 7] * uz
        nz = row[u + 2] * ux + row[u + 5] * uy + row[u + 8] * uz
    scale = 1.0 / max(math.sqrt(nx * nx + ny * ny + nz * nz), 1e-12)
    return nx * scale, ny * scale, nz * scale

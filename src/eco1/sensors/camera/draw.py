"""The second pass: solids in front of the backdrop, each only within the rectangle it can be seen in."""

import math

from eco1.core.senses import WATER
from eco1.sensors.camera.bounds import solid_bounds
from eco1.sensors.camera.frame import Shot, Work, in_camera, ray
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32
from eco1.sensors.scenery.bodies import Bodies, Shapes, put_solid, reach_of
from eco1.sensors.scenery.heights import height_at
from eco1.sensors.scenery.scenery import Scenery
from eco1.sensors.scenery.solids import capsule_entry, to_unit, unit_cube_entry

#: A solid whose bounding ball is smaller on the screen is left out, but never the largest of a body.
LEAST_RADIUS_PX = 0.35


@inlined
def _pixels(low: float, high: float, focal: float, count: int):
    """Return the first and last + 1 of the pixels whose middles lie between two slopes."""
    first = math.ceil(min(max(low * focal + 0.5 * count - 0.5, -1.0), count + 1.0))
    last = math.floor(min(max(high * focal + 0.5 * count - 0.5, -2.0), count + 0.0)) + 1
    return max(int(first), 0), min(int(last), count)


@compiled
def window(shot: Shot, left: float, right: float, low: float, high: float):
    """Return the columns and rows [first, last) of a band that lie within bounds of the picture."""
    first_column, last_column = _pixels(left, right, shot.focal, shot.width)
    first_row, last_row = _pixels(-high, -low, shot.focal, shot.height)
    return first_column, last_column, max(first_row, shot.first), min(last_row, shot.last)


@inlined
def in_view(shot: Shot, x: float, y: float, z: float, radius: float):
    """Return whether a ball may be seen in the band, and its distance along the camera's axis."""
    a, b, c = in_camera(shot.axes, x - shot.eye[0], y - shot.eye[1], z - shot.eye[2])
    wide = 0.5 * shot.width / shot.focal
    high, low = (0.5 * shot.height - shot.first) / shot.focal, (0.5 * shot.height - shot.last) / shot.focal
    across = abs(a) - c * wide > radius * math.sqrt(1.0 + wide * wide)
    above = b - c * high > radius * math.sqrt(1.0 + high * high)
    below = c * low - b > radius * math.sqrt(1.0 + low * low)
    return not (c + radius <= 0.0 or across or above or below), c


@compiled
def draw_scenery(scenery: Scenery, shot: Shot, work: Work):
    """Draw the solids that do not move."""
    for k in range(scenery.floats.shape[0]):
        row = scenery.floats[k]
        seen, ahead = in_view(shot, row[col.X], row[col.Y], row[col.Z], row[col.BOUND])
        if seen and row[col.BOUND] * shot.focal >= LEAST_RADIUS_PX * ahead:
            draw_solid(shot, work, row, scenery.integers[k, col.KIND], k)


@compiled
def draw_animals(scenery: Scenery, shapes: Shapes, bodies: Bodies, m: int, hidden: int, shot: Shot, work: Work):
    """Put the solids of the animals whose bodies or shadows may be in view into the tables; draw them.

    Returns how many bodies there are; the body of ``hidden`` is not drawn, but has its shadow.
    """
    count, at, fixed = 0, 0, scenery.floats.shape[0]
    for n in range(bodies.species.shape[1]):
        if bodies.shown[m, n] == 0:
            continue
        x, y, z, reach = reach_of(shapes, bodies, m, n)
        seen, ahead = in_view(shot, x, y, z, reach)
        shaded = 3.0 * reach + max(z - height_at(scenery.bed, x, y), 0.0) / scenery.sun[2]
        if not seen and not in_view(shot, x, y, z, shaded)[0]:
            continue
        work.starts[count] = at
        ball = work.balls[count]
        ball[0], ball[1], ball[2], ball[3] = x, y, z, reach
        first = shapes.first[bodies.species[m, n]]
        smallest = LEAST_RADIUS_PX * ahead / shot.focal
        for k in range(first, shapes.first[bodies.species[m, n] + 1]):
            tiny = shapes.bound[k] * bodies.scale[m, n, shapes.part[k]] < smallest and k > first
            if not tiny and put_solid(shapes, bodies, m, n, k, work.floats[at], work.integers[at]):
                if seen and n != hidden:
                    draw_solid(shot, work, work.floats[at], work.integers[at, col.KIND], fixed + at)
                at += 1
        count += 1
    work.starts[count] = at
    return count


@compiled
def draw_solid(shot: Shot, work: Work, row: F32, kind: int, index: int):
    """Draw the solid of a table's ``row`` into the buffers, under the number ``index``."""
    left, right, low, high = solid_bounds(shot, row, kind)
    first_column, last_column, first_row, last_row = window(shot, left, right, low, high)
    if first_column >= last_column or first_row >= last_row:
        return
    mx, my, mz = shot.eye[0] - row[col.X], shot.eye[1] - row[col.Y], shot.eye[2] - row[col.Z]
    if kind == col.CAPSULE:
        for r in range(first_row, last_row):
            for c in range(first_column, last_column):
                dx, dy, dz = ray(shot, r, c)
                t = capsule_entry(
                    mx, my, mz, dx, dy, dz, row[col.UNIT], row[col.UNIT + 1], row[col.UNIT + 2],
                    row[col.HALF], row[col.HALF + 1], row[col.HALF + 2],
                )  # fmt: skip
                _keep(work, r - shot.first, c, t, index)
    else:
        _draw_unit(shot, work, index, row, kind, mx, my, mz, first_column, last_column, first_row, last_row)


@compiled
def _draw_unit(
    shot: Shot, work: Work, index: int, row: F32, kind: int, mx: float, my: float, mz: float,
    first_column: int, last_column: int, first_row: int, last_row: int,
):  # fmt: skip
    """Draw an ellipsoid or a box: in its unit space rays turn by a constant from pixel to pixel."""
    ox, oy, oz = to_unit(row, mx, my, mz)
    apart = ox * ox + oy * oy + oz * oz - 1.0
    per = 1.0 / shot.focal
    step_x, step_y, step_z = to_unit(row, shot.axes[0, 0] * per, shot.axes[0, 1] * per, shot.axes[0, 2] * per)
    for r in range(first_row, last_row):
        begin = ray(shot, r, first_column)
        vx, vy, vz = to_unit(row, begin[0], begin[1], begin[2])
        for c in range(first_column, last_column):
            if kind == col.BOX:
                _keep(work, r - shot.first, c, unit_cube_entry(ox, oy, oz, vx, vy, vz), index)
            else:
                b = ox * vx + oy * vy + oz * vz
                a = vx * vx + vy * vy + vz * vz
                inside = b * b - a * apart
                if inside >= 0.0 and b < 0.0 and apart > 0.0:
                    _keep(work, r - shot.first, c, (-b - math.sqrt(inside)) / a, index)
            vx, vy, vz = vx + step_x, vy + step_y, vz + step_z


@inlined
def _keep(work: Work, line: int, c: int, t: float, index: int):
    if t < work.t[line, c]:
        work.t[line, c], work.what[line, c] = t, index
    elif work.what[line, c] == WATER and t < work.under[line, c]:
        work.under[line, c], work.beneath[line, c] = t, index

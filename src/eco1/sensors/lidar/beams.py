"""What beams of light meet first, among solids that are sorted by the directions they can be seen in."""

import math
from typing import Any, NamedTuple

from eco1.core.random import normal2, uniform4
from eco1.core.senses import GROUND, ICE, SKY, WATER
from eco1.sensors.compiled import compiled, entry, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, I16, I32
from eco1.sensors.scenery.bodies import Bodies, Shapes, put_solid, reach_of
from eco1.sensors.scenery.heights import height_at, sample, surface_entry
from eco1.sensors.scenery.scenery import Scenery
from eco1.sensors.scenery.solids import entry_of

#: Sectors around the scanner; each has a list of the solids that a beam in it may meet.
SECTORS = 64
_RANGE_NOISE = 91  # purpose of the random numbers


class Scan(NamedTuple):
    """Arrays of C scanners to fill, (C, K, ...), and how far they see."""

    position: F32
    instance: I16
    species: I16
    reach: float  # m
    noise: float  # m, standard deviation of the range
    seed: int
    step: int


class Nearby(NamedTuple):
    """Buffers of one thread: tables of solids as for cameras, and their numbers, sector after sector."""

    floats: F32
    integers: I32
    first: I32  # of sector s in ``listed`` at s + 1
    span: I32  # first and last sector of each solid
    listed: I32


@entry
def scan_all(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, eye: F32, directions: F32, moment: I32, hidden: I32, ice: F32,
    scan: Scan, near: Nearby, first: int, last: int,
):  # fmt: skip
    """Scan with the scanners [first, last)."""
    for c in range(first, last):
        m = moment[c]
        count = _gather(scenery, shapes, bodies, m, hidden[c], eye[c], scan.reach, near)
        _sort(eye[c], count, near)
        for k in range(directions.shape[1]):
            d = directions[c, k]
            _beam(scenery, bodies, m, eye[c], d, ice, scan, near, c, k)


@compiled
def _gather(
    scenery: Scenery, shapes: Shapes, bodies: Bodies, m: int, hidden: int, eye: F32, reach: float, near: Nearby
):
    """Put all solids within reach into the tables and return how many."""
    count = 0
    for k in range(scenery.floats.shape[0]):
        row = scenery.floats[k]
        if _within(eye, row[col.X], row[col.Y], row[col.Z], reach + row[col.BOUND]):
            for column in range(col.FLOATS):
                near.floats[count, column] = row[column]
            for column in range(col.INTEGERS):
                near.integers[count, column] = scenery.integers[k, column]
            count += 1
    for n in range(bodies.species.shape[1]):
        if bodies.shown[m, n] == 0 or n == hidden:
            continue
        x, y, z, wide = reach_of(shapes, bodies, m, n)
        if not _within(eye, x, y, z, reach + wide):
            continue
        species = bodies.species[m, n]
        for k in range(shapes.first[species], shapes.first[species + 1]):
            count += put_solid(shapes, bodies, m, n, k, near.floats[count], near.integers[count])
    return count


@inlined
def _within(eye: F32, x: float, y: float, z: float, reach: float):
    a, b, c = x - eye[0], y - eye[1], z - eye[2]
    return a * a + b * b + c * c < reach * reach


@compiled
def _sort(eye: F32, count: int, near: Nearby):
    """List the solids of every sector: a counting sort by the directions (about the vertical) they are seen in."""
    for s in range(SECTORS + 1):
        near.first[s] = 0
    for k in range(count):
        row = near.floats[k]
        x, y, bound = row[col.X] - eye[0], row[col.Y] - eye[1], row[col.BOUND]
        away = math.sqrt(x * x + y * y)
        near.span[k, 0], near.span[k, 1] = 0, SECTORS - 1
        if away > bound:
            middle, half = math.atan2(y, x), math.asin(bound / away)
            near.span[k, 0] = math.floor((middle - half) / (2 * math.pi) * SECTORS)
            near.span[k, 1] = min(math.floor((middle + half) / (2 * math.pi) * SECTORS), near.span[k, 0] + SECTORS - 1)
        for s in range(near.span[k, 0], near.span[k, 1] + 1):
            near.first[s % SECTORS + 1] += 1
    for s in range(SECTORS):
        near.first[s + 1] += near.first[s]
    near.first[SECTORS + 1] = near.first[SECTORS]
    for k in range(count - 1, -1, -1):
        for s in range(near.span[k, 0], near.span[k, 1] + 1):
            near.first[s % SECTORS + 1] -= 1
            near.listed[near.first[s % SECTORS + 1]] = k


@compiled
def _beam(
    scenery: Scenery, bodies: Bodies, m: int, eye: F32, d: F32, ice: F32, scan: Scan, near: Nearby, c: int, k: int
):  # fmt: skip
    """Follow one beam to what it meets first."""
    x, y, z = eye[0], eye[1], eye[2]
    wet = z < height_at(scenery.surface, x, y)
    t, what = _backdrop(scenery, x, y, z, d[0], d[1], d[2], ice[m], wet, scan.reach)
    s = int(math.atan2(d[1], d[0]) / (2 * math.pi) * SECTORS + SECTORS) % SECTORS
    solid = -1
    for at in range(near.first[s + 1], near.first[s + 2]):
        index = near.listed[at]
        found = entry_of(near.floats[index], near.integers[index, col.KIND], x, y, z, d[0], d[1], d[2])
        if found < t:
            t, solid = found, index
    out = scan.position[c, k]
    scan.species[c, k] = -1
    if t > scan.reach:
        out[0], out[1], out[2] = math.nan, math.nan, math.nan
        scan.instance[c, k] = SKY
        return
    if scan.noise > 0.0:
        a, b, _, _ = uniform4(scan.seed, scan.step, c, k, _RANGE_NOISE)
        t = max(t + scan.noise * normal2(float(a), float(b))[0], 0.0)
    out[0], out[1], out[2] = x + t * d[0], y + t * d[1], z + t * d[2]
    scan.instance[c, k] = what if solid < 0 else near.integers[solid, col.INSTANCE]
    if solid >= 0 and near.integers[solid, col.PART] >= 0:
        scan.species[c, k] = bodies.species[m, near.integers[solid, col.INSTANCE]]


@inlined
def _backdrop(
    scenery: Scenery, x: float, y: float, z: float, dx: float, dy: float, dz: float, ice: Any, wet: bool, reach: float
) -> tuple[float, int]:  # fmt: skip
    """Return the distance to the ground, the water or the ice, and which of them it is."""
    field = scenery.bed if wet else scenery.surface
    t: Any = surface_entry(field, x, y, z, dx, dy, dz, 0.0, reach)
    what = GROUND
    if wet and dz > 0.0:
        up = (height_at(scenery.surface, x, y) - z) / dz
        if up < t:
            t, what = up, WATER
    if t < math.inf and not (wet and what == GROUND):
        u, v = (x + dx * t - field.origin) * field.per_m, (y + dy * t - field.origin) * field.per_m
        if what == WATER or sample(scenery.depth, u, v) > 0.0:
            what = ICE if sample(scenery.freezing, u, v) <= ice else WATER
    return t, what

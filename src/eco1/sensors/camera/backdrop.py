"""The first pass: for every pixel the ground, the water, the ice or the sky."""

import math

from eco1.core.senses import GROUND, ICE, SKY, WATER
from eco1.sensors.camera.frame import Shot, Work, ray
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery.heights import level_and_slope, sample, surface_entry
from eco1.sensors.scenery.relief import HeightField
from eco1.sensors.scenery.scenery import Scenery

_TILE = 8  # pixels
_LEAST_DEPTH_M = 1e-3
_FARTHEST_M = 20_000.0
_SHARED_FROM_PX = 256  # rows of a picture from which on neighbouring rays meet the ground near each other
_NEAR_SHARE, _SETTLED_SHARE, _NEWTON_STEPS = 0.25, 1e-3, 3  # shares of the distance


@compiled
def clear_start(field: HeightField, shot: Shot, row: int, column: int):
    """Return a t up to which none of the rays of a tile meets the surface: its beam stays above all peaks below."""
    last_row, last_column = min(row + _TILE, shot.height) - 1, min(column + _TILE, shot.width) - 1
    dx, dy, dz = ray(shot, row, column)
    low_x, high_x, low_y, high_y, low_z = dx, dx, dy, dy, dz
    for corner in range(1, 4):
        r, c = last_row if corner & 1 else row, last_column if corner & 2 else column
        dx, dy, dz = ray(shot, r, c)
        low_x, high_x = min(low_x, dx), max(high_x, dx)
        low_y, high_y, low_z = min(low_y, dy), max(high_y, dy), min(low_z, dz)
    if low_z >= 0.0 and shot.eye[2] > field.peaks[-1]:
        return _FARTHEST_M
    side, levels = field.nodes.shape[0] - 1, field.starts.shape[0]
    t, step = 0.0, 0.5 * field.cell
    while t < _FARTHEST_M:
        end = t + step
        west = (shot.eye[0] + min(low_x * t, low_x * end) - field.origin) * field.per_m
        east = (shot.eye[0] + max(high_x * t, high_x * end) - field.origin) * field.per_m
        south = (shot.eye[1] + min(low_y * t, low_y * end) - field.origin) * field.per_m
        north = (shot.eye[1] + max(high_y * t, high_y * end) - field.origin) * field.per_m
        outside = west < 0.0 or south < 0.0 or east >= side or north >= side
        if east < 0.0 or north < 0.0 or west >= side or south >= side:
            return _FARTHEST_M if low_z >= 0.0 and shot.eye[2] > field.beyond else t
        west, south = min(max(west, 0.0), side - 0.5), min(max(south, 0.0), side - 0.5)
        east, north = min(max(east, 0.0), side - 0.5), min(max(north, 0.0), side - 0.5)
        level = 0
        while (int(east) >> level) - (int(west) >> level) > 1 or (int(north) >> level) - (int(south) >> level) > 1:
            level += 1
        if level >= levels:
            return t
        start, across = field.starts[level], side >> level
        a, b = int(west) >> level, int(south) >> level
        c, d = int(east) >> level, int(north) >> level
        peak = max(
            max(field.peaks[start + b * across + a], field.peaks[start + b * across + c]),
            max(field.peaks[start + d * across + a], field.peaks[start + d * across + c]),
        )
        if outside:
            peak = max(peak, field.beyond)
        if shot.eye[2] + min(low_z * t, low_z * end) <= peak:
            if step <= 0.5 * field.cell:
                return t
            step *= 0.5
        else:
            t = end
            step *= 1.5
    return t


@compiled
def draw_backdrop(scenery: Scenery, shot: Shot, ice: float, work: Work):
    """Fill ``t`` and ``what`` of a band, and what lies below water that is seen from above.

    In big pictures every second ray of every second row is followed, those between are found from their neighbours:
    what is thinner than a pixel may be missed.
    """
    field = scenery.bed if shot.wet else scenery.surface
    every = 2 if shot.height >= _SHARED_FROM_PX else 1
    top_row = shot.first - shot.first % _TILE
    for tile_row in range(top_row, shot.last, _TILE):
        for tile_column in range(0, shot.width, _TILE):
            start = clear_start(field, shot, tile_row, tile_column)
            for r in range(max(tile_row, shot.first), min(tile_row + _TILE, shot.last), every):
                for c in range(tile_column, min(tile_column + _TILE, shot.width), every):
                    t = math.inf
                    if start < _FARTHEST_M:
                        t = _followed(field, shot, r, c, start)
                    _keep(scenery, field, shot, ice, work, r, c, t)
    if every == 2:
        _fill_between(scenery, field, shot, ice, work)


@compiled
def _fill_between(scenery: Scenery, field: HeightField, shot: Shot, ice: float, work: Work):
    for r in range(shot.first, shot.last):
        odd = (r - shot.first) & 1
        if odd == 1:
            above, below = r - 1, r + 1 if r + 1 < shot.last else r - 1
            for c in range(0, shot.width, 2):
                t = _between(field, shot, work, r, c, above, c, below, c)
                _keep(scenery, field, shot, ice, work, r, c, t)
        for c in range(1, shot.width, 2):
            right = c + 1 if c + 1 < shot.width else c - 1
            _keep(scenery, field, shot, ice, work, r, c, _between(field, shot, work, r, c, r, c - 1, r, right))


@inlined
def _followed(field: HeightField, shot: Shot, r: int, c: int, start: float):
    dx, dy, dz = ray(shot, r, c)
    return surface_entry(field, shot.eye[0], shot.eye[1], shot.eye[2], dx, dy, dz, start, _FARTHEST_M)


@inlined
def _between(
    field: HeightField, shot: Shot, work: Work, r: int, c: int, r0: int, c0: int, r1: int, c1: int
):  # fmt: skip
    """Return where the ray of a pixel between two others meets the surface, from where they do.

    On a plane 1 / t is linear in the picture. Newton's method goes on from there; where the two are far apart or it
    does not settle at once, the ray is followed from its beginning.
    """
    one, other = work.t[r0 - shot.first, c0], work.t[r1 - shot.first, c1]
    what, there = work.what[r0 - shot.first, c0], work.what[r1 - shot.first, c1]
    ceiling = shot.wet and (what == WATER or there == WATER)
    if what == SKY and there == SKY:
        return math.inf
    if not ceiling and abs(one - other) < _NEAR_SHARE * min(one, other):
        dx, dy, dz = ray(shot, r, c)
        t = 2.0 * one * other / (one + other)
        for _ in range(_NEWTON_STEPS):
            u = (shot.eye[0] + dx * t - field.origin) * field.per_m
            v = (shot.eye[1] + dy * t - field.origin) * field.per_m
            side = field.nodes.shape[0] - 1
            if not (0.0 <= u <= side and 0.0 <= v <= side):
                break
            level, east, north = level_and_slope(field, u, v)
            change = (shot.eye[2] + dz * t - level) / (dz - east * dx - north * dy)
            t -= change
            if abs(change) < _SETTLED_SHARE * t:
                return t
    return _followed(field, shot, r, c, 0.0)


@inlined
def _keep(
    scenery: Scenery, field: HeightField, shot: Shot, ice: float, work: Work, r: int, c: int, t: float
):  # fmt: skip
    """Write down what a pixel shows whose ray meets the surface at ``t``."""
    dx, dy, dz = ray(shot, r, c)
    line = r - shot.first
    what = GROUND if t < math.inf else SKY
    work.under[line, c], work.shadow[line, c] = 0.0, 0.0
    if shot.wet and dz > 0.0 and (shot.level - shot.eye[2]) / dz < t:
        t = max((shot.level - shot.eye[2]) / dz, _LEAST_DEPTH_M)
        what = WATER
    if what != SKY and not (shot.wet and what == GROUND):
        u = (shot.eye[0] + dx * t - field.origin) * field.per_m
        v = (shot.eye[1] + dy * t - field.origin) * field.per_m
        last = scenery.wet.shape[0] - 1
        if scenery.wet[min(max(int(v), 0), last), min(max(int(u), 0), last)] != 0:
            deep = sample(scenery.depth, u, v)
            if deep > 0.0:
                what = ICE if sample(scenery.freezing, u, v) <= ice else WATER
            if what == WATER and not shot.wet:
                work.under[line, c] = t + deep / max(-dz, 0.05)
                work.beneath[line, c] = GROUND
    work.t[line, c], work.what[line, c] = t, what

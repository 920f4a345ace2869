"""The third pass: shadows of animals on the ground, the ice and the water, soft at their edges."""

import math
from typing import NamedTuple

from eco1.core.senses import GROUND, ICE
from eco1.sensors.camera.bounds import round_bounds
from eco1.sensors.camera.draw import window
from eco1.sensors.camera.frame import Shot, Work, ray
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32
from eco1.sensors.scenery.heights import height_at
from eco1.sensors.scenery.scenery import Scenery
from eco1.sensors.scenery.solids import to_unit

_CORE, _EDGE = 0.75, 1.2  # shares of a solid's width within which its shadow is full, and beyond which there is none
_MOST_SOLIDS = 10  # the largest of a body cast its shadow
_FARTHEST_M = 120.0
_STEEPEST = 0.4  # ground within a shadow: how far up or down, as a share of its width
_SPREAD = 1.25  # how much wider the edge and slopes make a shadow


class Beam(NamedTuple):
    """Two unit vectors square to the sun's direction and to each other: points alike in both are on one line to it.

    The first is level.
    """

    ux: float
    uy: float
    vx: float
    vy: float
    vz: float


@inlined
def _beam(sun: F32):
    flat = math.sqrt(sun[0] * sun[0] + sun[1] * sun[1])
    ux, uy = (-sun[1] / flat, sun[0] / flat) if flat > 1e-6 else (1.0, 0.0)
    return Beam(ux=ux, uy=uy, vx=-sun[2] * uy, vy=sun[2] * ux, vz=sun[0] * uy - sun[1] * ux)


@inlined
def _in_beam(beam: Beam, x: float, y: float, z: float):
    return beam.ux * x + beam.uy * y, beam.vx * x + beam.vy * y + beam.vz * z


@compiled
def draw_shadows(scenery: Scenery, shot: Shot, count: int, work: Work):
    """Darken the ground that the bodies in view keep the sun from."""
    field = scenery.bed if shot.wet else scenery.surface
    sun, beam = scenery.sun, _beam(scenery.sun)
    for body in range(count):
        x, y, z, reach = work.balls[body, 0], work.balls[body, 1], work.balls[body, 2], work.balls[body, 3]
        fall = max(z - height_at(field, x, y), 0.0) / sun[2]
        if fall > _FARTHEST_M:
            continue
        x, y, z = x - sun[0] * fall, y - sun[1] * fall, z - sun[2] * fall
        wide = _SPREAD * reach / sun[2]
        left, right, low, high = round_bounds(shot, x, y, z, wide, _STEEPEST * wide)
        first_column, last_column, first_row, last_row = window(shot, left, right, low, high)
        for r in range(first_row, last_row):
            _shade_row(shot, body, r, first_column, last_column, beam, work, sun)


@inlined
def _shade_row(shot: Shot, body: int, r: int, first: int, last: int, beam: Beam, work: Work, sun: F32):
    """Darken what lies in the shadow of one body in some columns of a row.

    Most pixels only need to be told that they do not: their line to the sun passes the ball around the body.
    """
    ball, a, line = work.balls[body], shot.axes, r - shot.first
    up, per = (0.5 * shot.height - r - 0.5) / shot.focal, 1.0 / shot.focal
    right_u, right_v = _in_beam(beam, a[0, 0], a[0, 1], a[0, 2])
    row_u, row_v = _in_beam(beam, a[2, 0] + up * a[1, 0], a[2, 1] + up * a[1, 1], a[2, 2] + up * a[1, 2])
    eye_u, eye_v = _in_beam(beam, shot.eye[0], shot.eye[1], shot.eye[2])
    ball_u, ball_v = _in_beam(beam, ball[0], ball[1], ball[2])
    begin, end = work.starts[body], min(work.starts[body + 1], work.starts[body] + _MOST_SOLIDS)
    for c in range(first, last):
        what, t = work.what[line, c], work.t[line, c]
        right = (c + 0.5 - 0.5 * shot.width) * per
        u, v = eye_u + t * (row_u + right * right_u), eye_v + t * (row_v + right * right_v)
        if _passed(u - ball_u, v - ball_v, ball[3]) or (what != GROUND and what != ICE):
            continue
        dx, dy, dz = ray(shot, r, c)
        px, py, pz = shot.eye[0] + t * dx, shot.eye[1] + t * dy, shot.eye[2] + t * dz
        dark = work.shadow[line, c]
        for k in range(begin, end):
            row = work.floats[k]
            solid_u, solid_v = _in_beam(beam, row[col.X], row[col.Y], row[col.Z])
            if dark < 1.0 and not _passed(u - solid_u, v - solid_v, row[col.BOUND]):
                dark = max(dark, _darkness(row, work.integers[k, col.KIND], px, py, pz, sun))
        work.shadow[line, c] = dark


@inlined
def _passed(u: float, v: float, radius: float):
    """Return whether the line to the sun passes a ball, (u, v) off its middle, by more than a soft edge."""
    return u * u + v * v > _EDGE * _EDGE * radius * radius


@compiled
def _darkness(row: F32, kind: int, px: float, py: float, pz: float, sun: F32):
    """Return how much of the sun a solid hides from a point: by how near its middle the line to the sun passes."""
    mx, my, mz = px - row[col.X], py - row[col.Y], pz - row[col.Z]
    if kind == col.CAPSULE:
        near2 = _near_axis(row, mx, my, mz, sun)
    else:
        ox, oy, oz = to_unit(row, mx, my, mz)
        vx, vy, vz = to_unit(row, sun[0], sun[1], sun[2])
        speed2, closing = vx * vx + vy * vy + vz * vz, ox * vx + oy * vy + oz * vz
        if closing > 0.0:
            return 0.0
        near2 = ox * ox + oy * oy + oz * oz - closing * closing / speed2
    if near2 >= _EDGE * _EDGE:
        return 0.0
    share = min(max((_EDGE - math.sqrt(max(near2, 0.0))) / (_EDGE - _CORE), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


@inlined
def _near_axis(row: F32, mx: float, my: float, mz: float, sun: F32):
    """Return the squared distance of the line to the sun from the axis of a capsule, in radii there."""
    wx, wy, wz = row[col.UNIT], row[col.UNIT + 1], row[col.UNIT + 2]
    lean = wx * sun[0] + wy * sun[1] + wz * sun[2]
    along, ahead = mx * wx + my * wy + mz * wz, mx * sun[0] + my * sun[1] + mz * sun[2]
    at = (along - lean * ahead) / max(1.0 - lean * lean, 1e-6)
    at = min(max(at, 0.0), row[col.HALF])
    x, y, z = mx - wx * at, my - wy * at, mz - wz * at
    closing = x * sun[0] + y * sun[1] + z * sun[2]
    radius = row[col.HALF + 1] + (row[col.HALF + 2] - row[col.HALF + 1]) * at / row[col.HALF]
    if closing > 0.0:
        return _EDGE * _EDGE
    return (x * x + y * y + z * z - closing * closing) / (radius * radius)

"""Which rectangle of the picture a solid can be seen in."""

import math

from eco1.sensors.camera.frame import Shot, in_camera
from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32

_WIDE = 1e9
_NOWHERE = (_WIDE, -_WIDE, _WIDE, -_WIDE)


@inlined
def _tangents(c: float, z: float, cc: float, cz: float, zz: float):
    """Return the slopes of the two lines through the eye that touch an ellipse in the plane of one axis and depth.

    A plane through the eye with the normal (1, -u) touches where (c - u z)^2 equals the squared half-width along it.

    Args:
        c, z: the middle, across and ahead.
        cc, cz, zz: products of the semi-axes' components across and ahead.
    """
    ahead = z * z - zz
    if ahead <= 0.0 or z <= 0.0:
        return -_WIDE, _WIDE
    both = c * z - cz
    root = math.sqrt(max(both * both - ahead * (c * c - cc), 0.0))
    return (both - root) / ahead, (both + root) / ahead


@compiled
def round_bounds(shot: Shot, x: float, y: float, z: float, wide: float, tall: float):
    """Return left, right, low and high of a ball, or of an upright ellipsoid of revolution, in the picture.

    They are shares of its distance along the camera's axis; left > right when it is behind.
    """
    a, b, c = in_camera(shot.axes, x - shot.eye[0], y - shot.eye[1], z - shot.eye[2])
    level, steep = wide * wide, tall * tall - wide * wide
    up_a, up_b, up_c = shot.axes[0, 2], shot.axes[1, 2], shot.axes[2, 2]
    cc = level + steep * up_c * up_c
    if c <= 0.0 and c * c >= cc:
        return _NOWHERE
    left, right = _tangents(a, c, level + steep * up_a * up_a, steep * up_a * up_c, cc)
    low, high = _tangents(b, c, level + steep * up_b * up_b, steep * up_b * up_c, cc)
    return left, right, low, high


@compiled
def solid_bounds(shot: Shot, row: F32, kind: int):
    """Return left, right, low and high of a solid in the picture, as shares of its distance along the camera's axis."""
    u = col.UNIT
    if kind == col.CAPSULE:
        length = row[col.HALF]
        one = round_bounds(shot, row[col.X], row[col.Y], row[col.Z], row[col.HALF + 1], row[col.HALF + 1])
        x, y, z = row[col.X] + length * row[u], row[col.Y] + length * row[u + 1], row[col.Z] + length * row[u + 2]
        other = round_bounds(shot, x, y, z, row[col.HALF + 2], row[col.HALF + 2])
        return min(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), max(one[3], other[3])
    a, b, c = in_camera(shot.axes, row[col.X] - shot.eye[0], row[col.Y] - shot.eye[1], row[col.Z] - shot.eye[2])
    aa, bb, cc, ac, bc = 0.0, 0.0, 0.0, 0.0, 0.0
    wide = 3.0 if kind == col.BOX else 1.0  # a ball through the corners of a cube is root 3 times as wide
    for k in range(3):
        square = row[col.HALF + k] * row[col.HALF + k]  # rows of UNIT are unit axes over half-lengths
        p, q, r = in_camera(
            shot.axes, row[u + 3 * k] * square, row[u + 3 * k + 1] * square, row[u + 3 * k + 2] * square
        )
        aa, bb, cc = aa + p * p * wide, bb + q * q * wide, cc + r * r * wide
        ac, bc = ac + p * r * wide, bc + q * r * wide
    if c < 0.0 and c * c >= cc:
        return _NOWHERE
    left, right = _tangents(a, c, aa, ac, cc)
    low, high = _tangents(b, c, bb, bc, cc)
    return left, right, low, high

"""What the kernels of the camera hand to each other."""

from typing import NamedTuple

from eco1.sensors.compiled import inlined
from eco1.sensors.scenery.arrays import F32, I16, I32, U8
from eco1.sensors.scenery.scenery import Scenery


class Lens(NamedTuple):
    """C cameras now and a frame before. ``focal`` is in pixels; ``hidden`` the row that is not drawn, -1 none."""

    eye: F32
    axes: F32
    focal: F32
    before_eye: F32
    before_axes: F32
    before_focal: F32
    moment: I32
    hidden: I32


class Pictures(NamedTuple):
    """The arrays to fill, (C, H, W, ...) as in ``core.senses.Frames``."""

    rgb: U8
    depth: F32
    instance: I16
    flow: F32


class Work(NamedTuple):
    """Buffers of one thread, those of pixels from the first row of its shot on. ``t`` is depth along the camera's axis;
    ``what`` one of GROUND, WATER ..., or a solid's number, see ``solid_at``; ``under`` and ``beneath`` the same below a
    surface of water. ``floats`` and ``integers`` are the solids of the animals in view, each body between two of
    ``starts``, within the ball (x, y, z, radius) of ``balls``.
    """

    t: F32
    what: I32
    under: F32
    beneath: I32
    shadow: F32
    floats: F32
    integers: I32
    starts: I32
    balls: F32


class Shot(NamedTuple):
    """One camera and the rows [first, last) of its picture."""

    eye: F32
    axes: F32
    focal: float
    width: int  # of the whole picture, pixels
    height: int
    first: int
    last: int
    wet: bool  # the eye is in the water
    level: float  # m, height of the water around it


@inlined
def solid_at(scenery: Scenery, work: Work, number: int):
    """Return the two rows of a solid's tables: those of the scenery are counted first, then those of the animals."""
    fixed = scenery.floats.shape[0]
    if number < fixed:
        return scenery.floats[number], scenery.integers[number]
    return work.floats[number - fixed], work.integers[number - fixed]


@inlined
def ray(shot: Shot, row: int, column: int):
    """Return the direction of a pixel's ray, one metre long along the camera's axis."""
    right, up = (column + 0.5 - 0.5 * shot.width) / shot.focal, (0.5 * shot.height - row - 0.5) / shot.focal
    a = shot.axes
    return (
        a[2, 0] + right * a[0, 0] + up * a[1, 0],
        a[2, 1] + right * a[0, 1] + up * a[1, 1],
        a[2, 2] + right * a[0, 2] + up * a[1, 2],
    )


@inlined
def in_camera(axes: F32, x: float, y: float, z: float):
    """Return a vector of world axes as (right, up, forward) of a camera."""
    return (
        axes[0, 0] * x + axes[0, 1] * y + axes[0, 2] * z,
        axes[1, 0] * x + axes[1, 1] * y + axes[1, 2] * z,
        axes[2, 0] * x + axes[2, 1] * y + axes[2, 2] * z,
    )

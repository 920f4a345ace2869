"""Where the accent of a coat lies on a body, from the point alone: drawing, not biology.

Marks are there to tell species apart. Points come in shares of head-body length (x ahead, y left) and of height (z up),
in the body's resting pose. Marks are coarser than in life, because a picture of 64 x 64 pixels has few for an animal.
"""

import math

from eco1.sensors.compiled import compiled, inlined
from eco1.sensors.scenery.arrays import U8
from eco1.sensors.scenery.noise import CELLS, SIDE
from eco1.sensors.scenery.surfaces import surface

_TAWNY, _SPOTS, _BLOTCHES, _STRIPES = surface("tawny"), surface("spots"), surface("blotches"), surface("stripes")
_PATCHES, _FLANK_BAND, _BRINDLE = surface("patches"), surface("flank_band"), surface("brindle")
_BACK_BANDS, _WRINKLED, _COUNTERSHADED = surface("back_bands"), surface("wrinkled"), surface("countershaded")
_BARS, _LINES, _SCALES, _ROSETTES = surface("bars"), surface("lines"), surface("scales"), surface("rosettes")
_BIB, _MASK, _SADDLE, _WHITE_BELLY = surface("bib"), surface("mask"), surface("saddle"), surface("white_belly")
_LEAVES, _BARK, _BRAIN, _BRANCH = surface("leaves"), surface("bark"), surface("brain_coral"), surface("branch_coral")
_WALL, _ROOF, _EARTH, _PETALS = surface("wall"), surface("roof"), surface("earth"), surface("petals")
_TEXELS = SIDE / CELLS
_FAR = 4096.0 * SIDE  # so that cutting off decimals is rounding down, left of the origin too


@inlined
def step(low: float, high: float, x: float):
    """Return a smooth step from 0 below ``low`` to 1 above ``high`` (or down, when low is the greater)."""
    share = min(max((x - low) / (high - low), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


@inlined
def grain(image: U8, u: float, v: float):
    """Return smooth noise in [0, 1] at a point in texels, bilinear."""
    fu, fv = math.floor(u), math.floor(v)
    a, b = u - fu, v - fv
    i, j = int(fu) & (SIDE - 1), int(fv) & (SIDE - 1)
    k, m = (i + 1) & (SIDE - 1), (j + 1) & (SIDE - 1)
    low, high = image[j, i] * (1.0 - a) + image[j, k] * a, image[m, i] * (1.0 - a) + image[m, k] * a
    return (low * (1.0 - b) + high * b) * (1.0 / 255.0)


@inlined
def cell(image: U8, u: float, v: float, which: int):
    """Return a distance from the image of cells, in [0, 1], at a point measured in cells, bilinear."""
    return grain(image[:, :, which], u * _TEXELS, v * _TEXELS)


@inlined
def cell_number(image: U8, u: float, v: float):
    """Return a number in [0, 1] that all points of a cell share."""
    i, j = int(u * _TEXELS + _FAR) & (SIDE - 1), int(v * _TEXELS + _FAR) & (SIDE - 1)
    return image[j, i, 2] * (1.0 / 255.0)


@compiled
def marks(pattern: int, smooth: U8, cells: U8, x: float, y: float, z: float, nx: float, ny: float, nz: float):
    """Return the share of the accent at a point, the share of pure white, and a factor for the light.

    Args:
        pattern: index into ``SURFACES``.
        smooth, cells: the images of ``scenery.noise``.
        x, y, z: the point in the pattern's axes.
        nx, ny, nz: which way the surface faces, in the same axes.
    """
    below = step(-0.1, -0.6, nz)
    side = x + 0.55 * y
    if pattern == _WHITE_BELLY:
        return step(0.0, -0.35, nz), 0.0, 1.0
    if pattern in (_TAWNY, _COUNTERSHADED):
        return below, 0.0, 1.0
    if pattern == _SPOTS:
        return step(0.34, 0.26, cell(cells, side * 13.0, z * 8.0, 0)) * (1.0 - below), 0.35 * below, 1.0
    if pattern == _ROSETTES:
        near = cell(cells, side * 9.0, z * 5.0, 0)
        return step(0.16, 0.22, near) * step(0.44, 0.38, near) * (1.0 - below), 0.35 * below, 1.0
    if pattern == _BLOTCHES:
        key = cell_number(cells, side * 5.0, z * 3.2)
        return (1.0 if key > 0.52 else 0.0), 0.0, (0.55 if key < 0.22 else 1.0)
    if pattern == _STRIPES:
        legs = step(0.58, 0.48, z)
        lean = (z - 1.0) * 1.4 * step(-0.1, -0.3, x)
        wave = math.sin(2 * math.pi * (x * 8.0 + lean)) * (1.0 - legs) + math.sin(2 * math.pi * z * 8.0) * legs
        return step(-0.2, 0.2, wave), 0.0, 1.0
    if pattern == _PATCHES:
        return step(0.10, 0.17, cell(cells, side * 7.0, z * 9.0, 1)) * step(0.22, 0.34, z), 0.0, 1.0
    if pattern == _FLANK_BAND:
        white = step(0.66, 0.62, z) * step(0.45, 0.5, z) * step(0.4, 0.36, abs(x))
        band = step(0.62, 0.65, z) * step(0.78, 0.74, z) * step(0.32, 0.28, abs(x)) * step(0.2, 0.4, abs(ny))
        return band, white, 1.0
    if pattern == _BRINDLE:
        return step(0.2, 0.6, math.sin(2 * math.pi * x * 10.0)) * step(-0.05, 0.05, x) * step(0.55, 0.65, z), 0.0, 1.0
    if pattern == _BACK_BANDS:
        return step(0.2, 0.6, math.sin(2 * math.pi * x * 8.0)) * step(0.2, 0.4, nz) * step(0.15, 0.1, x), 0.0, 1.0
    if pattern == _WRINKLED:
        return 0.0, 0.0, 0.9 + 0.18 * grain(smooth, 60.0 * side, 110.0 * z)
    if pattern == _BARS:
        return step(0.1, 0.5, math.sin(2 * math.pi * x * 6.0)), 0.0, 1.0
    if pattern == _LINES:
        return step(0.3, 0.6, math.sin(2 * math.pi * z * 4.0)) * (1.0 - below), 0.4 * below, 1.0
    if pattern == _SCALES:
        return step(0.16, 0.06, cell(cells, side * 9.0, z * 6.0, 1)), 0.0, 1.0
    if pattern == _BIB:
        return step(0.1, 0.3, x) * step(0.25, -0.05, nz), 0.0, 1.0
    if pattern == _MASK:
        return step(0.42, 0.48, x), 0.0, 1.0
    if pattern == _SADDLE:
        return step(0.15, 0.45, nz) * step(0.35, 0.25, abs(x)), 0.0, 1.0
    return _things(pattern, smooth, cells, x, y, z, nx, ny, nz)


@compiled
def _things(pattern: int, smooth: U8, cells: U8, x: float, y: float, z: float, nx: float, ny: float, nz: float):
    """The same for plants and walls, whose points are in metres of the world."""
    if pattern == _LEAVES:
        leaf = grain(smooth, 75.0 * (x + 0.7 * z), 75.0 * (y - 0.6 * z))
        clump = grain(smooth, 21.0 * (x - 0.5 * z), 21.0 * (y + 0.8 * z))
        return step(0.45, 0.95, 1.05 - 0.5 * leaf - 0.45 * clump - 0.2 * nz), 0.0, 0.68 + 0.4 * leaf + 0.3 * clump
    if pattern == _BARK:
        return grain(smooth, 40.0 * (x + y), 6.0 * z), 0.0, 1.0
    if pattern == _BRAIN:
        return step(0.22, 0.08, cell(cells, 2.0 * (x + 0.4 * z), 2.0 * (y - 0.6 * z), 1)), 0.0, 1.0
    if pattern == _BRANCH:
        return 0.55 * step(0.5, 1.0, nz) * grain(smooth, 30.0 * x, 30.0 * y), 0.0, 1.0
    if pattern == _WALL:
        along = x if abs(ny) > abs(nx) else y
        u, v = along / 2.6 - math.floor(along / 2.6), z / 3.1 - math.floor(z / 3.1)
        glass = 1.0 if abs(u - 0.5) < 0.23 and abs(v - 0.52) < 0.27 else 0.0
        frame = 0.25 if glass == 0.0 and abs(u - 0.5) < 0.29 and abs(v - 0.52) < 0.33 else 0.0
        return glass, frame, 0.9 + 0.2 * grain(smooth, 8.0 * along, 8.0 * z)
    if pattern == _ROOF:
        return 0.8 * step(0.4, 0.8, grain(smooth, 9.0 * x, 30.0 * y)), 0.0, 1.0
    if pattern == _EARTH:
        return step(0.5, 0.8, grain(smooth, 40.0 * (x + z), 40.0 * y)), 0.0, 1.0
    if pattern == _PETALS:
        return step(0.24, 0.14, cell(cells, x, y, 0)), 0.0, 1.0
    return 0.0, 0.0, 1.0

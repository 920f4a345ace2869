"""Pictures from straight above: the ground as it grows and every animal as a spot, painted without a camera.

What a bird would see and no animal does: exact, flat and cheap. Where the picture of an eye is wanted, the camera of
``sensors`` takes one.
"""

import math

import numpy as np

from eco1.environments.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import NO_SEA_M, Conditions, Ground
from eco1.sim.kernels.look import length_of
from eco1.sim.kernels.media import is_frozen
from eco1.sim.kernels.places import at
from eco1.sim.laws.terrain import cell_of

U8 = np.ndarray

#: Colours, (red, green, blue).
BEYOND, WATER, ICE, HOUSE = (0, 0, 0), (58, 104, 158), (226, 236, 244), (120, 112, 108)
BARE, GROWN, TREE = (196, 170, 118), (84, 128, 52), (40, 78, 34)
SEA_BARE, SEA_GROWN = (176, 186, 160), (46, 122, 118)
MYSELF, KIN, PREY, THREAT, OTHER, DEAD = (
    (255, 255, 255),
    (96, 208, 255),
    (255, 214, 64),
    (240, 48, 40),
    (190, 120, 220),
    (70, 40, 36),
)
_LEAST_SPOT = 0.018  # of the side of a picture: the smallest radius of an animal
_TREE_M = 2.5


@inlined
def _put(pixel: U8, colour: tuple[int, int, int]):
    pixel[0], pixel[1], pixel[2] = colour[0], colour[1], colour[2]


@inlined
def _mix(pixel: U8, one: tuple[int, int, int], other: tuple[int, int, int], share: float):
    for n in range(3):
        pixel[n] = np.uint8(one[n] + share * (other[n] - one[n]))


@inlined
def _ground(pixel: U8, veg: F32, g: Ground, c: Conditions, x: float, y: float):
    """Paint what lies at a place."""
    if x < 0.0 or y < 0.0 or x >= g.size or y >= g.size:
        _put(pixel, BEYOND)
        return
    sea = g.top < NO_SEA_M
    if at(g, layer.ROOF, x, y) > 0.0:
        _put(pixel, HOUSE)
    elif at(g, layer.DEPTH, x, y) > 0.0 and not sea:
        _put(pixel, ICE if is_frozen(g, c, x, y) else WATER)
    elif math.hypot(at(g, layer.TREE_X, x, y) - x, at(g, layer.TREE_Y, x, y) - y) < _TREE_M and not sea:
        _put(pixel, TREE)
    else:
        cells = veg.shape[0]
        grown = min(1.0, veg[cell_of(y, g.forage_cell, cells), cell_of(x, g.forage_cell, cells)])
        _mix(pixel, SEA_BARE if sea else BARE, SEA_GROWN if sea else GROWN, grown)


@inlined
def _colour(k: I32, t: F32, i: int, j: int):
    """Return what an animal is to animal ``i``; to nobody (-1) all are others."""
    if k[col.STATUS, j] == col.CARCASS:
        return DEAD
    if i < 0:
        return OTHER
    if j == i:
        return MYSELF
    relation = t[k[col.SPECIES, i], trait.RELATION + k[col.SPECIES, j]]
    if relation == trait.KIN:
        return KIN
    return PREY if relation == trait.PREY else (THREAT if relation == trait.THREAT else OTHER)


@inlined
def _spot(picture: U8, u: float, v: float, radius: float, colour: tuple[int, int, int]):
    side = picture.shape[0]
    for row in range(max(0, int(v - radius)), min(side, int(v + radius) + 2)):
        for column in range(max(0, int(u - radius)), min(side, int(u + radius) + 2)):
            if (row + 0.5 - v) ** 2 + (column + 0.5 - u) ** 2 <= radius * radius:
                _put(picture[row, column], colour)


@compiled
def paint(
    picture: U8, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, i: int, x: float, y: float, hx: float,
    hy: float, reach: float,
):  # fmt: skip
    """Paint a square of ``2 * reach`` m around (x, y) with (hx, hy) up, animals coloured as animal ``i`` sees them."""
    side = picture.shape[0]
    metres = 2.0 * reach / side
    for row in range(side):
        up = reach - (row + 0.5) * metres
        for column in range(side):
            right = (column + 0.5) * metres - reach
            _ground(picture[row, column], veg, g, c, x + up * hx + right * hy, y + up * hy - right * hx)
    for turn in range(2):  # the living over the dead
        for j in range(f.shape[1]):
            if k[col.STATUS, j] != (col.CARCASS if turn == 0 else col.ALIVE):
                continue
            dx, dy = f[col.X, j] - x, f[col.Y, j] - y
            u, v = (dx * hy - dy * hx + reach) / metres, (reach - dx * hx - dy * hy) / metres
            radius = max(_LEAST_SPOT * side, 0.5 * length_of(f, k, t, j) / metres)
            _spot(picture, u, v, radius, _colour(k, t, i, j))
            if turn == 1:  # a dark nose shows where it heads
                ahead_u = f[col.HEADING_X, j] * hy - f[col.HEADING_Y, j] * hx
                ahead_v = -(f[col.HEADING_X, j] * hx + f[col.HEADING_Y, j] * hy)
                _spot(picture, u + radius * ahead_u, v + radius * ahead_v, 0.45 * radius, BEYOND)

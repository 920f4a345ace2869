"""The colour of the ground and how much sun falls on it, worked out once for a landscape."""

import math

import numpy as np
from jaxtyping import Float, UInt8

from eco1.core.records import Landscape
from eco1.sensors.compiled import compiled, entry
from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, I32, U8
from eco1.sensors.scenery.heights import height_at, slope_at
from eco1.sensors.scenery.look import Look
from eco1.sensors.scenery.noise import SIDE, smooth_noise
from eco1.sensors.scenery.relief import HeightField, Margin
from eco1.sensors.scenery.solids import entry_of

_FINEST, _MOST = 4, 2048  # texels along a cell; along the whole texture


def ground_colors(landscape: Landscape, margin: Margin, look: Look) -> UInt8[np.ndarray, "t t 4"]:
    """Return the ground's colour (square root of linear light) and, last, room for the share of sun that reaches it."""
    count = min(_FINEST * margin.side, _MOST)
    at = (np.arange(count) + 0.5) * margin.side / count
    noise = smooth_noise()[np.ix_(*[(np.arange(count) * 5) % SIDE] * 2)] / 255.0
    broad = smooth_noise()[np.ix_(*[(np.arange(count) * 0.7).astype(int) % SIDE] * 2)] / 255.0
    plants = _at(_resized(landscape.vegetation, margin), at) + 0.30 * (noise - 0.5) + 0.34 * (broad - 0.5)
    outside = _at(np.clip(margin.outside_m() / (6 * margin.cell_m), 0, 1), at)
    typical = float(landscape.vegetation.mean()) + 0.5 * (broad - 0.5) + 0.3 * (noise - 0.5)
    plants = np.clip(plants + (typical - plants) * outside, 0, 1)[..., None]
    bare, dry, lush, bank, rock = (np.array(c) for c in (look.bare, look.dry, look.lush, look.bank, look.rock))
    color = bare + (dry - bare) * np.clip(plants / 0.45, 0, 1)
    color = color + (lush - color) * np.clip((plants - 0.42) / 0.5, 0, 1) * 0.9
    damp = _at(margin.carried((landscape.water_depth_m > 0.01) * 1.0), at)[..., None]
    if not (landscape.water_depth_m > 0).all():
        color = color + (lush * 0.9 - color) * 0.6 * np.clip(3 * damp, 0, 1) * np.clip(3 - 4 * damp, 0, 1)
        color = color + (bank - color) * np.clip(2.2 * damp - 0.5, 0, 1)
    stony = np.clip((broad[..., None] - 0.72) * 5 + (noise[..., None] - 0.6), 0, 0.7) * (plants < 0.5)
    color = color + (rock - color) * stony
    color = color * (0.86 + 0.28 * noise[..., None])
    texture = np.empty((count, count, 4), np.uint8)
    texture[..., :3] = np.sqrt(np.clip(color, 0, 1)) * 255
    texture[..., 3] = 255
    return texture


def _resized(values: np.ndarray, margin: Margin) -> np.ndarray:
    """Return a coarser map of the square at the nodes of the margin."""
    at = (np.arange(margin.cells) + 0.5) / margin.cells * len(values)
    index = np.clip(at.astype(int), 0, len(values) - 1)
    return margin.carried(values[np.ix_(index, index)].astype(float))


def _at(nodes: Float[np.ndarray, "k k"], at: Float[np.ndarray, " t"]) -> Float[np.ndarray, "t t"]:
    low = np.minimum(at.astype(int), len(nodes) - 2)
    share = at - low
    rows = nodes[low] * (1 - share)[:, None] + nodes[low + 1] * share[:, None]
    return rows[:, low] * (1 - share) + rows[:, low + 1] * share


@entry
def light_ground(texture: U8, bed: HeightField, floats: F32, integers: I32, sun_x: float, sun_y: float, sun_z: float):
    """Write into the texture how much direct light reaches the ground: by its slope, and past what stands on it.

    Args:
        texture: (T, T, 4), the last channel is filled.
        bed: the ground; the texture covers its nodes.
        floats, integers: tables of the solids that do not move.
        sun_x, sun_y, sun_z: unit vector towards the sun.
    """
    count = texture.shape[0]
    texel = (bed.nodes.shape[0] - 1) * bed.cell / count
    for r in range(count):
        for c in range(count):
            east, north = slope_at(bed, bed.origin + (c + 0.5) * texel, bed.origin + (r + 0.5) * texel)
            facing = (sun_z - east * sun_x - north * sun_y) / math.sqrt(1.0 + east * east + north * north)
            texture[r, c, 3] = int(255.0 * min(max(facing, 0.0), 1.0))
    for k in range(floats.shape[0]):
        _shade_under(texture, bed, floats[k], integers[k, col.KIND], texel, sun_x, sun_y, sun_z)


@compiled
def _shade_under(
    texture: U8, bed: HeightField, row: F32, kind: int, texel: float, sun_x: float, sun_y: float, sun_z: float
):  # fmt: skip
    count, bound = texture.shape[0], row[col.BOUND]
    fall = max(row[col.Z] + bound - height_at(bed, row[col.X], row[col.Y]), 0.0) / sun_z
    ends_x, ends_y = row[col.X] - sun_x * fall, row[col.Y] - sun_y * fall
    first_c = max(int((min(row[col.X], ends_x) - bound - bed.origin) / texel), 0)
    last_c = min(int((max(row[col.X], ends_x) + bound - bed.origin) / texel) + 1, count)
    first_r = max(int((min(row[col.Y], ends_y) - bound - bed.origin) / texel), 0)
    last_r = min(int((max(row[col.Y], ends_y) + bound - bed.origin) / texel) + 1, count)
    for r in range(first_r, last_r):
        for c in range(first_c, last_c):
            x, y = bed.origin + (c + 0.5) * texel, bed.origin + (r + 0.5) * texel
            if entry_of(row, kind, x, y, height_at(bed, x, y) + 0.02, sun_x, sun_y, sun_z) < math.inf:
                texture[r, c, 3] = texture[r, c, 3] * 2 // 5 if kind != col.BOX else texture[r, c, 3] // 6

"""A z-buffer triangle rasteriser for the CPU, compiled by Numba.

Buffers hold inverse depth (1/m, 0 is infinitely far), which is linear on the screen. A pixel (column i, row j) is
sampled at (i + 0.5, j + 0.5); spans are half open, so triangles that share an edge neither overlap nor leave gaps.
Object colours are packed into 30 bits, the square root of linear light: enough range for highlights.
"""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

PACK_SCALE = 511.0  # square roots of linear light up to 2.0
Floats = NDArray[np.float32]


@njit(cache=True, inline="always")
def pack(red: float, green: float, blue: float) -> np.uint32:
    """Return linear light as three 10-bit square roots."""
    most, scale, none = np.float32(1023.0), np.float32(PACK_SCALE), np.float32(0.0)
    r = np.uint32(min(np.sqrt(max(np.float32(red), none)) * scale, most))
    g = np.uint32(min(np.sqrt(max(np.float32(green), none)) * scale, most))
    b = np.uint32(min(np.sqrt(max(np.float32(blue), none)) * scale, most))
    return (r << np.uint32(20)) | (g << np.uint32(10)) | b


@njit(cache=True, inline="always")
def slopes(a: float, b: float, c: float, x10: float, x20: float, y10: float, y20: float, share: float):
    """Return d/dx and d/dy of a quantity with values a, b, c at a triangle's corners; ``share`` is 1 / (2 area)."""
    return ((b - a) * y20 - (c - a) * y10) * share, ((c - a) * x10 - (b - a) * x20) * share


@njit(cache=True, inline="always")
def outline(x: Floats, y: Floats):
    """Return a triangle's corners from top to bottom and the slopes dx/dy of its long, upper and lower edge."""
    a, b, c = 0, 1, 2
    if y[b] < y[a]:
        a, b = b, a
    if y[c] < y[b]:
        b, c = c, b
        if y[b] < y[a]:
            a, b = b, a
    long = (x[c] - x[a]) / (y[c] - y[a]) if y[c] > y[a] else 0.0
    upper = (x[b] - x[a]) / (y[b] - y[a]) if y[b] > y[a] else 0.0
    lower = (x[c] - x[b]) / (y[c] - y[b]) if y[c] > y[b] else 0.0
    return x[a], y[a], x[b], y[b], y[c], long, upper, lower


@njit(cache=True, inline="always")
def span(
    row: int,
    width: int,
    top_x: float,
    top_y: float,
    mid_x: float,
    mid_y: float,
    long: float,
    upper: float,
    lower: float,
):
    """Return the first and one-past-last column of a triangle, given by its outline, in one row."""
    level = row + 0.5
    one = top_x + (level - top_y) * long
    other = top_x + (level - top_y) * upper if level < mid_y else mid_x + (level - mid_y) * lower
    low, high = min(one, other), max(one, other)
    if high <= 0.0 or low >= width:
        return 0, 0
    return max(0, math.ceil(low - 0.5)), min(width, math.ceil(high - 0.5))


@njit(cache=True)
def fill_plane(
    x: Floats, y: Floats, inverse: Floats, material: int, depth: Floats, materials: NDArray[np.uint8]
) -> None:
    """Draw one triangle into an inverse-depth buffer (H, W) and a material buffer."""
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    if abs(area) < 1e-9:
        return
    height, width = depth.shape
    x10, x20, y10, y20 = x[1] - x[0], x[2] - x[0], y[1] - y[0], y[2] - y[0]
    dx, dy = slopes(inverse[0], inverse[1], inverse[2], x10, x20, y10, y20, 1.0 / area)
    top_x, top_y, mid_x, mid_y, end_y, long, upper, lower = outline(x, y)
    for row in range(max(0, math.ceil(top_y - 0.5)), min(height, math.ceil(end_y - 0.5))):
        first, last = span(row, width, top_x, top_y, mid_x, mid_y, long, upper, lower)
        value = inverse[0] + dx * (first + 0.5 - x[0]) + dy * (row + 0.5 - y[0])
        for column in range(first, last):
            if value > depth[row, column]:
                depth[row, column] = value
                materials[row, column] = material
            value += dx


@njit(cache=True, fastmath=True)
def fill_lit(
    x: Floats,
    y: Floats,
    inverse: Floats,
    light: Floats,
    color: Floats,
    veil: Floats,
    depth: Floats,
    colors: NDArray[np.uint32],
) -> None:
    """Draw one triangle with a flat colour under a light (3 corners, 3 channels) interpolated between its corners.

    ``veil`` is added to every channel: the haze in front.
    """
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    if abs(area) < 1e-9:
        return
    height, width = depth.shape
    x10, x20, y10, y20 = x[1] - x[0], x[2] - x[0], y[1] - y[0], y[2] - y[0]
    share = np.float32(1.0) / area
    depth_x, depth_y = slopes(inverse[0], inverse[1], inverse[2], x10, x20, y10, y20, share)
    red0, green0, blue0 = color[0] * light[0, 0], color[1] * light[0, 1], color[2] * light[0, 2]
    red_x, red_y = slopes(red0, color[0] * light[1, 0], color[0] * light[2, 0], x10, x20, y10, y20, share)
    green_x, green_y = slopes(green0, color[1] * light[1, 1], color[1] * light[2, 1], x10, x20, y10, y20, share)
    blue_x, blue_y = slopes(blue0, color[2] * light[1, 2], color[2] * light[2, 2], x10, x20, y10, y20, share)
    top_x, top_y, mid_x, mid_y, end_y, long, upper, lower = outline(x, y)
    for row in range(max(0, math.ceil(top_y - 0.5)), min(height, math.ceil(end_y - 0.5))):
        first, last = span(row, width, top_x, top_y, mid_x, mid_y, long, upper, lower)
        px, py = np.float32(first + 0.5) - x[0], np.float32(row + 0.5) - y[0]
        value = inverse[0] + depth_x * px + depth_y * py
        red = veil[0] + red0 + red_x * px + red_y * py
        green = veil[1] + green0 + green_x * px + green_y * py
        blue = veil[2] + blue0 + blue_x * px + blue_y * py
        for column in range(first, last):
            if value > depth[row, column]:
                depth[row, column] = value
                colors[row, column] = pack(red, green, blue)
            value += depth_x
            red += red_x
            green += green_x
            blue += blue_x


@njit(cache=True)
def fill_mask(
    x: Floats, y: Floats, inverse: Floats, bias: float, depth: Floats, mask: NDArray[np.uint8], value: int
) -> None:
    """Mark the pixels of one triangle that lie on (or just under) the surface in ``depth``: shadows on the ground."""
    area = (x[1] - x[0]) * (y[2] - y[0]) - (x[2] - x[0]) * (y[1] - y[0])
    if abs(area) < 1e-9:
        return
    height, width = depth.shape
    x10, x20, y10, y20 = x[1] - x[0], x[2] - x[0], y[1] - y[0], y[2] - y[0]
    dx, dy = slopes(inverse[0], inverse[1], inverse[2], x10, x20, y10, y20, 1.0 / area)
    top_x, top_y, mid_x, mid_y, end_y, long, upper, lower = outline(x, y)
    for row in range(max(0, math.ceil(top_y - 0.5)), min(height, math.ceil(end_y - 0.5))):
        first, last = span(row, width, top_x, top_y, mid_x, mid_y, long, upper, lower)
        for column in range(first, last):
            here = inverse[0] + dx * (column + 0.5 - x[0]) + dy * (row + 0.5 - y[0])
            if here * bias > depth[row, column] and mask[row, column] < value:
                mask[row, column] = value

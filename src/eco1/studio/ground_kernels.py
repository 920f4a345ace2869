"""Ground and water as seen by a camera, compiled by Numba: depth first, then one colour per pixel."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from eco1.studio.triangle_kernels import Floats, fill_plane

SKY, GROUND, WATER, SURFACE = range(4)
_NEAR_M = 0.02


@njit(cache=True)
def draw_grid(
    xs_m: Floats, ys_m: Floats, height_m: Floats, wanted: NDArray[np.bool_], material: int, eye: Floats, axes: Floats,
    focal: float, depth: Floats, materials: NDArray[np.uint8],
) -> None:  # fmt: skip
    """Draw a height field (rows of y, columns of x) on a rectangular grid; ``wanted`` (rows-1, columns-1) picks cells.

    ``axes`` are the camera's right, down and forward in its rows; ``focal`` is in pixels.
    """
    rows, columns = height_m.shape
    seen = np.empty((rows, columns, 3), np.float32)
    for row in range(rows):
        for column in range(columns):
            a, b, c = xs_m[column] - eye[0], ys_m[row] - eye[1], height_m[row, column] - eye[2]
            for k in range(3):
                seen[row, column, k] = axes[k, 0] * a + axes[k, 1] * b + axes[k, 2] * c
    corners = np.empty((4, 3), np.float32)
    half_w, half_h = depth.shape[1] / 2, depth.shape[0] / 2
    for row in range(rows - 1):
        for column in range(columns - 1):
            if not wanted[row, column]:
                continue
            nearest = max(
                seen[row, column, 2], seen[row, column + 1, 2], seen[row + 1, column, 2], seen[row + 1, column + 1, 2]
            )
            if nearest < _NEAR_M:
                continue
            for half in range(2):
                corners[0] = seen[row, column + 1] if half else seen[row, column]
                corners[1] = seen[row + 1, column + 1] if half else seen[row, column + 1]
                corners[2] = seen[row + 1, column]
                draw_clipped(corners, material, focal, half_w, half_h, depth, materials)


@njit(cache=True)
def draw_clipped(
    corners: Floats,
    material: int,
    focal: float,
    half_w: float,
    half_h: float,
    depth: Floats,
    materials: NDArray[np.uint8],
) -> None:
    """Draw a triangle in camera axes (right, down, forward) after cutting off what is behind the near plane."""
    poly = np.empty((4, 3), np.float32)
    count = 0
    for corner in range(3):
        following = corner + 1 if corner < 2 else 0
        here, there = corners[corner, 2], corners[following, 2]
        if here >= _NEAR_M:
            poly[count] = corners[corner]
            count += 1
        if (here >= _NEAR_M) != (there >= _NEAR_M):
            share = (_NEAR_M - here) / (there - here)
            for k in range(3):
                poly[count, k] = corners[corner, k] + share * (corners[following, k] - corners[corner, k])
            poly[count, 2] = _NEAR_M
            count += 1
    if count < 3:
        return
    x, y, inverse = np.empty(3, np.float32), np.empty(3, np.float32), np.empty(3, np.float32)
    for second in range(1, count - 1):
        for k in range(3):
            point = poly[0] if k == 0 else poly[second + k - 1]
            inverse[k] = 1.0 / point[2]
            x[k] = half_w + focal * point[0] * inverse[k]
            y[k] = half_h + focal * point[1] * inverse[k]
        if max(x[0], x[1], x[2]) > 0 and min(x[0], x[1], x[2]) < 2 * half_w:
            fill_plane(x, y, inverse, material, depth, materials)


@njit(cache=True, inline="always")
def bilinear(image: Floats, u: float, v: float, out: Floats) -> None:
    """Put a (rows, columns, 3) image at (row v, column u), clamped to its edge, into ``out`` (3,)."""
    rows, columns = image.shape[0], image.shape[1]
    u, v = min(max(u, 0.0), columns - 1.001), min(max(v, 0.0), rows - 1.001)
    i, j = int(u), int(v)
    a, b = np.float32(u - i), np.float32(v - j)
    one = np.float32(1.0)
    w00, w01, w10, w11 = (one - a) * (one - b), a * (one - b), (one - a) * b, a * b
    for k in range(3):
        out[k] = (
            image[j, i, k] * w00 + image[j, i + 1, k] * w01 + image[j + 1, i, k] * w10 + image[j + 1, i + 1, k] * w11
        )


@njit(cache=True, inline="always")
def sky_at(sky: Floats, dx: float, dy: float, dz: float, out: Floats) -> None:
    """Put the panorama (elevation rows from -5 to 90 degrees, azimuth columns from -pi) in a direction into ``out``."""
    u = (math.atan2(dy, dx) / (2 * math.pi) + 0.5) * (sky.shape[1] - 1)
    v = (math.atan2(dz, math.sqrt(dx * dx + dy * dy)) + 0.0873) / 1.658 * (sky.shape[0] - 1)
    bilinear(sky, u, v, out)


@njit(cache=True, inline="always")
def grain(noise: Floats, x: float, y: float) -> float:
    """Return a tiling noise image (power-of-two side) at a point measured in its cells, bilinearly."""
    side = noise.shape[0]
    fx, fy = math.floor(x), math.floor(y)
    i, j = int(fx) & (side - 1), int(fy) & (side - 1)
    a, b = x - fx, y - fy
    k, m = (i + 1) & (side - 1), (j + 1) & (side - 1)
    low, high = noise[j, i] * (1 - a) + noise[j, k] * a, noise[m, i] * (1 - a) + noise[m, k] * a
    return float(low * (1 - b) + high * b)


@njit(cache=True, inline="always")
def _wave(noise: Floats, x: float, y: float, time_s: float) -> float:
    slow = grain(noise, x * 1.7 + time_s * 0.5, y * 2.3 - time_s * 0.3)
    return slow + grain(noise, x * 5.1 - time_s * 0.8, y * 4.3 + time_s) - 1.0


@njit(cache=True, inline="always")
def _is_ice(freezing: Floats, noise: Floats, x: float, y: float, size_m: float, ice: float) -> bool:
    """Ragged edges along cells that freeze later, and leads between floes where ice is only just closing."""
    count = freezing.shape[0]
    u = min(max(x / size_m * count - 0.5, 0.0), count - 1.001)
    v = min(max(y / size_m * count - 0.5, 0.0), count - 1.001)
    i, j = int(u), int(v)
    a, b = u - i, v - j
    low = freezing[j, i] * (1 - a) + freezing[j, i + 1] * a
    high = freezing[j + 1, i] * (1 - a) + freezing[j + 1, i + 1] * a
    lead = 1.0 - 9.0 * min(0.11, abs(grain(noise, x * 0.55 + 7.0, y * 0.55) - 0.5))
    margin = ice - (low * (1 - b) + high * b)
    return margin + 0.10 * (grain(noise, x * 2.2, y * 2.2) - 0.5) > 0.07 * lead


@njit(cache=True, fastmath=True, nogil=True)
def shade(
    depth: Floats, materials: NDArray[np.uint8], shadow: NDArray[np.uint8], eye: Floats, axes: Floats, focal: float,
    ground: Floats, origin_m: float, cell_m: float, noise: Floats, sky: Floats, haze: Floats, haze_per_m: float,
    shade_rgb: Floats, deep_rgb: Floats, ice_rgb: Floats, freezing: Floats, size_m: float,
    ice: float, rough: float, time_s: float, out: Floats, first: int, last: int,
) -> None:  # fmt: skip
    """Fill the rows [first, last) of ``out`` (H, W, 3) with the linear light of sky, ground and water under haze.

    ``ground`` is the lit colour of the land, cell centres ``cell_m`` apart from ``origin_m`` on, ``rough`` its
    unevenness; ``shade_rgb`` is what remains of it in full shadow. ``deep_rgb`` is the colour of open water,
    ``ice_rgb`` that of ice in this light; water is ice where ``freezing`` (cells over [0, size]) lies below ``ice``.
    """
    height, width = depth.shape
    seen = np.empty(3, np.float32)
    for row in range(first, last):
        down = (row + 0.5 - height / 2) / focal
        for column in range(width):
            right = (column + 0.5 - width / 2) / focal
            dx = axes[2, 0] + axes[0, 0] * right + axes[1, 0] * down
            dy = axes[2, 1] + axes[0, 1] * right + axes[1, 1] * down
            dz = axes[2, 2] + axes[0, 2] * right + axes[1, 2] * down
            if materials[row, column] == SKY:
                if column % 2 == 0 or materials[row, column - 1] != SKY:  # the sky is smooth: two columns share a look
                    sky_at(sky, dx, dy, dz, seen)
                for k in range(3):
                    out[row, column, k] = seen[k]
                continue
            away = 1.0 / depth[row, column]
            x, y = eye[0] + dx * away, eye[1] + dy * away
            thick = away * haze_per_m
            clear = 1.0 / (1.0 + thick + 0.5 * thick * thick)  # close to exp(-thick), and cheap
            dark = 0.0
            if row > 0 and row < height - 1 and column > 0 and column < width - 1:
                beside = np.float32(shadow[row, column - 1]) + shadow[row, column + 1]
                around = beside + shadow[row - 1, column] + shadow[row + 1, column]
                dark = (np.float32(2.0) * shadow[row, column] + around) / 1530.0
            frozen = ice > 0.0 and materials[row, column] == WATER and _is_ice(freezing, noise, x, y, size_m, ice)
            if materials[row, column] == WATER and not frozen:
                length = math.sqrt(dx * dx + dy * dy + dz * dz)
                wave = _wave(noise, x, y, time_s) / (1.0 + away * 0.03)
                slant = 1.0 - min(1.0, max(0.0, -dz / length))
                mirror = min(1.0, 0.14 + 1.08 * slant * slant * slant * slant * slant)
                sky_at(sky, dx, dy, -dz + 0.16 * length * wave + 0.02, seen)
                for k in range(3):
                    deep = deep_rgb[k] * (haze[k] + 0.3)
                    out[row, column, k] = (
                        haze[k] + ((deep + (seen[k] - deep) * mirror) * (1.0 - 0.4 * dark) - haze[k]) * clear
                    )
                continue
            tuft = grain(noise, x * 1.1, y * 1.1) - 0.5
            texture = 1.0 + rough * 0.55 * tuft / (1.0 + away * 0.010)
            if away < 45.0:
                texture += rough * 0.42 * (grain(noise, x * 8.0, y * 8.0) - 0.5) / (1.0 + away * away * 0.0016)
                if away < 2.5:
                    texture += rough * 0.4 * (grain(noise, x * 90.0, y * 90.0) - 0.5) / (1.0 + away * away)
            if frozen:
                crack = abs(grain(noise, x * 0.9, y * 0.9) - 0.5) + abs(grain(noise, x * 3.1, y * 3.1) - 0.5) * 0.35
                drift = 0.86 + 0.28 * grain(noise, x * 0.35, y * 0.35)
                worn = drift * (0.55 + 0.45 * min(1.0, crack * 14.0))
                for k in range(3):
                    lit = ice_rgb[k] * (worn + (1.0 - worn) * 0.16 * k) * (1.0 - dark * (1.0 - shade_rgb[k]))
                    out[row, column, k] = haze[k] + (lit - haze[k]) * clear
                continue
            if column % 2 == 0 or materials[row, column - 1] != GROUND:  # colours change slowly: two columns share them
                bilinear(ground, (x - origin_m) / cell_m, (y - origin_m) / cell_m, seen)
            for k in range(3):
                lit = seen[k] * texture * (1.0 - dark * (1.0 - shade_rgb[k]))
                out[row, column, k] = haze[k] + (lit - haze[k]) * clear

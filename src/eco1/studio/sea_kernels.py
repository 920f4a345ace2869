"""The sea seen from within, compiled by Numba: bed with caustics, the surface from below, shafts of light."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

from eco1.studio.ground_kernels import GROUND, SURFACE, bilinear, grain
from eco1.studio.triangle_kernels import Floats

# Beyond 48.6 degrees from the vertical the surface mirrors the deep: total reflection at a refractive index of 1.333.
_WINDOW_COS = math.sqrt(1 - (1 / 1.333) ** 2)
_SHAFTS_M = (2.0, 5.0, 10.0)  # where along the sight shafts of light are looked for


@njit(cache=True, inline="always", fastmath=True)
def caustic(noise: Floats, x: float, y: float, time_s: float) -> float:
    """Return the net of light that waves throw on the bed, around 1: bright where two drifting noises cross."""
    a = grain(noise, x * 13.0 + time_s * 4.5, y * 13.0 + time_s * 2.2) - 0.5
    b = grain(noise, x * 17.0 - time_s * 3.1 + 31.0, y * 17.0 + time_s * 4.2) - 0.5
    net = 1.0 - 5.5 * min(abs(a + b), 0.18)
    return 0.70 + 1.1 * net * net * net


@njit(cache=True, fastmath=True, nogil=True)
def shade_sea(
    depth: Floats, materials: NDArray[np.uint8], shadow: NDArray[np.uint8], eye: Floats, axes: Floats, focal: float,
    ground: Floats, origin_m: float, cell_m: float, noise: Floats, sun: Floats, sun_rgb: Floats, surface_m: float,
    haze: Floats, haze_per_m: Floats, above_rgb: Floats, shade_rgb: Floats, rough: float, time_s: float, out: Floats,
    first: int, last: int,
) -> None:  # fmt: skip
    """Fill the rows [first, last) of ``out`` (H, W, 3) with the linear light of the sea bed, the surface and the water.

    ``above_rgb`` is the brightness of the sky as seen through the surface; ``haze`` the colour of open water, which
    brightens upwards and darkens downwards.
    """
    height, width = depth.shape
    seen, water = np.empty(3, np.float32), np.empty(3, np.float32)
    up_x, up_y = sun[0] / sun[2], sun[1] / sun[2]
    shafts = 0.0
    for row in range(first, last):
        down = (row + 0.5 - height / 2) / focal
        for column in range(width):
            right = (column + 0.5 - width / 2) / focal
            dx = axes[2, 0] + axes[0, 0] * right + axes[1, 0] * down
            dy = axes[2, 1] + axes[0, 1] * right + axes[1, 1] * down
            dz = axes[2, 2] + axes[0, 2] * right + axes[1, 2] * down
            length = math.sqrt(dx * dx + dy * dy + dz * dz)
            steep = dz / length
            away = 60.0 if depth[row, column] <= 0.0 else 1.0 / depth[row, column]
            if column % 2 == 0:  # shafts are soft: two columns share a look
                shafts = 0.0
                for k in range(3):
                    at = _SHAFTS_M[k]
                    if at > away:
                        break
                    rise = surface_m - eye[2] - dz * at
                    u, v = eye[0] + dx * at + up_x * rise, eye[1] + dy * at + up_y * rise
                    ray = grain(noise, u * 9.0 + time_s * 2.0, v * 9.0 - time_s * 1.3) - 0.55
                    shafts += max(0.0, ray) * (0.9 - 0.22 * k)
            for k in range(3):
                water[k] = haze[k] * (1.0 + (1.4 if steep > 0.0 else 0.75) * steep + 0.35 * shafts)
                water[k] += 0.035 * shafts * sun_rgb[k]
            x, y = eye[0] + dx * away, eye[1] + dy * away
            material = materials[row, column]
            if material == GROUND:
                dark = np.float32(shadow[row, column]) / np.float32(255.0)
                texture = 1.0 + rough * 0.8 * (grain(noise, x * 12.0, y * 12.0) - 0.5)
                if away < 6.0:
                    texture += rough * 0.9 * (grain(noise, x * 110.0, y * 110.0) - 0.5) / (1.0 + 0.3 * away * away)
                if column % 2 == 0 or materials[row, column - 1] != GROUND:
                    bilinear(ground, (x - origin_m) / cell_m, (y - origin_m) / cell_m, seen)
                net = 1.0 + (caustic(noise, x, y, time_s) - 1.0) / (1.0 + 0.006 * away * away)
                for k in range(3):
                    lit = seen[k] * texture * (net * (1.0 - dark) + dark * shade_rgb[k] * 0.8)
                    out[row, column, k] = water[k] + (lit - water[k]) * math.exp(-away * length * haze_per_m[k])
            elif material == SURFACE:
                a = grain(noise, x * 7.0 + time_s * 4.0, y * 7.0 - time_s * 2.5) - 0.5
                b = grain(noise, x * 19.0 - time_s * 6.0, y * 19.0 + time_s * 5.0) - 0.5
                tilt = 0.26 * a + 0.20 * b
                window = min(1.0, max(0.0, (steep + tilt - _WINDOW_COS) * 7.0 + 0.5))
                glint = dx * sun[0] + dy * sun[1] + dz * sun[2]
                shine = max(0.0, glint / length + 0.10 * (a + b)) ** 40
                for k in range(3):
                    mirror = haze[k] * (1.25 + 1.6 * (a + b))
                    lit = mirror + (above_rgb[k] * (1.0 + 1.1 * (a + b)) - mirror) * window + 1.6 * shine * sun_rgb[k]
                    out[row, column, k] = water[k] + (lit - water[k]) * math.exp(-away * length * haze_per_m[k])
            else:
                for k in range(3):
                    out[row, column, k] = water[k]

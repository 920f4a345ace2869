"""Where tufts of grass stand around a camera, compiled by Numba."""

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

GRASS_CELL_M = 0.42


@njit(cache=True)
def scatter_grass(
    eye: NDArray[np.float32], reach_m: float, plants: NDArray[np.float32], size_m: float, wet: NDArray[np.float32],
    forward: NDArray[np.float32], half_angle: float, out: NDArray[np.float32],
) -> int:  # fmt: skip
    """Place tufts on a fixed jittered lattice around the eye; fill ``out`` with x, y, size, turn, tint, kind.

    A tuft's place depends on its lattice cell alone, so grass stays where it is while the camera moves. Where plants
    are sparse, and far away, fewer tufts stand. Returns how many were placed.
    """
    count = 0
    low_x, low_y = math.floor((eye[0] - reach_m) / GRASS_CELL_M), math.floor((eye[1] - reach_m) / GRASS_CELL_M)
    cells = int(2 * reach_m / GRASS_CELL_M) + 1
    level = math.sqrt(forward[0] ** 2 + forward[1] ** 2) + 1e-9
    cos_limit = math.cos(half_angle)
    for j in range(cells):
        for i in range(cells):
            cx, cy = low_x + i, low_y + j
            h = (np.int64(cx) * 73856093) ^ (np.int64(cy) * 19349663)
            h = (h ^ (h >> 13)) * 1274126177
            u, v = (h & 1023) / 1024.0, ((h >> 10) & 1023) / 1024.0
            w, turn = ((h >> 20) & 1023) / 1024.0, ((h >> 30) & 1023) / 1024.0
            x, y = (cx + u) * GRASS_CELL_M, (cy + v) * GRASS_CELL_M
            dx, dy = x - eye[0], y - eye[1]
            away = math.sqrt(dx * dx + dy * dy)
            if (
                away > reach_m
                or away < 0.5
                or (away > 4 and (dx * forward[0] + dy * forward[1]) / level < away * cos_limit)
            ):
                continue
            column = min(max(int(x / size_m * plants.shape[1]), 0), plants.shape[1] - 1)
            row = min(max(int(y / size_m * plants.shape[0]), 0), plants.shape[0] - 1)
            wet_column = min(max(int(x / size_m * wet.shape[1]), 0), wet.shape[1] - 1)
            wet_row = min(max(int(y / size_m * wet.shape[0]), 0), wet.shape[0] - 1)
            share = plants[row, column]
            fade = min(1.0, (1.0 - away / reach_m) * 2.5)
            if wet[wet_row, wet_column] > 0.02 or w > (0.25 + 0.75 * share) * (0.35 + 0.65 * fade) or count >= len(out):
                continue
            out[count, 0], out[count, 1] = x, y
            out[count, 2] = (0.13 + 0.29 * share * (0.4 + u)) * (0.35 + 0.65 * fade)
            out[count, 3], out[count, 4], out[count, 5] = turn * 6.2832, v, share
            count += 1
    return count

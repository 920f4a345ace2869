"""Single things that stand somewhere, and maps of the nearest of them."""

import math

import numpy as np
from numpy.typing import NDArray

from eco1.sim.compiled import entry
from eco1.sim.fields import F32

Points = NDArray[np.float64]


@entry
def _spread_nearest(near_x: F32, near_y: F32, cell: float):
    """Fill every cell of the maps with the nearest of the points seeded in them (NaN where a cell holds none).

    Two raster passes that hand the nearest point on to the neighbours: Danielsson (1980), "Euclidean distance
    mapping", DOI 10.1016/0146-664X(80)90054-4 (8SED).
    """
    rows, columns = near_x.shape
    for sweep in range(4):
        for a in range(rows):
            r = a if sweep < 2 else rows - 1 - a
            back = -1 if sweep < 2 else 1
            for b in range(columns):
                c = b if sweep % 2 == 0 else columns - 1 - b
                side = -1 if sweep % 2 == 0 else 1
                for k in range(4):
                    rr = r + back if k < 3 else r
                    cc = c + k - 1 if k < 3 else c + side
                    if rr < 0 or rr >= rows or cc < 0 or cc >= columns or math.isnan(near_x[rr, cc]):
                        continue
                    x, y = (c + 0.5) * cell, (r + 0.5) * cell
                    there = (near_x[rr, cc] - x) ** 2 + (near_y[rr, cc] - y) ** 2
                    here = (near_x[r, c] - x) ** 2 + (near_y[r, c] - y) ** 2
                    if math.isnan(here) or there < here:
                        near_x[r, c], near_y[r, c] = near_x[rr, cc], near_y[rr, cc]


def nearest_points(points: NDArray[np.floating], cells: int, cell: float) -> tuple[F32, F32]:
    """Return the coordinates (x map, y map) of the nearest of ``points`` (K, 2) for every cell."""
    maps = np.full((2, cells, cells), np.nan, np.float32)
    index = np.clip((points / cell).astype(int), 0, cells - 1)
    maps[0, index[:, 1], index[:, 0]] = points[:, 0]
    maps[1, index[:, 1], index[:, 0]] = points[:, 1]
    _spread_nearest(maps[0], maps[1], cell)
    return maps[0], maps[1]


def edges(inside: NDArray[np.bool_], cell: float) -> Points:
    """Return points on the borders between a cell of a mask and one outside it, (K, 2)."""
    points: list[Points] = []
    for axis in (0, 1):
        edge = np.argwhere(np.diff(inside.astype(np.int8), axis=axis) != 0).astype(float)
        edge += 0.5
        edge[:, axis] += 0.5
        points.append(edge[:, ::-1] * cell)
    return np.concatenate(points)


def scatter(rng: np.random.Generator, density: float, size: float, blocked: NDArray[np.bool_], cell: float) -> Points:
    """Return points where nothing is in the way, at least one."""
    wanted = max(1, round(density * size * size))
    points = rng.uniform(0.04 * size, 0.96 * size, (4 * wanted + 16, 2))
    index = (points / cell).astype(int)
    return points[~blocked[index[:, 1], index[:, 0]]][:wanted]


def scatter_in(rng: np.random.Generator, wanted: float, room: NDArray[np.bool_], cell: float) -> Points:
    """Return about so many points in the cells of a mask, at least one where it has any."""
    cells = np.argwhere(room)[:, ::-1]
    if len(cells) == 0:
        return np.zeros((0, 2))
    chosen = cells[rng.integers(len(cells), size=max(1, round(wanted)))]
    return (chosen + rng.random(chosen.shape)) * cell


def with_height(points: Points, height: F32, cell: float) -> F32:
    """Return points (K, 2) with the height of the ground under them, (K, 3)."""
    index = (points / cell).astype(int)
    return np.column_stack([points, height[index[:, 1], index[:, 0]]]).astype(np.float32)

"""Terrain: fractal relief, water in its lowest parts, trees and burrows, and maps of the nearest of each."""

import math

import numpy as np
from numpy.typing import NDArray

from eco1.catalog.records import Biome
from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.sim.compiled import entry, inlined
from eco1.sim.fields import F32, layer
from eco1.sim.ground import Ground

_CELLS_64 = 128  # terrain cells along the side of a world for 64 animals
_FORAGE_CELLS_64 = 48
_MOST_CELLS = 1024
_TREE_COVER_M = 9.0
_RIM_SHARE, _RIM_HEIGHT = 0.14, 0.5  # of the side, of the relief
_DEEPEST_SHARE = 0.25  # how much of the relief the deepest water takes: an estimate for shallow waterholes


def fractal_noise(rng: np.random.Generator, cells: int, exponent: float, widest: float = 0.5) -> NDArray[np.float64]:
    """Return noise in [0, 1], (cells, cells), with a power spectrum falling as frequency ** -2 exponent.

    Spectral synthesis: Saupe (1988), "Algorithms for random fractals", in The Science of Fractal Images, section 2.4.
    ``widest`` is the longest wave as a share of the side.
    """
    frequency = np.hypot(np.fft.fftfreq(cells)[:, None], np.fft.rfftfreq(cells)[None, :]) * cells
    frequency[0, 0] = np.inf
    amplitude = np.maximum(frequency, 1.0 / widest) ** -exponent
    phase = rng.uniform(0, 2 * np.pi, amplitude.shape)
    noise = np.fft.irfft2(amplitude * rng.normal(1, 0.3, amplitude.shape) * np.exp(1j * phase), s=(cells, cells))
    noise -= noise.min()
    return noise / noise.max()


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


def _shore(depth: F32, cell: float) -> NDArray[np.float64]:
    """Return points on the borders between a dry cell and a wet one, (K, 2)."""
    wet = depth > 0
    points: list[NDArray[np.float64]] = []
    for axis in (0, 1):
        edge = np.argwhere(np.diff(wet.astype(np.int8), axis=axis) != 0).astype(float)
        edge += 0.5
        edge[:, axis] += 0.5
        points.append(edge[:, ::-1] * cell)
    return np.concatenate(points)


def _scatter(rng: np.random.Generator, density: float, size: float, depth: F32, cell: float) -> NDArray[np.float64]:
    """Return points on dry ground, at least one."""
    wanted = max(1, round(density * size * size))
    points = rng.uniform(0.04 * size, 0.96 * size, (4 * wanted + 16, 2))
    index = (points / cell).astype(int)
    return points[depth[index[:, 1], index[:, 0]] <= 0][:wanted]


def _rim(cells: int) -> NDArray[np.float64]:
    """Return a rise towards the borders, so that water lies where animals can walk around it."""
    from_border = np.minimum(np.arange(cells), np.arange(cells)[::-1]) / cells
    slope = np.maximum(0.0, 1 - np.minimum(from_border[:, None], from_border[None, :]) / _RIM_SHARE)
    return _RIM_HEIGHT * slope**2


def _cover(capacity: F32, tree_maps: tuple[F32, F32], cells: int, cell: float) -> F32:
    middle = ((np.arange(cells) + 0.5) * cell).astype(np.float32)
    distance = np.hypot(tree_maps[0] - middle[None, :], tree_maps[1] - middle[:, None])
    shade = np.clip(1.5 - distance / _TREE_COVER_M, 0, 1)
    index = np.minimum((np.arange(cells) * capacity.shape[0]) // cells, capacity.shape[0] - 1)
    return np.clip(0.1 + 0.4 * capacity[np.ix_(index, index)] + 0.6 * shade, 0, 1).astype(np.float32)


def _with_height(points: NDArray[np.float64], height: F32, cell: float) -> F32:
    index = (points / cell).astype(int)
    return np.column_stack([points, height[index[:, 1], index[:, 0]]]).astype(np.float32)


def build_landscape(biome: Biome, rows: int, seed: int) -> tuple[Landscape, Ground]:
    """Return the landscape of a seed and the maps the kernels read. Its area grows with the number of rows."""
    side = math.sqrt(max(rows, 8) / 64)
    size = float(biome.size) * side
    cells = int(min(_MOST_CELLS, max(48, round(_CELLS_64 * side))))
    forage_cells = int(min(_MOST_CELLS, max(16, round(_FORAGE_CELLS_64 * side))))
    cell, forage_cell = size / cells, size / forage_cells
    rng = generator(seed, 1)
    relief = fractal_noise(rng, cells, float(biome.roughness)) + _rim(cells)
    relief /= relief.max()
    level = float(np.quantile(relief, float(biome.water_fraction)))
    below = np.maximum(level - relief, 0) / max(level, 1e-6)
    depth = (below * _DEEPEST_SHARE * float(biome.relief)).astype(np.float32)
    height = ((np.maximum(relief, level) - level) * float(biome.relief)).astype(np.float32)
    soil = fractal_noise(rng, forage_cells, 1.1, widest=0.25)
    wet = np.minimum(((np.arange(forage_cells) + 0.5) * forage_cell / cell).astype(int), cells - 1)
    capacity = np.where(depth[np.ix_(wet, wet)] > 0, 0.0, 0.3 + 0.7 * np.clip(1.6 * soil - 0.3, 0, 1)).astype(
        np.float32
    )
    trees = _scatter(rng, float(biome.tree_density), size, depth, cell)
    dens = _scatter(rng, float(biome.shelter_density), size, depth, cell)
    tree_maps = nearest_points(trees, cells, cell)
    den_maps = nearest_points(dens, cells, cell)
    shore_maps = nearest_points(_shore(depth, cell), cells, cell)
    slope_y, slope_x = np.gradient(height - depth, cell)
    maps = np.empty((layer.LAYERS, cells, cells), np.float32)
    maps[layer.HEIGHT], maps[layer.DEPTH] = height, depth
    maps[layer.SLOPE_X], maps[layer.SLOPE_Y] = slope_x, slope_y
    maps[layer.SHORE_X], maps[layer.SHORE_Y] = shore_maps
    maps[layer.TREE_X], maps[layer.TREE_Y] = tree_maps
    maps[layer.DEN_X], maps[layer.DEN_Y] = den_maps
    maps[layer.COVER] = _cover(capacity, tree_maps, cells, cell)
    ground = Ground(size=size, cell=cell, forage_cell=forage_cell, maps=maps, capacity=capacity)
    landscape = Landscape(
        size_m=size, height_m=height, water_depth_m=depth, vegetation=capacity,
        tree_position_m=_with_height(trees, height, cell),
        tree_height_m=rng.uniform(3.5, 9.0, len(trees)).astype(np.float32),
        shelter_position_m=_with_height(dens, height, cell),
    )  # fmt: skip
    return landscape, ground


@inlined
def cell_of(position: float, cell: float, cells: int):
    """Return the index of the map cell along one axis, kept inside the map."""
    return min(max(int(position / cell), 0), cells - 1)


@inlined
def height_at(g: Ground, x: float, y: float):
    """Return the height of the ground in metres, bilinear between cell centres."""
    heights = g.maps[layer.HEIGHT]
    cells = heights.shape[0]
    u = min(max(x / g.cell - 0.5, 0.0), cells - 1.001)
    v = min(max(y / g.cell - 0.5, 0.0), cells - 1.001)
    c, r = int(u), int(v)
    u -= c
    v -= r
    low = heights[r, c] * (1 - u) + heights[r, c + 1] * u
    high = heights[r + 1, c] * (1 - u) + heights[r + 1, c + 1] * u
    return low * (1 - v) + high * v

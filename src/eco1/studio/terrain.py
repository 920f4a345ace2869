"""The land of an episode and the country around it, as height fields and colours."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32

from eco1.core.records import Landscape
from eco1.studio.noise import tiling_noise

_SOIL, _DRY, _GREEN, _MUD = ((0.30, 0.155, 0.075), (0.43, 0.305, 0.105), (0.155, 0.175, 0.045), (0.115, 0.075, 0.045))
_BEYOND_M = np.array([6, 16, 34, 62, 105, 170, 270, 420, 650, 1000, 1500, 2200], float)
_TEXTURE = 512
_MARGIN = 0.12  # of the world's side: how far its colours reach beyond its border


@dataclass(frozen=True, kw_only=True)
class Terrain:
    """Everything about the ground that a renderer needs; metres, linear-light colours."""

    size_m: float
    xs_m: Float32[np.ndarray, " c"]
    height_m: Float32[np.ndarray, "c c"]
    water_xs_m: Float32[np.ndarray, " w"]
    water_level_m: Float32[np.ndarray, "w w"]
    wet: Bool[np.ndarray, "u u"]
    inner_m: Float32[np.ndarray, "g g"]
    water_depth_m: Float32[np.ndarray, "g g"]
    albedo: Float32[np.ndarray, "t t 3"]
    normal: Float32[np.ndarray, "t t 3"]
    origin_m: float
    cell_m: float

    def height_at(self, xy_m: np.ndarray) -> np.ndarray:
        """Return the ground's height at points (..., 2), bilinear between cell centres, clamped at the border."""
        return sample(self.inner_m, xy_m, self.size_m)

    def water_depth_at(self, xy_m: np.ndarray) -> np.ndarray:
        """Return how deep the water is at points (..., 2), 0 on dry land."""
        return sample(self.water_depth_m, xy_m, self.size_m)

    def slope_at(self, xy_m: np.ndarray, *, step_m: float = 2.0) -> np.ndarray:
        """Return the ground's slope (dz/dx, dz/dy) at points (..., 2)."""
        east, north = np.array([step_m, 0.0]), np.array([0.0, step_m])
        dx = (self.height_at(xy_m + east) - self.height_at(xy_m - east)) / (2 * step_m)
        dy = (self.height_at(xy_m + north) - self.height_at(xy_m - north)) / (2 * step_m)
        return np.stack([dx, dy], -1)


def build_terrain(landscape: Landscape, seed: int) -> Terrain:
    """Return the ground of a landscape with hills drawn around it as far as one sees."""
    size, inner = landscape.size_m, landscape.height_m
    grid = (np.arange(len(inner)) + 0.5) * size / len(inner)
    xs = np.concatenate([grid[0] - _BEYOND_M[::-1], grid, grid[-1] + _BEYOND_M])
    level, wet = _water(landscape)
    origin, cell = -_MARGIN * size, size * (1 + 2 * _MARGIN) / _TEXTURE
    albedo, normal = _colors(landscape, seed, origin, cell)
    return Terrain(
        size_m=size,
        xs_m=xs.astype(np.float32),
        height_m=_with_hills(inner - landscape.water_depth_m, xs, size, seed),
        water_xs_m=grid.astype(np.float32),
        water_level_m=level,
        wet=wet,
        inner_m=inner,
        water_depth_m=landscape.water_depth_m,
        albedo=albedo,
        normal=normal,
        origin_m=origin,
        cell_m=cell,
    )


def sample(image: np.ndarray, xy_m: np.ndarray, size_m: float) -> np.ndarray:
    """Return a map (cell centres over [0, size]) at points (..., 2), bilinear, clamped at the border."""
    count = len(image)
    at = np.clip(np.asarray(xy_m, float) / size_m * count - 0.5, 0, count - 1.001)
    low = at.astype(int)
    share = at - low
    i, j, a, b = low[..., 0], low[..., 1], share[..., 0], share[..., 1]
    top = image[j, i] * (1 - a) + image[j, i + 1] * a
    return np.asarray(top * (1 - b) + (image[j + 1, i] * (1 - a) + image[j + 1, i + 1] * a) * b)


def _with_hills(inner: np.ndarray, xs: np.ndarray, size: float, seed: int) -> Float32[np.ndarray, "c c"]:
    x, y = np.meshgrid(xs, xs)
    height = sample(inner, np.stack([x, y], -1), size)
    outside = np.maximum(np.maximum(-x, x - size), np.maximum(-y, y - size))
    noise = tiling_noise(256, seed + 5, octaves=3, first=5)
    relief = noise[(y / 11).astype(int) % 256, (x / 11).astype(int) % 256] - 0.42
    rise = np.clip(outside / 1400, 0, 1) ** 1.3
    return (height * (1 - 0.5 * rise) + rise * 190 * np.maximum(relief, -0.08)).astype(np.float32)


def _water(landscape: Landscape) -> tuple[Float32[np.ndarray, "w w"], Bool[np.ndarray, "u u"]]:
    """The water's surface, carried one cell beyond the shore so that it meets the bank under the ground."""
    deep = landscape.water_depth_m > 0.01
    surface = np.where(deep, landscape.height_m, -np.inf)
    spread = surface.copy()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            spread = np.maximum(spread, np.roll(surface, (dy, dx), (0, 1)))
    level = np.where(np.isfinite(surface), surface, spread)
    known = np.isfinite(level)
    cells = known[:-1, :-1] & known[1:, :-1] & known[:-1, 1:] & known[1:, 1:]
    touched = deep[:-1, :-1] | deep[1:, :-1] | deep[:-1, 1:] | deep[1:, 1:]
    return np.where(known, level, 0.0).astype(np.float32), cells & touched


def _colors(landscape: Landscape, seed: int, origin: float, cell: float) -> tuple[np.ndarray, np.ndarray]:
    centers = origin + (np.arange(_TEXTURE) + 0.5) * cell
    x, y = np.meshgrid(centers, centers)
    points, size = np.stack([x, y], -1), landscape.size_m
    noise = tiling_noise(_TEXTURE, seed + 3, octaves=5, first=6)
    inside = np.clip(1 + 14 * np.minimum(np.minimum(x, size - x), np.minimum(y, size - y)) / size, 0, 1)
    plants = sample(landscape.vegetation, points, size) * inside + (0.35 + 0.3 * noise) * (1 - inside)
    patches = tiling_noise(_TEXTURE, seed + 4, octaves=5, first=32)
    plants = np.clip(plants + 0.35 * (noise - 0.5) + 0.5 * (patches - 0.5), 0, 1)[..., None]
    soil, dry, green, mud = (np.array(c) for c in (_SOIL, _DRY, _GREEN, _MUD))
    color = soil + (dry - soil) * np.clip(plants / 0.45, 0, 1)
    color = color + (green - color) * np.clip((plants - 0.42) / 0.55, 0, 1) * 0.8
    bank = _dampness(landscape.water_depth_m)
    damp = sample(bank, points, size)[..., None] * inside[..., None]
    lush = np.clip(damp * 2, 0, 1) * (1 - np.clip(damp * 2 - 1, 0, 1))
    color = color + (green * 1.05 - color) * 0.7 * lush
    color = color + (mud - color) * np.clip(damp * 2.4 - 1.2, 0, 1)
    step = 2.0
    dx = (
        sample(landscape.height_m, points + np.array([step, 0]), size)
        - sample(landscape.height_m, points - np.array([step, 0]), size)
    ) / (2 * step)
    dy = (
        sample(landscape.height_m, points + np.array([0, step]), size)
        - sample(landscape.height_m, points - np.array([0, step]), size)
    ) / (2 * step)
    normal = np.stack([-dx, -dy, np.ones_like(dx)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return color.astype(np.float32), normal.astype(np.float32)


def _dampness(water_depth_m: np.ndarray) -> np.ndarray:
    damp = (water_depth_m > 0.01).astype(float)
    for _ in range(3):
        padded = np.pad(damp, 1, mode="edge")
        damp = np.maximum(damp, (padded[:-2, 1:-1] + padded[2:, 1:-1] + padded[1:-1, :-2] + padded[1:-1, 2:]) / 4)
    return damp

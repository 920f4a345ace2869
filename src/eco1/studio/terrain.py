"""The land of an episode and the country around it, as height fields and colours."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float32

from eco1.core.records import Landscape
from eco1.studio.grids import cell_of, sample
from eco1.studio.grounds import paint_ground
from eco1.studio.looks import Look, look_of
from eco1.studio.noise import tiling_noise
from eco1.studio.season import Season

_BEYOND_M = np.array([6, 16, 34, 62, 105, 170, 270, 420, 650, 1000, 1500, 2200], float)
_MARGIN = 0.12  # of the world's side: how far its colours reach beyond its border
_NOTHING_M = -1e6
_NEVER_FROZEN = 2.0


@dataclass(frozen=True, kw_only=True)
class Terrain:
    """Everything about the ground that a renderer needs; metres, linear-light colours.

    ``surface_m`` is the height of the sea over a world under water, else None. ``tops_m`` (on the grid of the colours)
    is the height of what throws large shadows, houses and crowns; ``roof_m`` (on the landscape's grid) that of houses.
    ``freezing`` is the share of ice from which water is frozen; dry land counts as frozen, so that ice meets the shore;
    ``ice`` is the share now.
    """

    size_m: float
    xs_m: Float32[np.ndarray, " c"]
    height_m: Float32[np.ndarray, "c c"]
    water_xs_m: Float32[np.ndarray, " w"]
    water_level_m: Float32[np.ndarray, "w w"]
    wet: Bool[np.ndarray, "u u"]
    freezing: Float32[np.ndarray, "g g"]
    ice: float
    inner_m: Float32[np.ndarray, "g g"]
    water_depth_m: Float32[np.ndarray, "g g"]
    albedo: Float32[np.ndarray, "t t 3"]
    normal: Float32[np.ndarray, "t t 3"]
    origin_m: float
    cell_m: float
    surface_m: float | None
    tops_m: Float32[np.ndarray, "t t"] | None
    roof_m: Float32[np.ndarray, "g g"] | None

    def height_at(self, xy_m: np.ndarray) -> np.ndarray:
        """Return the ground's height at points (..., 2), bilinear between cell centres, clamped at the border."""
        return sample(self.inner_m, xy_m, self.size_m)

    def water_depth_at(self, xy_m: np.ndarray) -> np.ndarray:
        """Return how deep the water is at points (..., 2), 0 on dry land and in a world under water."""
        return sample(self.water_depth_m, xy_m, self.size_m)

    @property
    def leafy(self) -> bool:
        """Whether crowns close over the land."""
        return self.tops_m is not None and self.roof_m is None

    def frozen_at(self, xy_m: np.ndarray) -> np.ndarray:
        """Return whether the water at points (..., 2) is under ice."""
        return np.asarray(cell_of(self.freezing, xy_m, self.size_m) <= self.ice)

    def roof_at(self, xy_m: np.ndarray) -> np.ndarray:
        """Return the height of the house over each point (..., 2), far below the ground where there is none."""
        if self.roof_m is None:
            return np.full(np.shape(xy_m)[:-1], _NOTHING_M)
        return cell_of(self.roof_m, xy_m, self.size_m)

    def slope_at(self, xy_m: np.ndarray, *, step_m: float = 2.0) -> np.ndarray:
        """Return the ground's slope (dz/dx, dz/dy) at points (..., 2)."""
        east, north = np.array([step_m, 0.0]), np.array([0.0, step_m])
        dx = (self.height_at(xy_m + east) - self.height_at(xy_m - east)) / (2 * step_m)
        dy = (self.height_at(xy_m + north) - self.height_at(xy_m - north)) / (2 * step_m)
        return np.stack([dx, dy], -1)


def build_terrain(
    landscape: Landscape, seed: int, *, look: Look | None = None, season: Season | None = None
) -> Terrain:
    """Return the ground of a landscape with hills drawn around it as far as one sees.

    Args:
        landscape: the land.
        seed: of the country around it and of the unevenness of colours.
        look: how it looks; None recognises it by its parts.
        season: how much snow and ice there is; None: none.
    """
    look, season = look or look_of(landscape), season or Season()
    size, inner = landscape.size_m, landscape.height_m
    depth = np.zeros_like(landscape.water_depth_m) if look.under_water else landscape.water_depth_m
    grid = (np.arange(len(inner)) + 0.5) * size / len(inner)
    xs = np.concatenate([grid[0] - _BEYOND_M[::-1], grid, grid[-1] + _BEYOND_M])
    level, wet = _water(inner, depth)
    origin, cell = -_MARGIN * size, size * (1 + 2 * _MARGIN) / look.texture
    albedo, normal = paint_ground(landscape, look.kind, season, seed, origin, cell, look.texture)
    houses = landscape.building_height_m
    roofs = None if houses is None else np.where(houses > 0, inner + houses, _NOTHING_M).astype(np.float32)
    return Terrain(
        size_m=size,
        xs_m=xs.astype(np.float32),
        height_m=_with_hills(inner - depth, xs, size, seed, look.far_relief_m),
        water_xs_m=grid.astype(np.float32),
        water_level_m=level,
        wet=wet,
        freezing=_freezing(landscape),
        ice=season.ice,
        inner_m=inner,
        water_depth_m=depth,
        albedo=albedo,
        normal=normal,
        origin_m=origin,
        cell_m=cell,
        surface_m=float((inner + landscape.water_depth_m).mean()) if look.under_water else None,
        tops_m=_tops(landscape, origin, cell, look.texture),
        roof_m=roofs,
    )


def in_season(terrain: Terrain, landscape: Landscape, look: Look, seed: int, season: Season) -> Terrain:
    """Return the same land with other snow and ice."""
    albedo, _ = paint_ground(landscape, look.kind, season, seed, terrain.origin_m, terrain.cell_m, look.texture)
    return replace(terrain, albedo=albedo, ice=season.ice)


def _with_hills(
    inner: np.ndarray, xs: np.ndarray, size: float, seed: int, relief_m: float
) -> Float32[np.ndarray, "c c"]:
    x, y = np.meshgrid(xs, xs)
    height = sample(inner, np.stack([x, y], -1), size)
    outside = np.maximum(np.maximum(-x, x - size), np.maximum(-y, y - size))
    noise = tiling_noise(256, seed + 5, octaves=3, first=5)
    relief = noise[(y / 11).astype(int) % 256, (x / 11).astype(int) % 256] - 0.42
    rise = np.clip(outside / 1400, 0, 1) ** 1.3
    return (height * (1 - 0.5 * rise) + rise * relief_m * np.maximum(relief, -0.08)).astype(np.float32)


def _water(height_m: np.ndarray, depth_m: np.ndarray) -> tuple[Float32[np.ndarray, "w w"], Bool[np.ndarray, "u u"]]:
    """The water's surface, carried one cell beyond the shore so that it meets the bank under the ground."""
    deep = depth_m > 0.01
    surface = np.where(deep, height_m, -np.inf)
    spread = surface.copy()
    for dy in (-1, 0, 1):
        for dx in (-1, 0, 1):
            spread = np.maximum(spread, np.roll(surface, (dy, dx), (0, 1)))
    level = np.where(np.isfinite(surface), surface, spread)
    known = np.isfinite(level)
    cells = known[:-1, :-1] & known[1:, :-1] & known[:-1, 1:] & known[1:, 1:]
    touched = deep[:-1, :-1] | deep[1:, :-1] | deep[:-1, 1:] | deep[1:, 1:]
    return np.where(known, level, 0.0).astype(np.float32), cells & touched


def _freezing(landscape: Landscape) -> Float32[np.ndarray, "g g"]:
    if landscape.freezing is None:
        return np.full_like(landscape.height_m, _NEVER_FROZEN)
    return np.where(landscape.freezing < _NEVER_FROZEN, landscape.freezing, 0).astype(np.float32)


def _tops(landscape: Landscape, origin: float, cell: float, side: int) -> Float32[np.ndarray, "t t"] | None:
    above = landscape.building_height_m if landscape.crown_height_m is None else landscape.crown_height_m
    if above is None:
        return None
    centers = origin + (np.arange(side) + 0.5) * cell
    points = np.stack(np.meshgrid(centers, centers), -1)
    inside = ((points > 0) & (points < landscape.size_m)).all(-1)
    stands = cell_of(above, points, landscape.size_m)
    ground = sample(landscape.height_m, points, landscape.size_m)
    return np.where(inside & (stands > 0), ground + stands, _NOTHING_M).astype(np.float32)

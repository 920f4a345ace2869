"""The ground and the water's surface as height fields with a country around them, and pyramids of their maxima."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.sensors.scenery.arrays import F32, I32

_HILL_SHARE = 0.035  # how high the country around rises, as a share of the world's side: by eye


class HeightField(NamedTuple):
    """A surface: bilinear between nodes, a plane beyond them.

    ``nodes`` (side + 1, side + 1) are heights in metres, node (r, c) at ``origin + cell * (c, r)``; side is a power of
    two. ``peaks`` holds the greatest height of each patch between four nodes, then of 2 x 2 patches and so on, level
    after level from ``starts`` on.
    """

    nodes: F32
    peaks: F32
    starts: I32
    origin: float
    cell: float
    per_m: float  # 1 / cell
    beyond: float


@dataclass(frozen=True, kw_only=True)
class Margin:
    """How a map of cell centres is carried beyond its borders: to ``side + 1`` nodes, the first at ``origin_m``."""

    cells: int
    side: int
    origin_m: float
    cell_m: float

    def nearest(self) -> np.ndarray:
        """Return the map's cell that is nearest to each node along one axis."""
        return np.clip(np.arange(self.side + 1) - self._before(), 0, self.cells - 1)

    def outside_m(self) -> Float[np.ndarray, "k k"]:
        """Return how far each node lies outside the map."""
        at = np.arange(self.side + 1) - self._before()
        away = np.maximum(np.maximum(-at, at - (self.cells - 1)), 0) * self.cell_m
        return np.maximum(away[:, None], away[None, :])

    def carried(self, values: np.ndarray) -> np.ndarray:
        """Return a map at all nodes, outside that of the nearest cell."""
        nearest = self.nearest()
        return np.ascontiguousarray(values[np.ix_(nearest, nearest)])

    def _before(self) -> int:
        return (self.side + 1 - self.cells) // 2


def margin_of(landscape: Landscape) -> Margin:
    """Return a margin of at least a quarter of the world's side."""
    cells = len(landscape.height_m)
    side = 1 << int(np.ceil(np.log2(1.5 * cells)))
    cell = landscape.size_m / cells
    return Margin(cells=cells, side=side, origin_m=(0.5 - (side + 1 - cells) // 2) * cell, cell_m=cell)


def is_under_water(landscape: Landscape) -> bool:
    """Return whether the biome lies under water: all of its ground has a depth."""
    return bool((landscape.water_depth_m > 0).all())


def bed_and_surface(landscape: Landscape, margin: Margin, seed: int) -> tuple[HeightField, HeightField]:
    """Return the ground under everything, and what is seen of it from the air: ground or water, whichever is higher."""
    depth, under_water = landscape.water_depth_m, is_under_water(landscape)
    top = landscape.height_m + depth if under_water else landscape.height_m
    wet = margin.carried(depth > 0)
    border = np.concatenate([depth[0], depth[-1], depth[:, 0], depth[:, -1]])
    beyond = float(top[depth > 0].mean()) if (border > 0).any() else float(np.median(top))
    away = margin.outside_m() / margin.outside_m().max()
    fade = (1 - away) ** 2 * (1 + 2 * away)
    hills = _waves(margin.side + 1, seed) * _HILL_SHARE * landscape.size_m * np.sin(np.pi * away) ** 2
    surface = np.where(wet, margin.carried(top), margin.carried(top) * fade + beyond * (1 - fade) + hills)
    typical = float(border.mean())
    deep = margin.carried(depth) * fade + typical * (1 - fade) if under_water else margin.carried(depth)
    _close(surface, beyond)
    _close(deep, typical)
    return (
        make_height_field((surface - deep).astype(np.float32), margin.origin_m, margin.cell_m, beyond - typical),
        make_height_field(surface.astype(np.float32), margin.origin_m, margin.cell_m, beyond),
    )


def make_height_field(
    nodes: Float32[np.ndarray, "k k"], origin_m: float, cell_m: float, beyond_m: float
) -> HeightField:
    """Return the height field of nodes; their number along a side is a power of two and one."""
    level = np.maximum(
        np.maximum(nodes[:-1, :-1], nodes[1:, :-1]), np.maximum(nodes[:-1, 1:], nodes[1:, 1:])
    )  # fmt: skip
    levels = [level]
    while len(level) > 1:
        level = np.maximum(
            np.maximum(level[::2, ::2], level[1::2, ::2]), np.maximum(level[::2, 1::2], level[1::2, 1::2])
        )
        levels.append(level)
    return HeightField(
        nodes=np.ascontiguousarray(nodes, np.float32),
        peaks=np.concatenate([one.ravel() for one in levels]).astype(np.float32),
        starts=np.cumsum([0] + [one.size for one in levels[:-1]]).astype(np.int32),
        origin=float(origin_m),
        cell=float(cell_m),
        per_m=1.0 / float(cell_m),
        beyond=float(beyond_m),
    )


def _close(nodes: np.ndarray, value: float) -> None:
    """Let a map end in the plane that lies beyond it."""
    nodes[[0, -1]] = value
    nodes[:, [0, -1]] = value


def _waves(count: int, seed: int) -> np.ndarray:
    """Return a few long waves in [0, 1] across ``count`` nodes."""
    rng = generator(seed, 81)
    y, x = np.mgrid[0:count, 0:count] * (2 * np.pi / count)
    total = np.zeros((count, count))
    for _ in range(6):
        a, b = rng.integers(1, 6, 2)
        total += np.sin(a * x + rng.uniform(0, 6.3)) * np.sin(b * y + rng.uniform(0, 6.3)) / (a + b)
    return (total - total.min()) / np.ptp(total)

"""What a landscape is like at given positions: heights, distances, edges. Every function is over many positions."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int

from eco1.core.records import Landscape

_INLAND_FREEZING = 0.5  # what the simulator gives to ponds; the sea has other values


@dataclass(frozen=True, kw_only=True)
class Ground:
    """A landscape seen from the positions of E animals."""

    landscape: Landscape
    position_m: Float[np.ndarray, "e 3"]

    def at(self, map_of_cells: Float[np.ndarray, "g g"]) -> Float[np.ndarray, " e"]:
        """Return the value of a map in the cells of the positions."""
        cells = len(map_of_cells)
        index = np.clip((self.position_m[:, :2] / self.landscape.size_m * cells).astype(int), 0, cells - 1)
        return map_of_cells[index[:, 1], index[:, 0]]

    def distance(self, points: Float[np.ndarray, "k d"] | None) -> Float[np.ndarray, " e"]:
        """Return how far the nearest of the points is, on the map; infinite where there are none."""
        if points is None or len(points) == 0:
            return np.full(len(self.position_m), np.inf)
        away = self.position_m[:, None, :2] - points[None, :, :2]
        return np.sqrt((away**2).sum(-1).min(1))

    @cached_property
    def depth_m(self) -> Float[np.ndarray, " e"]:
        """Depth of the water at each position."""
        return self.at(self.landscape.water_depth_m)

    @cached_property
    def above_m(self) -> Float[np.ndarray, " e"]:
        """Height above the ground or the sea bed; above the surface over other water."""
        height = self.at(self.landscape.height_m)
        return self.position_m[:, 2] - height

    @cached_property
    def relative_height(self) -> Float[np.ndarray, " e"]:
        """Share of the ground that lies lower, 0 .. 1."""
        heights = np.sort(self.landscape.height_m.ravel())
        return np.searchsorted(heights, self.at(self.landscape.height_m)) / heights.size

    def shore(self, *, inland: bool) -> Float[np.ndarray, " e"]:
        """Return the distance to the edge of ponds and pools (``inland``) or of the sea."""
        wet = self.landscape.water_depth_m > 0
        freezing = self.landscape.freezing
        if freezing is not None:
            pond = freezing == _INLAND_FREEZING
            wet = wet & (pond if inland else ~pond)
        rim = wet & ~_all_around(wet)
        y, x = np.nonzero(rim)
        cell = self.landscape.size_m / len(wet)
        return self.distance(np.stack([x + 0.5, y + 0.5], 1) * cell if len(x) else None)

    @cached_property
    def on_sea(self) -> Bool[np.ndarray, " e"]:
        """Whether a position is over the sea rather than over a pond or land."""
        freezing = self.landscape.freezing
        return (self.depth_m > 0) & ((self.at(freezing) != _INLAND_FREEZING) if freezing is not None else True)

    @cached_property
    def house_sides(self) -> Int[np.ndarray, " e"]:
        """Towards how many of the four winds a house stands within 25 m."""
        building = self.landscape.building_height_m
        if building is None:
            return np.zeros(len(self.position_m), int)
        reach = np.linspace(2.0, 25.0, 12)
        sides = np.zeros(len(self.position_m), int)
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            steps = self.position_m[:, None, :2] + reach[None, :, None] * np.array([x, y])
            cells = len(building)
            index = np.clip((steps / self.landscape.size_m * cells).astype(int), 0, cells - 1)
            sides += (building[index[..., 1], index[..., 0]] > 0).any(1)
        return sides

    def edge(self, share: float) -> tuple[Bool[np.ndarray, " e"], list[str]]:
        """Return who is within a share of the side of the border, and which border that is."""
        xy = self.position_m[:, :2] / self.landscape.size_m
        distances = np.stack([xy[:, 0], 1 - xy[:, 0], xy[:, 1], 1 - xy[:, 1]], 1)
        names = ("western", "eastern", "southern", "northern")
        return distances.min(1) < share, [names[k] for k in distances.argmin(1)]


def _all_around(wet: Bool[np.ndarray, "g g"]) -> Bool[np.ndarray, "g g"]:
    """Return the cells whose four neighbours are wet."""
    padded = np.pad(wet, 1, mode="edge")
    return padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]

"""What a landscape is while it is being made."""

import math
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from eco1.catalog.records import Biome
from eco1.sim.fields import F32
from eco1.sim.landscape.points import Points

_CELLS_64 = 128  # terrain cells along the side of a world for 64 animals
_FORAGE_CELLS_64 = 48
_MOST_CELLS = 1024

Mask = NDArray[np.bool_]
T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True)
class Grid:
    """How the square is cut into cells: ``cells`` for the ground, ``forage_cells`` for what grows on it."""

    size: float  # m
    cells: int
    forage_cells: int

    @property
    def cell(self) -> float:
        """Side of a cell of the ground, m."""
        return self.size / self.cells

    @property
    def forage_cell(self) -> float:
        """Side of a cell of vegetation, m."""
        return self.size / self.forage_cells

    def middles(self) -> NDArray[np.float64]:
        """Return the coordinates of the middles of the cells of the ground along one axis, m."""
        return (np.arange(self.cells, dtype=np.float64) + 0.5) * self.cell

    def at_forage(self, array: NDArray[T]) -> NDArray[T]:
        """Return the values of a map of the ground (cells, cells) in the middles of the vegetation's cells."""
        index = np.minimum(
            ((np.arange(self.forage_cells) + 0.5) * self.forage_cell / self.cell).astype(int), self.cells - 1
        )
        return array[np.ix_(index, index)]


@dataclass
class Draft:
    """Ground and what stands on it. ``blocked`` is where nothing grows and nobody digs."""

    grid: Grid
    height: F32  # (cells, cells) m
    depth: F32  # (cells, cells) m of water to wade or swim through
    blocked: Mask
    sea_level: float | None = None  # m, of a biome that lies under water
    crown: F32 | None = None  # (cells, cells) m above ground up to which branches reach, 0 none
    building: F32 | None = None  # (cells, cells) m above ground, 0 none
    freezing: F32 | None = None  # (cells, cells) share of ice from which a cell is frozen, 2 never
    flow: tuple[F32, F32] | None = None  # (cells, cells) m/s at full strength
    richness: F32 | None = None  # (cells, cells) share of the usual forage; None: the same everywhere
    rooted: Mask | None = None  # (cells, cells) where trees may stand; None: wherever it is not blocked
    places: dict[str, Points] = field(default_factory=dict[str, Points])  # holes, bins, flowers, fruit of each quarter


def grid_for(biome: Biome, rows: int) -> Grid:
    """Return the grid of a square whose area grows with the number of animals."""
    side = math.sqrt(max(rows, 8) / 64)
    return Grid(
        size=float(biome.size) * side,
        cells=int(min(_MOST_CELLS, max(48, round(_CELLS_64 * side)))),
        forage_cells=int(min(_MOST_CELLS, max(16, round(_FORAGE_CELLS_64 * side)))),
    )

"""Relief: hills of fractal noise with water in their lowest parts, or a sea bed with the sea above it."""

import numpy as np
from numpy.typing import NDArray

from eco1.catalog.records import Biome
from eco1.sim.landscape.draft import Draft, Grid
from eco1.sim.landscape.noise import fractal_noise

_RIM_SHARE, _RIM_HEIGHT = 0.14, 0.5  # of the side, of the relief
_DEEPEST_SHARE = 0.25  # how much of the relief the deepest water takes: an estimate for shallow waterholes


def hills(biome: Biome, grid: Grid, rng: np.random.Generator) -> Draft:
    """Return dry hills with ponds, or, where the biome lies under water, a dry law of wading and a sea level above."""
    relief = fractal_noise(rng, grid.cells, float(biome.roughness)) + _rim(grid.cells)
    relief /= relief.max()
    if biome.sea is not None:
        height = (relief * float(biome.relief)).astype(np.float32)
        nowhere = np.zeros_like(height)
        return Draft(grid, height, nowhere, nowhere > 0, sea_level=float(biome.sea.depth))
    level = float(np.quantile(relief, float(biome.water_fraction)))
    below = np.maximum(level - relief, 0) / max(level, 1e-6)
    depth = (below * _DEEPEST_SHARE * float(biome.relief)).astype(np.float32)
    height = ((np.maximum(relief, level) - level) * float(biome.relief)).astype(np.float32)
    return Draft(grid, height, depth, depth > 0)


def _rim(cells: int) -> NDArray[np.float64]:
    """Return a rise towards the borders, so that water lies where animals can walk around it."""
    from_border = np.minimum(np.arange(cells), np.arange(cells)[::-1]) / cells
    slope = np.maximum(0.0, 1 - np.minimum(from_border[:, None], from_border[None, :]) / _RIM_SHARE)
    return _RIM_HEIGHT * slope**2

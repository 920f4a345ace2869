"""Houses and bins: from the map of buildings to a few boxes."""

import numpy as np
from jaxtyping import Float32

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.core.senses import BUILDING
from eco1.sensors.scenery.look import Rgb
from eco1.sensors.scenery.solid_set import SolidSet, shifted

_WALLS: tuple[Rgb, ...] = (
    *((0.46, 0.40, 0.31), (0.36, 0.17, 0.12), (0.52, 0.49, 0.44), (0.44, 0.32, 0.20), (0.33, 0.36, 0.38)),
)
_GLASS: Rgb = (0.055, 0.075, 0.10)
_ROOF: Rgb = (0.26, 0.12, 0.085)
_EAVES_M, _CELLAR_M = 0.35, 3.0
_SAME_M = 0.05


def build(solids: SolidSet, landscape: Landscape, seed: int) -> None:
    """Add the landscape's houses, each with a roof that juts out, and its bins."""
    rng = generator(seed, 85)
    for place in landscape.refuse_position_m if landscape.refuse_position_m is not None else ():
        color = solids.paint((0.05, 0.13, 0.075), (0.03, 0.03, 0.03), "even")
        solids.box(shifted(place, 0, 0, 0.55), (0.32, 0.36, 0.55), instance=BUILDING, colors=color)
    height = landscape.building_height_m
    if height is None:
        return
    cell = landscape.size_m / len(height)
    walls = [solids.paint(color, _GLASS, "wall") for color in _WALLS]
    roof = solids.paint(_ROOF, (0.14, 0.07, 0.05), "roof")
    for first_row, first_column, rows, columns in rectangles(height):
        part = np.s_[first_row : first_row + rows, first_column : first_column + columns]
        low, high = float(landscape.height_m[part].min()), float(landscape.height_m[part].max() + height[part].max())
        half = np.array([columns, rows, 0.0]) * cell / 2
        middle = np.array([first_column, first_row, 0.0]) * cell + half
        half[2], middle[2] = (high - low + _CELLAR_M) / 2, (high + low - _CELLAR_M) / 2
        color = walls[int(height[part].max() * 97 + rng.integers(2)) % len(walls)]
        solids.box(middle, half, instance=BUILDING, colors=color)
        middle[2] = high + 0.01
        solids.box(middle, (half[0] + _EAVES_M, half[1] + _EAVES_M, 0.14), instance=BUILDING, colors=roof)


def rectangles(height_m: Float32[np.ndarray, "g g"]) -> list[tuple[int, int, int, int]]:
    """Return rectangles (first row, first column, rows, columns) of one height each that tile all that is built up."""
    left = height_m > 0
    found: list[tuple[int, int, int, int]] = []
    for row, column in np.argwhere(left):
        if not left[row, column]:
            continue
        same = left & (np.abs(height_m - height_m[row, column]) < _SAME_M)
        columns = int(np.argmin(np.append(same[row, column:], False)))
        rows = int(np.argmin(np.append(same[row:, column : column + columns].all(1), False)))
        left[row : row + rows, column : column + columns] = False
        found.append((int(row), int(column), rows, columns))
    return found

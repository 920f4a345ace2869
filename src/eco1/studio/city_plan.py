"""Where streets run between houses, read back from a landscape: bands without houses from border to border."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from eco1.core.records import Landscape

PAVEMENT_M = 2.6
_LAWN = 0.12  # of full forage: what grows on paved ground stays below it
_LEAST_STREET_M = 9.0  # narrower bands are passages
_DASH_M, _GAP_M, _LINE_M = 3.0, 4.5, 0.16
_ZEBRA_M, _ZEBRA_STEP_M = 3.2, 1.0


@dataclass(frozen=True, kw_only=True)
class CityPlan:
    """Streets along x (``rows``: south and north edge) and along y (``columns``: west and east edge), metres."""

    rows: Float[np.ndarray, "r 2"]
    columns: Float[np.ndarray, "c 2"]

    def road_share(self, xy_m: np.ndarray) -> np.ndarray:
        """Return how far points (..., 2) lie inside the nearest lane: above 0 road, 0 to -2.6 pavement, below land."""
        along = _inside(xy_m[..., 1], self.rows)
        across = _inside(xy_m[..., 0], self.columns)
        return np.maximum(along, across) - PAVEMENT_M

    def markings(self, xy_m: np.ndarray) -> np.ndarray:
        """Return where white paint lies on the road at points (..., 2): dashes, and stripes before crossings."""
        x, y = xy_m[..., 0], xy_m[..., 1]
        painted = np.zeros(x.shape, bool)
        for here, there, bands, crossings in ((y, x, self.rows, self.columns), (x, y, self.columns, self.rows)):
            wide = bands[bands[:, 1] - bands[:, 0] > _LEAST_STREET_M]
            at_crossing = _inside(there, crossings)
            from_middle = np.abs(here[..., None] - wide.mean(1)).min(-1, initial=np.inf)
            dash = (from_middle < _LINE_M) & (there % (_DASH_M + _GAP_M) < _DASH_M) & (at_crossing < -_ZEBRA_M - 1.5)
            lane = _inside(here, wide) > PAVEMENT_M + 0.4
            zebra = lane & (at_crossing < -0.4) & (at_crossing > -_ZEBRA_M) & (here % _ZEBRA_STEP_M < 0.5)
            painted |= dash | zebra
        return painted

    def kerb_places(self, spacing_m: float, inset_m: float) -> Float[np.ndarray, "k 3"]:
        """Return places along the kerbs, clear of crossings: x, y and the direction from there to the road (rad).

        Args:
            spacing_m: between places on one side.
            inset_m: from the house front (or park border) towards the road.
        """
        places: list[tuple[float, float, float]] = []
        for rows, (bands, crossings) in enumerate(((self.columns, self.rows), (self.rows, self.columns))):
            for low, high in bands[bands[:, 1] - bands[:, 0] > _LEAST_STREET_M]:
                for side, toward in ((low + inset_m, 1.0), (high - inset_m, -1.0)):
                    end = float(max(self.rows.max(initial=0), self.columns.max(initial=0)))
                    for at in np.arange(0.5 * spacing_m, end, spacing_m) + (0.0 if toward > 0 else 0.5 * spacing_m):
                        if float(_inside(np.array(at), crossings)) < -1.0:
                            turn = (0.0 if toward > 0 else np.pi) if rows == 0 else toward * np.pi / 2
                            places.append((side, at, turn) if rows == 0 else (at, side, turn))
        return np.array(places, float).reshape(-1, 3)


def plan_of(landscape: Landscape) -> CityPlan:
    """Return the streets of a landscape with houses."""
    assert landscape.building_height_m is not None, "only a city has streets"
    house = landscape.building_height_m > 0
    lawn = np.repeat(np.repeat(landscape.vegetation > _LAWN, 3, 0), 3, 1)
    index = (np.arange(len(house)) + 0.5) / len(house) * len(lawn)
    built = house | lawn[np.ix_(index.astype(int), index.astype(int))] | (landscape.water_depth_m > 0.01)
    cell = landscape.size_m / len(house)
    return CityPlan(rows=_bands(~built.max(1), cell), columns=_bands(~built.max(0), cell))


def lawn_share(landscape: Landscape) -> np.ndarray:
    """Return where lawn grows (1) and where ground is paved (0), on the grid of the vegetation."""
    return (landscape.vegetation > _LAWN).astype(np.float32)


def _bands(free: np.ndarray, cell: float) -> np.ndarray:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], free.astype(np.int8), [0]])))
    return edges.reshape(-1, 2).astype(float) * cell


def _inside(at: np.ndarray, bands: np.ndarray) -> np.ndarray:
    """How far inside the nearest band, negative outside."""
    depth = np.minimum(at[..., None] - bands[:, 0], bands[:, 1] - at[..., None])
    return depth.max(-1, initial=-1e3)

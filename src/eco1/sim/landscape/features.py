"""What makes a biome more than hills: currents, crowns, ice, houses. Each adds to a draft from its own dice."""

import numpy as np

from eco1.catalog.records import Canopy, City, Ice, Sea
from eco1.core.random import generator
from eco1.sim.landscape.draft import Draft, Grid, Mask
from eco1.sim.landscape.noise import fractal_noise
from eco1.sim.landscape.points import Points, scatter_in

QUARTERS = 4  # of a year: other trees bear fruit in each
_SEA, _CANOPY, _ICE, _CITY = range(4, 8)  # random streams beside those of the ground (1), the hour (2), the storms (3)
_COAST_ROUGHNESS, _DEEPEST_M = 1.8, 12.0  # of an Arctic bay: estimates
_CROWN_RADIUS_M = 6.0  # estimate: a canopy tree of thirty metres
_FLOWERS_PER_PARK_M2 = 0.005  # beds and blossoming trees: estimate
_LAWN, _PAVED = 1.0, 0.04  # share of the usual forage: crumbs and weeds lie on pavements


def add_currents(draft: Draft, sea: Sea, seed: int) -> None:
    """Let the water flow in eddies without sources: along the contours of a stream function (Batchelor 1967, 2.2)."""
    grid = draft.grid
    stream = fractal_noise(generator(seed, _SEA), grid.cells, 2.0)
    along_y, along_x = np.gradient(stream, grid.cell)
    strength = float(sea.current) / max(float(np.hypot(along_x, along_y).mean()), 1e-9)
    draft.flow = (
        np.float32(strength) * np.asarray(along_y, np.float32),
        -np.float32(strength) * np.asarray(along_x, np.float32),
    )


def add_crowns(draft: Draft, canopy: Canopy, trees: Points, seed: int) -> None:
    """Close the crowns over a share of the ground, let some trees rise above them, and fruit ripen by the quarter."""
    grid, rng = draft.grid, generator(seed, _CANOPY)
    cover = fractal_noise(rng, grid.cells, 1.2, widest=0.2)
    closed = cover >= np.quantile(cover, 1 - float(canopy.closure))
    crown = np.where(closed, float(canopy.height) * (0.85 + 0.3 * cover), 0.0)
    emergent = trees[rng.random(len(trees)) < 0.08]
    crown = np.where(_near(grid, emergent, _CROWN_RADIUS_M), float(canopy.emergents), crown)
    draft.crown = crown.astype(np.float32)
    inside = trees[_value_at(closed, trees, grid) > 0]
    add_fruit(draft, inside, float(canopy.fruiting), rng)
    draft.places["flowers"] = _some(rng, inside, float(canopy.flowering))


def add_fruit(draft: Draft, trees: Points, share: float, rng: np.random.Generator) -> None:
    """Let a share of the trees bear fruit in each quarter of the year."""
    for quarter in range(QUARTERS):
        draft.places[f"fruit{quarter}"] = _some(rng, trees, share)


def add_coast(draft: Draft, ice: Ice, seed: int) -> None:
    """Flood the low side of the square, and say at which share of ice each place is frozen."""
    grid, rng = draft.grid, generator(seed, _ICE)
    lie = fractal_noise(rng, grid.cells, _COAST_ROUGHNESS)
    lie += 1.5 * _ramp(grid.cells, float(rng.uniform(0, 2 * np.pi)))
    level = np.quantile(lie, float(ice.sea_share))
    sea = lie < level
    away = (level - lie) / max(float(level - lie.min()), 1e-9)  # 0 on the coast .. 1 far out
    draft.height = np.where(sea, 0.0, draft.height * np.clip(-3 * away, 0, 1)).astype(np.float32)
    draft.depth = np.where(sea, 0.8 + _DEEPEST_M * np.clip(away, 0, 1), draft.depth).astype(np.float32)
    order = np.argsort(np.argsort(away[sea] + 0.25 * rng.random(int(sea.sum()))))  # fast ice grows from the coast
    freezing = np.where(draft.depth > 0, 0.5, 2.0)  # ponds freeze in the dark half of the year
    freezing[sea] = (order + 0.5) / max(len(order), 1)
    draft.freezing = freezing.astype(np.float32)
    draft.blocked = draft.depth > 0
    draft.places["holes"] = scatter_in(rng, float(ice.holes) * grid.cell**2 * int(sea.sum()), sea, grid.cell)


def add_streets(draft: Draft, city: City, seed: int) -> None:
    """Lay out blocks of houses around courts, parks between them, and streets with refuse."""
    grid, rng = draft.grid, generator(seed, _CITY)
    pitch = float(city.block) + float(city.street)
    place = (grid.middles() - 0.5 * (grid.size % pitch)) / pitch
    block, within = np.floor(place).astype(int), (place % 1.0) * pitch - 0.5 * float(city.street)
    inside = (within > 0) & (within < float(city.block))
    kinds = rng.random((block.max() - block.min() + 1,) * 2)
    kinds[tuple(rng.integers(1, max(2, len(kinds) - 1), size=2))] = 0.0  # every quarter has a park
    tall = float(city.building_height) * rng.uniform(0.6, 1.4, kinds.shape)
    row, column = np.ix_(block - block.min(), block - block.min())
    lot = inside[:, None] & inside[None, :]
    park = lot & (kinds[row, column] < float(city.park_share))
    from_edge = np.minimum(within, float(city.block) - within)
    deep = np.minimum(from_edge[:, None], from_edge[None, :])
    house = lot & ~park & (deep < 0.3 * float(city.block)) & ~_gateway(within, float(city.block))
    draft.building = np.where(house, tall[row, column], 0.0).astype(np.float32)
    draft.depth = np.where(house, 0.0, draft.depth).astype(np.float32)
    draft.blocked = house | (draft.depth > 0)
    draft.richness = np.where(park, _LAWN, _PAVED).astype(np.float32)
    bins = float(city.refuse) * grid.size**2
    draft.places["bins"] = scatter_in(rng, bins, ~draft.blocked & ~park, grid.cell)
    dry = park & ~draft.blocked
    draft.places["flowers"] = scatter_in(rng, _FLOWERS_PER_PARK_M2 * dry.sum() * grid.cell**2, dry, grid.cell)
    kerb = ~lot & _beside(lot, grid)
    draft.rooted = (park | kerb) & ~draft.blocked


def _gateway(within: np.ndarray, side: float) -> Mask:
    """Return the passages into the courts, one in the middle of the sides that look east and west."""
    gate = np.abs(within - 0.5 * side) < 0.07 * side
    return gate[:, None] & np.ones_like(gate)[None, :]


def _beside(lot: Mask, grid: Grid) -> Mask:
    """Return the cells within two of a lot: where street trees stand."""
    reach = max(1, round(2.0 / grid.cell))
    near = lot.copy()
    for shift in range(-reach, reach + 1):
        near |= np.roll(lot, shift, 0) | np.roll(lot, shift, 1)
    return near


def _ramp(cells: int, angle: float) -> np.ndarray:
    line = np.linspace(-0.5, 0.5, cells)
    return np.cos(angle) * line[None, :] + np.sin(angle) * line[:, None]


def _near(grid: Grid, points: Points, reach: float) -> Mask:
    x, y = grid.middles()[None, :], grid.middles()[:, None]
    near = np.zeros((grid.cells, grid.cells), bool)
    for px, py in points:
        near |= (x - px) ** 2 + (y - py) ** 2 < reach * reach
    return near


def _value_at(mask: np.ndarray, points: Points, grid: Grid) -> np.ndarray:
    index = np.clip((points / grid.cell).astype(int), 0, grid.cells - 1)
    return mask[index[:, 1], index[:, 0]].astype(int)


def _some(rng: np.random.Generator, points: Points, share: float) -> Points:
    """Return a share of the points, at least one."""
    wanted = max(1, round(share * len(points)))
    return points[rng.permutation(len(points))[:wanted]]

"""From a biome and a seed to a landscape and the maps that the laws read."""

import numpy as np

from eco1.catalog.records import Biome
from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.sim.fields import F32, layer
from eco1.sim.ground import NO_SEA_M, Ground
from eco1.sim.landscape.draft import Draft, grid_for
from eco1.sim.landscape.features import QUARTERS, add_coast, add_crowns, add_currents, add_fruit, add_streets
from eco1.sim.landscape.noise import fractal_noise
from eco1.sim.landscape.points import Points, edges, nearest_points, scatter, with_height
from eco1.sim.landscape.relief import hills
from eco1.sim.landscape.ways import find_ways, no_ways

_TREE_COVER_M = 9.0
_NEVER_FROZEN = 2.0


def build_landscape(biome: Biome, rows: int, seed: int) -> tuple[Landscape, Ground]:
    """Return the landscape of a seed and the maps the kernels read. Its area grows with the number of rows."""
    grid, rng = grid_for(biome, rows), generator(seed, 1)
    draft = hills(biome, grid, rng)
    if biome.ice is not None:
        add_coast(draft, biome.ice, seed)
    if biome.city is not None:
        add_streets(draft, biome.city, seed)
    capacity = _soil(draft, rng)
    grown = draft.blocked if draft.rooted is None else ~draft.rooted
    trees = scatter(rng, float(biome.tree_density), grid.size, grown, grid.cell)
    dens = scatter(rng, float(biome.shelter_density), grid.size, draft.blocked, grid.cell)
    if biome.canopy is not None:
        add_crowns(draft, biome.canopy, trees, seed)
    if biome.city is not None:
        add_fruit(draft, trees, 0.5, generator(seed, 9))
    if biome.sea is not None:
        add_currents(draft, biome.sea, seed)
    ground = Ground(
        size=grid.size,
        cell=grid.cell,
        forage_cell=grid.forage_cell,
        obstacles=float(draft.building is not None or draft.crown is not None),
        top=NO_SEA_M if draft.sea_level is None else draft.sea_level,
        maps=_maps(draft, capacity, trees, dens),
        ways=no_ways() if draft.building is None else find_ways(draft.building > 0, grid),
        capacity=capacity,
    )
    return _landscape(draft, capacity, trees, dens, rng), ground


def _soil(draft: Draft, rng: np.random.Generator) -> F32:
    grid = draft.grid
    soil = fractal_noise(rng, grid.forage_cells, 1.1, widest=0.25)
    carried = 0.3 + 0.7 * np.clip(1.6 * soil - 0.3, 0, 1)
    if draft.richness is not None:
        carried = carried * grid.at_forage(draft.richness)
    return np.where(grid.at_forage(draft.blocked), 0.0, carried).astype(np.float32)


def _maps(draft: Draft, capacity: F32, trees: Points, dens: Points) -> F32:
    grid = draft.grid
    cells, cell = grid.cells, grid.cell
    maps = np.zeros((layer.LAYERS, cells, cells), np.float32)
    slope_y, slope_x = np.gradient(draft.height - draft.depth, cell)
    maps[layer.HEIGHT], maps[layer.DEPTH] = draft.height, draft.depth
    maps[layer.SLOPE_X], maps[layer.SLOPE_Y] = slope_x, slope_y
    nearest = {
        layer.SHORE_X: edges(draft.depth > 0, cell),
        layer.TREE_X: trees,
        layer.DEN_X: dens,
        layer.HOLE_X: draft.places.get("holes"),
        layer.FLOWER_X: draft.places.get("flowers"),
        layer.BIN_X: draft.places.get("bins"),
        layer.WALL_X: None if draft.building is None else edges(draft.building > 0, cell),
        **{layer.FRUIT_X + 2 * quarter: draft.places.get(f"fruit{quarter}") for quarter in range(QUARTERS)},
    }
    for first, points in nearest.items():
        if points is None or len(points) == 0:
            maps[first : first + 2] = layer.NOWHERE
        else:
            maps[first : first + 2] = nearest_points(points, cells, cell)
    maps[layer.COVER] = _cover(capacity, (maps[layer.TREE_X], maps[layer.TREE_Y]), draft)
    maps[layer.FREEZING] = _NEVER_FROZEN if draft.freezing is None else draft.freezing
    for which, array in ((layer.CROWN, draft.crown), (layer.ROOF, draft.building)):
        if array is not None:
            maps[which] = array
    if draft.flow is not None:
        maps[layer.FLOW_X], maps[layer.FLOW_Y] = draft.flow
    return maps


def _cover(capacity: F32, tree_maps: tuple[F32, F32], draft: Draft) -> F32:
    cells, middle = draft.grid.cells, draft.grid.middles().astype(np.float32)
    distance = np.hypot(tree_maps[0] - middle[None, :], tree_maps[1] - middle[:, None])
    shade = np.clip(1.5 - distance / _TREE_COVER_M, 0, 1)
    index = np.minimum((np.arange(cells) * capacity.shape[0]) // cells, capacity.shape[0] - 1)
    return np.clip(0.1 + 0.4 * capacity[np.ix_(index, index)] + 0.6 * shade, 0, 1).astype(np.float32)


def _landscape(draft: Draft, capacity: F32, trees: Points, dens: Points, rng: np.random.Generator) -> Landscape:
    height, cell = draft.height, draft.grid.cell
    places = {name: with_height(points, height, cell) for name, points in draft.places.items()}
    water = draft.depth if draft.sea_level is None else (draft.sea_level - height).astype(np.float32)
    tallest = rng.uniform(3.5, 9.0, len(trees)).astype(np.float32)
    if draft.crown is not None:
        index = (trees / cell).astype(int)
        tallest = np.maximum(tallest, draft.crown[index[:, 1], index[:, 0]])
    return Landscape(
        size_m=draft.grid.size,
        height_m=height,
        water_depth_m=water,
        vegetation=capacity,
        tree_position_m=with_height(trees, height, cell),
        tree_height_m=tallest,
        shelter_position_m=with_height(dens, height, cell),
        crown_height_m=draft.crown,
        building_height_m=draft.building,
        freezing=draft.freezing,
        hole_position_m=places.get("holes"),
        refuse_position_m=places.get("bins"),
        flower_position_m=places.get("flowers"),
    )

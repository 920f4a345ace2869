"""What stands on tundra and sea ice: dwarf willow, boulders, denning mounds, pressure ridges, breathing holes."""

import math

import numpy as np

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import placed
from eco1.studio.flora import VARIANTS, grass_tuft, leafy, on_ground
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube
from eco1.studio.season import Season
from eco1.studio.stage import Props
from eco1.studio.terrain import Terrain

_SNOW, _BLUE, _STONE = (0.86, 0.90, 0.96), (0.50, 0.68, 0.82), (0.23, 0.215, 0.20)
_WILLOW = 0.075  # of the height of a tree in the record: thickets are knee-high
_BOULDERS_PER_HA, _BLOCKS_PER_HA = 9.0, 22.0


def willow(variant: int) -> Mesh:
    """Return a thicket of dwarf willow one metre high: bare twigs with small leaves."""
    rng = generator(variant, 41)
    pieces: list[Mesh] = []
    for k in range(16):
        angle, out = k * 2.4, rng.uniform(0.3, 1.0)
        end = np.array([math.cos(angle) * out, math.sin(angle) * out, rng.uniform(0.55, 1.0)])
        side = (-math.sin(angle), math.cos(angle), 0)
        pieces.append(
            tube(
                [(0, 0, 0), end * [0.4, 0.4, 0.6], end],
                [(0.03, 0.03), (0.02, 0.02), (0.008, 0.008)],
                sides=4,
                side_axis=side,
                color=(0.17, 0.085, 0.045),
            )
        )
        pieces.append(
            leafy(
                tuple(end * 0.9),
                (0.24, 0.24, 0.17),
                rng,
                light=(0.26, 0.27, 0.07),
                dark=(0.13, 0.12, 0.035),
                rough=0.25,
            )
        )
    return merge(pieces)


def boulder(variant: int, snow: float) -> Mesh:
    """Return a boulder of radius one with snow on top and lichen on its sides."""
    rng = generator(variant, 42)
    ball = dome((0, 0, 0.2), (1.0, 0.8, 0.65), sides=10, rings=7)
    mesh = make_mesh(ball.vertices_m + rng.normal(0, 0.08, ball.vertices_m.shape), ball.faces)
    patch = rng.random(len(mesh.faces))

    def paint(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        stone = np.array(_STONE) * (0.8 + 0.4 * patch[:, None])
        stone = np.where((patch > 0.82)[:, None], np.array((0.36, 0.24, 0.06)), stone)
        return np.where((normals[:, 2] > 1.05 - 0.6 * snow)[:, None], np.array(_SNOW), stone)

    return mesh.painted(paint)


def den(snow: float) -> Mesh:
    """Return a denning mound of radius one: a drift over earth with a dark entrance."""
    cover = np.array(_SNOW) * snow + np.array((0.24, 0.20, 0.12)) * (1 - snow)
    heap = dome((0, 0, -0.12), (1.35, 1.15, 0.62), sides=14, rings=8, color=tuple(cover))
    rim = dome((0.92, 0, 0.1), (0.34, 0.38, 0.27), sides=10, rings=6, color=tuple(cover * 0.8))
    hole = dome((1.02, 0, 0.09), (0.27, 0.28, 0.2), sides=10, rings=6, color=(0.012, 0.014, 0.02))
    return merge([heap, rim, hole])


def ice_block(variant: int) -> Mesh:
    """Return a tilted slab of broken ice, one metre long, blue where it is thick."""
    rng = generator(variant, 43)
    box = np.array([(x, y, z) for z in (-0.16, 0.16) for y in (-0.32, 0.32) for x in (-0.5, 0.5)])
    tilt = rng.uniform(0.2, 0.75)
    turn = np.array([[math.cos(tilt), 0, -math.sin(tilt)], [0, 1, 0], [math.sin(tilt), 0, math.cos(tilt)]])
    corners = (box + rng.normal(0, 0.06, box.shape)) @ turn.T + [0, 0, 0.12]
    quads = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    sides: list[Mesh] = []
    for k, (a, b, c, d) in enumerate(quads):
        color = _SNOW if k == 1 else _BLUE
        sides.append(make_mesh(corners[[a, b, c, d]], np.array([(0, 2, 1), (0, 3, 2)]), color))
    return merge(sides)


def breathing_hole() -> Mesh:
    """Return a seal's breathing hole: dark water in a ring of raised slush, radius one half."""
    around = np.linspace(0, 2 * math.pi, 17)
    ring = [(0.46 * math.cos(a), 0.46 * math.sin(a), 0.05) for a in around]
    rim = [dome(p, (0.17, 0.17, 0.085), sides=6, rings=4, color=_SNOW) for p in ring[:-1]]
    water = dome((0, 0, 0.01), (0.42, 0.42, 0.035), sides=12, rings=4, color=(0.008, 0.022, 0.034))
    return merge([*rim, water])


def tuft_meshes() -> list[Mesh]:
    """Return sedge: the savanna's grass, shorter and stiffer by its growth."""
    return [grass_tuft(k + 20, blades=count) for count in (9, 4) for k in range(VARIANTS)]


def tundra(landscape: Landscape, terrain: Terrain, seed: int, season: Season) -> list[Props]:
    """Return thickets, boulders and dens on land, and on the ice broken slabs and holes."""
    rng = generator(seed, 44)
    snow = season.snow
    bush = on_ground(landscape.tree_position_m[:, :2], terrain, -0.03)
    count = len(bush)
    tint = (
        np.ones((count, 1))
        * rng.uniform(0.75, 1.15, (count, 1))
        * (np.array([1.0, 1.0, 1.0]) * (1 - 0.5 * snow) + np.array([1.5, 1.6, 3.0]) * 0.5 * snow)
    )
    thickets = placed(
        rng.integers(0, VARIANTS, count),
        bush,
        turn_rad=rng.uniform(-3, 3, count),
        scale=_WILLOW * landscape.tree_height_m * (1 - 0.3 * snow),
        tint=tint,
        slope=terrain.slope_at(bush[:, :2]),
        shadow=200,
    )
    dens = on_ground(landscape.shelter_position_m[:, :2], terrain, -0.05)
    mounds = placed(
        np.zeros(len(dens)),
        dens,
        turn_rad=rng.uniform(-3, 3, len(dens)),
        scale=np.full(len(dens), 0.62),
        slope=terrain.slope_at(dens[:, :2]),
        shadow=220,
    )
    props = [
        Props(meshes=tuple(willow(k) for k in range(VARIANTS)), copies=thickets),
        Props(meshes=(den(snow),), copies=mounds),
        _boulders(landscape, terrain, rng, snow),
    ]
    return props + _on_ice(landscape, terrain, rng, season.ice)


def _boulders(landscape: Landscape, terrain: Terrain, rng: np.random.Generator, snow: float) -> Props:
    count = round(_BOULDERS_PER_HA * landscape.size_m**2 / 1e4)
    xy = rng.uniform(0, landscape.size_m, (count, 2))
    xy = xy[terrain.water_depth_at(xy) < 0.01]
    size = 0.18 + 1.0 * rng.random(len(xy)) ** 5
    copies = placed(
        rng.integers(0, VARIANTS, len(xy)),
        on_ground(xy, terrain, -0.04),
        turn_rad=rng.uniform(-3, 3, len(xy)),
        scale=size,
        tint=rng.uniform(0.8, 1.2, (len(xy), 1)).repeat(3, 1),
        slope=terrain.slope_at(xy),
        shadow=235,
    )
    return Props(meshes=tuple(boulder(k, snow) for k in range(VARIANTS)), copies=copies)


def _on_ice(landscape: Landscape, terrain: Terrain, rng: np.random.Generator, ice: float) -> list[Props]:
    """Slabs along lines where floes have met, more of them where the ice formed last; holes where there is ice."""
    if landscape.freezing is None:
        return []
    solid = np.argwhere(landscape.freezing <= ice)[:, ::-1]
    if len(solid) == 0:
        return []
    cell = landscape.size_m / len(landscape.freezing)
    count = round(_BLOCKS_PER_HA * len(solid) * cell**2 / 1e4)
    xy = (solid[rng.integers(len(solid), size=4 * count)] + rng.random((4 * count, 2))) * cell
    ridge = np.abs(np.sin(xy[:, 0] * 0.045 + 2.0 * np.sin(xy[:, 1] * 0.021))) < 0.22
    xy = xy[ridge][:count]
    slabs = placed(
        rng.integers(0, VARIANTS, len(xy)),
        on_ground(xy, terrain),
        turn_rad=rng.uniform(-3, 3, len(xy)),
        scale=0.35 + 1.3 * rng.random(len(xy)) ** 3,
        tint=rng.uniform(0.9, 1.08, (len(xy), 1)).repeat(3, 1),
        shadow=200,
    )
    props = [Props(meshes=tuple(ice_block(k) for k in range(VARIANTS)), copies=slabs)]
    if landscape.hole_position_m is not None and len(landscape.hole_position_m):
        at = on_ground(landscape.hole_position_m[:, :2], terrain, 0.01)
        props.append(
            Props(meshes=(breathing_hole(),), copies=placed(np.zeros(len(at)), at, scale=np.full(len(at), 1.1)))
        )
    return props

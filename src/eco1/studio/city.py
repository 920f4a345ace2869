"""What stands in streets and parks: lamps, bins, cars, benches, trees, bushes and beds of flowers. Judged by eye."""

import math

import numpy as np

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import placed
from eco1.studio.city_plan import plan_of
from eco1.studio.colors import Rgb
from eco1.studio.flora import VARIANTS, grass_tuft, leafy, on_ground
from eco1.studio.houses import houses
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube
from eco1.studio.stage import Props
from eco1.studio.terrain import Terrain

LAMP_SPACING_M, LAMP_INSET_M, LAMP_HEIGHT_M = 19.0, 1.9, 5.2
_IRON: Rgb = (0.035, 0.040, 0.045)
_CARS: tuple[Rgb, ...] = (
    (0.30, 0.03, 0.03),
    (0.03, 0.07, 0.22),
    (0.45, 0.45, 0.46),
    (0.04, 0.04, 0.045),
    (0.55, 0.53, 0.48),
    (0.05, 0.16, 0.12),
)
_CAR_SHARE = 0.3


def tree(variant: int) -> Mesh:
    """Return a broad-leaved town tree one metre high."""
    rng = generator(variant, 61)
    pieces = [
        tube(
            [(0, 0, -0.02), (0.01, 0, 0.25), (0, 0.01, 0.55)],
            [(0.035, 0.035), (0.026, 0.026), (0.015, 0.015)],
            sides=7,
            rings=6,
            color=(0.13, 0.10, 0.075),
        )
    ]
    for k in range(13):
        angle, out = k * 2.4, 0.0 if k == 0 else rng.uniform(0.10, 0.26)
        at = (math.cos(angle) * out, math.sin(angle) * out, 0.68 + 0.22 * (1 - out / 0.26) + rng.uniform(-0.16, 0.06))
        pieces.append(
            leafy(at, (0.17, 0.17, 0.13), rng, light=(0.13, 0.22, 0.045), dark=(0.035, 0.075, 0.020), rough=0.14)
        )
    return merge(pieces)


def lamp_post() -> Mesh:
    """Return a street lamp, its arm towards +x."""
    arm = [(0, 0, -0.05), (0, 0, 2.6), (0, 0, 4.9), (0.35, 0, 5.25), (1.1, 0, 5.3)]
    foot = tube([(0, 0, -0.05), (0, 0, 0.9)], [(0.11, 0.11), (0.08, 0.08)], sides=7, color=_IRON)
    return merge(
        [
            foot,
            tube(
                arm,
                [(0.07, 0.07), (0.055, 0.055), (0.045, 0.045), (0.04, 0.04), (0.035, 0.035)],
                sides=6,
                rings=14,
                color=_IRON,
            ),
        ]
    )


def lamp_head() -> Mesh:
    """Return the glass of a street lamp."""
    return dome((1.0, 0, LAMP_HEIGHT_M), (0.30, 0.15, 0.09), sides=8, rings=5, color=(0.9, 0.82, 0.62))


def bin_() -> Mesh:
    """Return a litter bin with bags beside it, about one metre high."""
    barrel = tube(
        [(0, 0, 0), (0, 0, 0.1), (0, 0, 0.85), (0, 0, 0.9)],
        [(0.26, 0.26), (0.28, 0.28), (0.32, 0.32), (0.33, 0.33)],
        sides=10,
        color=(0.05, 0.13, 0.075),
    )
    lid = dome((0, 0, 0.9), (0.34, 0.34, 0.14), sides=10, rings=5, color=(0.06, 0.065, 0.07))
    bags = [
        dome((0.5, 0.1, 0.16), (0.28, 0.25, 0.24), sides=8, rings=6, color=(0.03, 0.03, 0.035)),
        dome((0.35, -0.38, 0.12), (0.22, 0.20, 0.18), sides=8, rings=6, color=(0.32, 0.33, 0.36)),
    ]
    paper = [_box((0.75 + 0.13 * k, -0.2 + 0.22 * k, 0.02), (0.09, 0.06, 0.015), (0.6, 0.55, 0.42)) for k in range(3)]
    return merge([barrel, lid, *bags, *paper])


def bench() -> Mesh:
    """Return a park bench that looks along +x."""
    wood = (0.22, 0.12, 0.06)
    slats = [_box((-0.1 + 0.13 * k, 0, 0.44), (0.055, 0.8, 0.02), wood) for k in range(3)]
    back = [_box((-0.2, 0, 0.58 + 0.13 * k), (0.02, 0.8, 0.05), wood) for k in range(3)]
    legs = [_box((x, y, 0.22), (0.03, 0.03, 0.22), _IRON) for x in (-0.15, 0.15) for y in (-0.7, 0.7)]
    return merge([*slats, *back, *legs])


def car(color: Rgb) -> Mesh:
    """Return a small car that looks along +x."""
    profile = (
        (-2.0, 0.35, 0.62),
        (-1.95, 0.62, 0.80),
        (-1.5, 0.62, 0.84),
        (0.0, 0.62, 0.86),
        (1.3, 0.60, 0.84),
        (1.95, 0.52, 0.78),
        (2.05, 0.38, 0.6),
    )
    body = tube([(x, 0, z) for x, z, _ in profile], [(w, 0.32) for *_, w in profile], sides=12, color=color)
    cabin = tube(
        [(-1.45, 0, 0.85), (-1.0, 0, 1.18), (0.2, 0, 1.2), (0.95, 0, 0.86)],
        [(0.72, 0.1), (0.66, 0.22), (0.66, 0.22), (0.72, 0.1)],
        sides=10,
        color=_GLASS,
    )
    roof = _box((-0.4, 0, 1.40), (0.62, 0.56, 0.03), color)
    wheels = [
        dome((x, y, 0.3), (0.31, 0.12, 0.31), sides=10, rings=6, color=(0.02, 0.02, 0.022))
        for x in (-1.25, 1.3)
        for y in (-0.76, 0.76)
    ]
    lights = [_box((2.0, y, 0.55), (0.04, 0.14, 0.06), (0.75, 0.75, 0.68)) for y in (-0.5, 0.5)]
    return merge([body, cabin, roof, *wheels, *lights])


_GLASS: Rgb = (0.03, 0.045, 0.06)


def flowers(color: Rgb) -> Mesh:
    """Return a bed of flowers of radius one."""
    rng = generator(7, 62)
    pieces: list[Mesh] = [dome((0, 0, -0.1), (1.0, 1.0, 0.22), sides=12, rings=5, color=(0.06, 0.10, 0.03))]
    for k in range(60):
        angle, out = k * 2.4, 0.95 * math.sqrt((k + 0.5) / 60)
        at = (math.cos(angle) * out, math.sin(angle) * out, 0.20 + rng.uniform(0, 0.12) - 0.12 * out)
        pieces.append(
            dome(at, (0.075, 0.075, 0.05), sides=5, rings=4, color=tuple(np.array(color) * rng.uniform(0.7, 1.1)))
        )
    return merge(pieces)


def tuft_meshes() -> list[Mesh]:
    """Return lawn: short tufts of many blades."""
    return [grass_tuft(k + 30, blades=count) for count in (10, 5) for k in range(VARIANTS)]


def urban(landscape: Landscape, terrain: Terrain, seed: int) -> list[Props]:
    """Return houses, trees, and what stands along the kerbs and in parks."""
    rng = generator(seed, 63)
    trees = on_ground(landscape.tree_position_m[:, :2], terrain, -0.05)
    count = len(trees)
    crowns = placed(
        rng.integers(0, VARIANTS, count),
        trees,
        turn_rad=rng.uniform(-3, 3, count),
        scale=1.15 * landscape.tree_height_m,
        tint=rng.uniform(0.8, 1.2, (count, 1)) * np.column_stack([rng.uniform(0.9, 1.3, count), np.ones((count, 2))]),
        slope=terrain.slope_at(trees[:, :2]),
        shadow=210,
    )
    holes = on_ground(landscape.shelter_position_m[:, :2], terrain, -0.05)
    bushes = placed(
        np.zeros(len(holes)),
        holes,
        scale=rng.uniform(0.7, 1.2, len(holes)),
        turn_rad=rng.uniform(-3, 3, len(holes)),
        slope=terrain.slope_at(holes[:, :2]),
        shadow=210,
    )
    hedge = leafy((0, 0, 0.35), (0.9, 0.8, 0.62), rng, light=(0.09, 0.17, 0.04), dark=(0.02, 0.05, 0.015), rough=0.16)
    props = [
        *houses(landscape, terrain, seed),
        Props(meshes=tuple(tree(k) for k in range(VARIANTS)), copies=crowns),
        Props(meshes=(hedge,), copies=bushes),
    ]
    return props + _street_furniture(landscape, terrain, rng) + _garden(landscape, terrain, rng)


def lamp_places(landscape: Landscape) -> np.ndarray:
    """Return where street lamps hang: x, y of the light (K, 2)."""
    at = plan_of(landscape).kerb_places(LAMP_SPACING_M, LAMP_INSET_M)
    return at[:, :2] + np.stack([np.cos(at[:, 2]), np.sin(at[:, 2])], 1)


def _street_furniture(landscape: Landscape, terrain: Terrain, rng: np.random.Generator) -> list[Props]:
    plan = plan_of(landscape)
    posts = plan.kerb_places(LAMP_SPACING_M, LAMP_INSET_M)
    lamps = placed(np.zeros(len(posts)), on_ground(posts[:, :2], terrain), turn_rad=posts[:, 2], shadow=150)
    parking = plan.kerb_places(6.5, 3.9)
    parking = parking[rng.random(len(parking)) < _CAR_SHARE]
    along = parking[:, 2] + np.pi / 2 + np.pi * rng.integers(0, 2, len(parking))
    cars = placed(
        rng.integers(0, len(_CARS), len(parking)), on_ground(parking[:, :2], terrain), turn_rad=along, shadow=230
    )
    props = [
        Props(meshes=(lamp_post(),), copies=lamps),
        Props(meshes=(lamp_head(),), copies=lamps, burn=4.0),
        Props(meshes=tuple(car(color) for color in _CARS), copies=cars),
    ]
    if landscape.refuse_position_m is not None and len(landscape.refuse_position_m):
        at = on_ground(landscape.refuse_position_m[:, :2], terrain)
        props.append(
            Props(
                meshes=(bin_(),), copies=placed(np.zeros(len(at)), at, turn_rad=rng.uniform(-3, 3, len(at)), shadow=220)
            )
        )
    return props


def _garden(landscape: Landscape, terrain: Terrain, rng: np.random.Generator) -> list[Props]:
    if landscape.flower_position_m is None or len(landscape.flower_position_m) == 0:
        return []
    beds = on_ground(landscape.flower_position_m[:, :2], terrain)
    colors = ((0.75, 0.10, 0.16), (0.85, 0.55, 0.05), (0.55, 0.25, 0.65), (0.85, 0.80, 0.75))
    planted = placed(
        rng.integers(0, len(colors), len(beds)),
        beds,
        scale=rng.uniform(0.8, 1.5, len(beds)),
        slope=terrain.slope_at(beds[:, :2]),
    )
    angle = rng.uniform(-3, 3, len(beds))
    beside = beds[:, :2] + 2.6 * np.stack([np.cos(angle), np.sin(angle)], 1)
    dry = terrain.water_depth_at(beside) <= 0
    benches = placed(np.zeros(dry.sum()), on_ground(beside[dry], terrain), turn_rad=angle[dry] + np.pi, shadow=220)
    return [Props(meshes=tuple(flowers(c) for c in colors), copies=planted), Props(meshes=(bench(),), copies=benches)]


def _box(center: tuple[float, float, float], half: tuple[float, float, float], color: Rgb) -> Mesh:
    signs = np.array([(x, y, z) for z in (-1, 1) for y in (-1, 1) for x in (-1, 1)])
    corners = np.array(center) + signs * np.array(half)
    quads = ((0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5))
    return merge([make_mesh(corners[list(q)], np.array([(0, 1, 2), (0, 2, 3)]), color) for q in quads])

"""The savanna's trees, grass and burrows, and what other lands borrow from them."""

import math

import numpy as np

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import placed
from eco1.studio.colors import Rgb
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube
from eco1.studio.stage import Props
from eco1.studio.terrain import Terrain

_BARK, _LEAF, _LEAF_DARK = (0.10, 0.070, 0.048), (0.105, 0.125, 0.030), (0.055, 0.075, 0.020)
_STRAW = (0.50, 0.36, 0.13)
_SHRUB_BELOW_M = 4.5
_FULL_BLADES = 8
VARIANTS = 3


def acacia(variant: int) -> Mesh:
    """Return an umbrella thorn one metre high: forked trunk and flat layered crown."""
    rng = generator(variant, 11)
    lean = rng.uniform(-0.06, 0.06, 2)
    fork = np.array([lean[0], lean[1], 0.42])
    pieces = [
        tube(
            [(0, 0, -0.03), fork * 0.55, fork],
            [(0.032, 0.032), (0.021, 0.021), (0.020, 0.020)],
            sides=6,
            rings=5,
            color=_BARK,
        )
    ]
    for branch in range(4):
        angle = branch * 1.57 + rng.uniform(-0.5, 0.5)
        reach, top = rng.uniform(0.20, 0.36), rng.uniform(0.74, 0.86)
        end = np.array([math.cos(angle) * reach, math.sin(angle) * reach, top])
        side = (-math.sin(angle), math.cos(angle), 0.0)
        middle = fork + (end - fork) * 0.5 + np.array([0, 0, 0.03])
        pieces.append(
            tube(
                [fork, middle, end],
                [(0.016, 0.016), (0.011, 0.011), (0.006, 0.006)],
                sides=5,
                side_axis=side,
                color=_BARK,
            )
        )
    for k in range(9):
        angle, reach = k * 2.4 + rng.uniform(-0.3, 0.3), 0.0 if k == 0 else rng.uniform(0.16, 0.44)
        wide = rng.uniform(0.20, 0.30)
        center = (math.cos(angle) * reach, math.sin(angle) * reach, 0.90 - reach * 0.14 + rng.uniform(-0.03, 0.03))
        pieces.append(leafy(center, (wide, wide, 0.075), rng))
    return merge(pieces)


def shrub(variant: int) -> Mesh:
    """Return a bush one metre high."""
    rng = generator(variant, 12)
    places = [(rng.uniform(-0.4, 0.4), rng.uniform(-0.4, 0.4), rng.uniform(0.16, 0.55)) for _ in range(7)]
    return merge([leafy(p, (rng.uniform(0.3, 0.45),) * 2 + (rng.uniform(0.25, 0.38),), rng) for p in places])


def mound() -> Mesh:
    """Return a burrow: a low heap of earth with a dark entrance."""
    heap = dome((0, 0, -0.1), (1.0, 0.9, 0.42), sides=10, rings=6, color=(0.26, 0.145, 0.075))
    hole = dome((0.62, 0, 0.06), (0.22, 0.24, 0.17), sides=8, rings=5, color=(0.012, 0.008, 0.006))
    return merge([heap, hole])


def grass_tuft(variant: int, *, blades: int) -> Mesh:
    """Return a tuft one metre high, dark at the foot and pale at the tip; fewer blades are wider ones."""
    rng = generator(variant, 13)
    vertices: list[list[float]] = []
    faces: list[tuple[int, int, int]] = []
    colors: list[np.ndarray] = []
    for _ in range(blades):
        angle, lean, tall = rng.uniform(0, 6.3), rng.uniform(0.1, 0.6), rng.uniform(0.5, 1.0)
        out = np.array([math.cos(angle), math.sin(angle), 0])
        across = np.array([-out[1], out[0], 0]) * 0.078 / math.sqrt(blades)
        root = out * rng.uniform(0, 0.22)
        knee, tip = (
            root + out * lean * 0.35 * tall + np.array([0, 0, 0.6 * tall]),
            root + out * lean * tall + np.array([0, 0, tall]),
        )
        n = len(vertices)
        vertices += [
            (root - across).tolist(),
            (root + across).tolist(),
            (knee - across * 0.7).tolist(),
            (knee + across * 0.7).tolist(),
            tip.tolist(),
        ]
        straw = np.array(_STRAW) * rng.uniform(0.8, 1.15)
        if blades < _FULL_BLADES:
            faces.append((n, n + 1, n + 4))
            colors.append(straw * 0.85)
        else:
            faces += [(n, n + 1, n + 2), (n + 1, n + 3, n + 2), (n + 2, n + 3, n + 4)]
            colors += [straw * 0.55, straw * 0.7, straw * 1.1]
    mesh = make_mesh(np.array(vertices), np.array(faces))
    painted = mesh.painted(lambda centers, normals: np.array(colors))
    upward = np.tile(np.array([0, 0, 1], np.float32), (len(mesh.normals), 1))
    return Mesh(vertices_m=painted.vertices_m, normals=upward, faces=painted.faces, colors=painted.colors)


def leafy(
    center: tuple[float, ...],
    radii: tuple[float, ...],
    rng: np.random.Generator,
    *,
    light: Rgb = _LEAF,
    dark: Rgb = _LEAF_DARK,
    rough: float = 0.10,
) -> Mesh:
    """Return a rough ball of leaves, light above and dark below."""
    ball = dome(center, radii, sides=9, rings=5)
    crumpled = ball.vertices_m + rng.normal(0, rough, ball.vertices_m.shape) * np.array(radii)
    mesh = make_mesh(crumpled, ball.faces)
    share = np.clip(
        mesh.normals[mesh.faces].mean(1)[:, 2:] * 0.5 + 0.5 + rng.normal(0, 0.12, (len(mesh.faces), 1)), 0, 1
    )
    colors = np.array(dark) * (1 - share) + np.array(light) * share
    return mesh.painted(lambda centers, normals: colors)


def savanna(landscape: Landscape, terrain: Terrain, seed: int) -> list[Props]:
    """Return the landscape's trees (tall ones as acacias, low ones as bushes) and burrows."""
    rng = generator(seed, 14)
    trees, holes = len(landscape.tree_height_m), len(landscape.shelter_position_m)
    tall = landscape.tree_height_m >= _SHRUB_BELOW_M
    mesh = np.where(tall, 0, VARIANTS) + rng.integers(0, VARIANTS, trees)
    position = np.concatenate([landscape.tree_position_m, landscape.shelter_position_m])
    position = on_ground(position[:, :2], terrain, -0.05)
    angle = rng.uniform(-math.pi, math.pi, trees + holes)
    copies = placed(
        np.concatenate([mesh, np.full(holes, 2 * VARIANTS)]),
        position,
        turn_rad=angle,
        scale=np.concatenate([landscape.tree_height_m, np.full(holes, 0.7)]),
        tint=rng.uniform(0.85, 1.15, (trees + holes, 1)).repeat(3, 1),
        slope=terrain.slope_at(position[:, :2]),
        shadow=235,
    )
    meshes = [acacia(k) for k in range(VARIANTS)] + [shrub(k) for k in range(VARIANTS)] + [mound()]
    return [Props(meshes=tuple(meshes), copies=copies)]


def tuft_meshes() -> list[Mesh]:
    """Return the savanna's grass; far tufts have fewer, wider blades."""
    return [grass_tuft(k, blades=count) for count in (9, 4) for k in range(VARIANTS)]


def on_ground(xy_m: np.ndarray, terrain: Terrain, above_m: float = 0.0) -> np.ndarray:
    """Return points (I, 3) at a height over the ground."""
    xy = np.asarray(xy_m, float).reshape(-1, 2)
    return np.column_stack([xy, terrain.height_at(xy) + above_m])

"""Small scenes for cameras and lidars, and a slow ray caster in numpy that knows nothing of theirs."""

import numpy as np

from eco1.catalog.loader import load_biome
from eco1.core.records import Landscape
from eco1.core.senses import BUILDING, GROUND, SKY, WATER
from eco1.sensors.camera.shapes import Solid, assemble
from eco1.sensors.scenery import col
from eco1.sensors.scenery.bodies import Moments, Shapes
from eco1.sensors.scenery.scenery import Scenery, build_scenery

SIZE_M, CELLS = 40.0, 20
ROOF_M = 6.0


def landscape(*, sea_m: float = 0.0, houses: bool = False) -> Landscape:
    """Gentle hills; a pond in one corner (or a sea over all of it), a house in the other."""
    at = (np.arange(CELLS) + 0.5) * SIZE_M / CELLS
    x, y = np.meshgrid(at, at)
    hills = 0.8 + 0.7 * np.sin(x / 6) * np.cos(y / 7)
    pond = np.clip((7 - np.hypot(x - 9, y - 30)) / 4, 0, 1.5)
    height, depth = np.where(pond > 0, 0.0, hills), pond
    if sea_m:
        height, depth = hills, sea_m - hills
    building = np.zeros((CELLS, CELLS))
    building[14:17, 13:18] = ROOF_M if houses else 0.0
    none = np.zeros((0, 3), np.float32)
    return Landscape(
        size_m=SIZE_M, height_m=height.astype(np.float32), water_depth_m=depth.astype(np.float32),
        vegetation=np.full((CELLS, CELLS), 0.4, np.float32), tree_position_m=none,
        tree_height_m=np.zeros(0, np.float32), shelter_position_m=none,
        building_height_m=building.astype(np.float32) if houses else None,
    )  # fmt: skip


def scenery(biome: str = "savanna", **options) -> Scenery:
    return build_scenery(load_biome(biome), landscape(**options))


def shapes() -> Shapes:
    """Two species: a body with a leg, and a ball."""
    colors = np.zeros(col.COLOR_FLOATS)
    colors[col.COAT : col.COAT + 3], colors[col.PER_M : col.PER_M + 3] = (0.8, 0.1, 0.1), 1.0
    tilt = np.array([[0.8, 0.6, 0.0], [-0.6, 0.8, 0.0], [0.0, 0.0, 1.0]])
    body = Solid(kind=col.ELLIPSOID, middle_m=np.array([0.1, 0, 0.2]), axes=tilt, half_m=np.array([1.2, 0.5, 0.6]))
    leg = Solid(
        kind=col.CAPSULE, middle_m=np.zeros(3), axes=np.eye(3)[[2, 0, 1]] * [[-1], [1], [-1]],
        half_m=np.array([1.1, 0.3, 0.12]),
    )  # fmt: skip
    ball = Solid(kind=col.ELLIPSOID, middle_m=np.zeros(3), axes=np.eye(3), half_m=np.full(3, 0.7))
    return assemble([[(0, body, colors), (1, leg, colors)], [(0, ball, colors)]])


def moments(animals: int = 6, *, seed: int = 0, moved_m: float = 0.0) -> Moments:
    """One moment with two parts per animal, turned at random; ``moved_m`` and a turn after the same moment with 0."""
    rng = np.random.Generator(np.random.Philox(seed))
    rotation = np.linalg.qr(rng.normal(size=(animals, 2, 3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))[..., None, None]
    position = rng.uniform([12, 12, 2], [28, 28, 4], (animals, 3))
    position = position[:, None] + np.array([[0, 0, 0], [0.4, 0, -0.3]]) + np.array([moved_m, -0.5 * moved_m, 0])
    c, s = np.cos(moved_m), np.sin(moved_m)
    rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ rotation
    return Moments(
        rotation=rotation[None].astype(np.float32), position_m=position[None].astype(np.float32),
        scale=np.full((1, animals, 2), 0.9, np.float32), species=(np.arange(animals) % 2)[None].astype(np.int16),
        identity=np.arange(animals)[None], shown=np.ones((1, animals), bool), daylight=np.ones(1, np.float32),
        ice=np.zeros(1, np.float32), time_s=np.zeros(1, np.float32),
    )  # fmt: skip


def nobody() -> Moments:
    return moments(0)


def bilinear(values: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """A map of the square at points, cell centres, clamped."""
    u, v = (np.clip(p / SIZE_M * CELLS - 0.5, 0, CELLS - 1.001) for p in (x, y))
    i, j = u.astype(int), v.astype(int)
    a, b = u - i, v - j
    low, high = values[j, i] * (1 - a) + values[j, i + 1] * a, values[j + 1, i] * (1 - a) + values[j + 1, i + 1] * a
    return low * (1 - b) + high * b


def cast(land: Landscape, bodies: Moments, solids: Shapes, eye: np.ndarray, rays: np.ndarray, reach_m: float = 24.0):
    """March along unit rays (K, 3) in steps of 5 cm, then halve the last: distance (K,) and instance (K,) first met.

    Only for rays that stay over the square and eyes in the air.
    """
    step, best, what = 0.05, np.full(len(rays), np.inf), np.full(len(rays), SKY)
    for start in np.arange(step, reach_m, 20 * step):
        going = np.flatnonzero(~np.isfinite(best))
        t = start + np.arange(20) * step
        points = eye + rays[going, None] * t[None, :, None]
        found = _inside(land, bodies, solids, points.reshape(-1, 3)).reshape(len(going), len(t)) != SKY
        best[going] = np.where(found.any(1), t[found.argmax(1)], np.inf)
    met = np.flatnonzero(np.isfinite(best))
    low, high = best[met] - step, best[met]
    for _ in range(6):
        middle = (low + high) / 2
        inside = _inside(land, bodies, solids, eye + rays[met] * middle[:, None]) != SKY
        low, high = np.where(inside, low, middle), np.where(inside, middle, high)
    best[met], what[met] = high, _inside(land, bodies, solids, eye + rays[met] * high[:, None])
    return best, what


def _inside(land, bodies, solids, p):
    found = np.full(len(p), SKY)
    over = bilinear(land.height_m, p[:, 0], p[:, 1])
    deep = bilinear(land.water_depth_m, p[:, 0], p[:, 1])
    found[p[:, 2] < over] = GROUND
    found[(p[:, 2] < over) & (deep > 0)] = WATER
    if land.building_height_m is not None:
        house, cell = land.building_height_m > 0, SIZE_M / CELLS
        top = land.height_m[house].max() + ROOF_M
        low, high = np.argwhere(house).min(0)[::-1] * cell, (np.argwhere(house).max(0)[::-1] + 1) * cell
        walls = ((p[:, :2] > low) & (p[:, :2] < high)).all(1) & (p[:, 2] < top)
        roof = ((p[:, :2] > low - 0.35) & (p[:, :2] < high + 0.35)).all(1) & (np.abs(p[:, 2] - top - 0.01) < 0.14)
        found[walls | roof] = BUILDING
    for n in np.flatnonzero(bodies.shown[0]):
        s = bodies.species[0, n]
        for k in range(solids.first[s], solids.first[s + 1]):
            part, scale = solids.part[k], bodies.scale[0, n, solids.part[k]]
            own = (p - bodies.position_m[0, n, part]) @ bodies.rotation[0, n, part] / scale - solids.middle[k]
            if solids.kind[k] == col.CAPSULE:
                length, first, second = solids.half[k]
                share = np.linspace(0, 1, 40)[:, None, None]
                near = np.linalg.norm(own[None] - share * length * solids.axes[k, 0], axis=-1)
                inside = (near < first + (second - first) * share[..., 0]).any(0)
            else:
                inside = np.linalg.norm(own @ solids.axes[k].T / solids.half[k], axis=1) < 1
            found[inside] = n
    return found

"""What moves around the camera: tufts that sway in wind or swell, and motes adrift."""

import math

import numpy as np
from jaxtyping import Float32

from eco1.core.random import generator
from eco1.core.records import Landscape
from eco1.studio.bank import Instances, placed, turned
from eco1.studio.camera import Camera
from eco1.studio.city_plan import lawn_share
from eco1.studio.flora import VARIANTS
from eco1.studio.grass_kernels import scatter_grass
from eco1.studio.looks import Growth, Look, Motes
from eco1.studio.meshes import Mesh, dome
from eco1.studio.season import Season
from eco1.studio.stage import in_the_way
from eco1.studio.terrain import Terrain

_MOST_TUFTS = 14000
_FULL_TUFT_M = 13.0
_UP_M = 14.0  # above the ground: from higher up tufts are too small to see


class Tufts:
    """Places tufts near the camera; their mesh numbers begin at ``first_mesh``."""

    def __init__(self, landscape: Landscape, look: Look, first_mesh: int) -> None:
        self._growth, self._first = look.growth, first_mesh
        self._plants = landscape.vegetation
        self._bare = _bare(landscape, look)
        self._found = np.zeros((_MOST_TUFTS, 6), np.float32)

    def around(
        self, camera: Camera, aspect: float, terrain: Terrain, time_s: float, season: Season,
        vegetation: Float32[np.ndarray, "v v"] | None,
    ) -> Instances:  # fmt: skip
        """Return the tufts in view; ``vegetation`` is the forage now, None takes the landscape's."""
        growth, axes, eye = self._growth, camera.axes, camera.eye_m.astype(np.float32)
        if eye[2] - float(terrain.height_at(eye[:2])) > _UP_M:
            return placed(np.zeros(0), np.zeros((0, 3)))
        wide = math.atan(math.tan(camera.field_of_view_rad / 2) * aspect) + 0.1
        plants = self._plants if vegetation is None else vegetation
        count = scatter_grass(
            eye, growth.reach_m, np.ascontiguousarray(plants * np.float32(growth.share)), terrain.size_m, self._bare,
            axes[2], wide, self._found,
        )  # fmt: skip
        x, y, size, turn, shade, plant = self._found[:count].T
        away = np.hypot(x - eye[0], y - eye[1])
        rotation = turned(turn)
        rotation[:, 0] += _sway(x, y, time_s)[:, None] * np.array([0.0, 0.0, 1.0])  # a shear: tips move, roots stay
        xy = np.stack([x, y], -1)
        sunk = 0.02 + 0.7 * season.snow * size
        copies = placed(
            self._first + (away > _FULL_TUFT_M) * VARIANTS + (turn * 10).astype(int) % VARIANTS,
            np.column_stack([xy, terrain.height_at(xy) - sunk]),
            rotation=rotation,
            scale=size * growth.size,
            tint=_tints(growth, shade, plant),
        )
        gap = camera.clear_m
        if gap > 0:
            hides = in_the_way(copies.position_m, copies.scale, eye, camera.target_m, gap)
            return copies.at(~hides)
        return copies


def _sway(x: np.ndarray, y: np.ndarray, time_s: float) -> np.ndarray:
    """Gusts that cross the plain."""
    return 0.10 + 0.13 * np.sin(1.7 * time_s + 0.22 * x + 0.15 * y) * (0.6 + 0.4 * np.sin(0.6 * time_s + 0.05 * x))


def _tints(growth: Growth, shade: np.ndarray, plant: np.ndarray) -> np.ndarray:
    green = np.clip((plant - 0.4) * 1.1, 0, 0.75)[:, None]
    return (0.75 + 0.5 * shade)[:, None] * (1 - green + np.array(growth.lush) * green) * np.array(growth.tint)


def _bare(landscape: Landscape, look: Look) -> Float32[np.ndarray, "g g"]:
    """Where no tuft stands: water and one cell of mud around it, and paved ground."""
    if look.under_water:
        return np.zeros_like(landscape.water_depth_m)
    if landscape.building_height_m is not None:
        lawn = lawn_share(landscape)
        index = ((np.arange(len(landscape.height_m)) + 0.5) / len(landscape.height_m) * len(lawn)).astype(int)
        return np.maximum(landscape.water_depth_m, 1 - lawn[np.ix_(index, index)]).astype(np.float32)
    padded = np.pad(landscape.water_depth_m, 1, mode="edge")
    rows, columns = landscape.water_depth_m.shape
    around = [padded[j : j + rows, i : i + columns] for j in range(3) for i in range(3)]
    return np.max(around, axis=0).astype(np.float32)


def mote_mesh() -> Mesh:
    """Return a mote of radius one."""
    return dome((0, 0, 0), (1, 1, 1), sides=5, rings=4, color=(1, 1, 1))


def motes_around(motes: Motes, share: float, mesh: int, eye_m: np.ndarray, time_s: float, seed: int) -> Instances:
    """Return a cloud of motes that fills a cube around the camera and drifts through it without end."""
    rng = generator(seed, 72)
    count, span = round(motes.count * share), 2 * motes.reach_m
    home = rng.uniform(0, span, (motes.count, 3))[:count]
    wander = 0.12 * np.sin(time_s * rng.uniform(0.4, 1.4, (motes.count, 3))[:count] + home)
    at = home + np.array(motes.drift_mps) * time_s + wander
    position = eye_m + (at - eye_m) % span - motes.reach_m
    size = motes.size_m * rng.uniform(0.4, 1.3, motes.count)[:count]
    tint = np.broadcast_to(np.array(motes.color), (count, 3))
    return placed(np.full(count, mesh), position, scale=size, tint=tint)

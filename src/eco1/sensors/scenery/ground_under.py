"""What is under a point: ground, water, ice, a roof."""

import numpy as np
from jaxtyping import Float, Float32

from eco1.sensors.bodies.posing import Carried
from eco1.sensors.bodies.seen import DRY_M
from eco1.sensors.compiled import entry
from eco1.sensors.scenery.arrays import F32
from eco1.sensors.scenery.heights import height_at, sample, slope_at
from eco1.sensors.scenery.scenery import Scenery

_ON_ROOF = 0.5  # share of a house's height from which somebody is on its roof, not in its yard


@entry
def _under(scenery: Scenery, points: F32, bed: F32, surface: F32, roof: F32, freezing: F32, slope: F32):
    side = scenery.bed.nodes.shape[0] - 1
    for k in range(points.shape[0]):
        x, y = points[k, 0], points[k, 1]
        bed[k], surface[k] = height_at(scenery.bed, x, y), height_at(scenery.surface, x, y)
        u, v = (x - scenery.bed.origin) * scenery.bed.per_m, (y - scenery.bed.origin) * scenery.bed.per_m
        roof[k] = scenery.roofs[min(max(int(v + 0.5), 0), side), min(max(int(u + 0.5), 0), side)]
        freezing[k] = sample(scenery.freezing, u, v)
        slope[k, 0], slope[k, 1] = slope_at(scenery.bed, x, y)


def under(scenery: Scenery, points_m: Float[np.ndarray, "k 3"]) -> tuple[np.ndarray, ...]:
    """Return bed and surface (m), the height of a house above the bed (m) and the share of ice that freezes (K,), and
    the slope of the bed (K, 2), under points.
    """  # fmt: skip
    count = len(points_m)
    bed, surface, roof, freezing = np.empty((4, count), np.float32)
    slope = np.empty((count, 2), np.float32)
    _under(scenery, np.ascontiguousarray(points_m, np.float32), bed, surface, roof, freezing, slope)
    return bed, surface, roof, freezing, slope


def heights_under(scenery: Scenery, points_m: Float[np.ndarray, "k 3"]) -> tuple[np.ndarray, np.ndarray]:
    """Return the heights (K,) of the ground, and of the ground or the water on it, under points."""
    bed, surface, *_ = under(scenery, points_m)
    return bed, surface


def free_floor(scenery: Scenery, points_m: Float[np.ndarray, "k 3"]) -> Float32[np.ndarray, " k"]:
    """Return the height (K,) that a camera has to stay above: the ground, or the roof of a house."""
    bed, _, roof, *_ = under(scenery, points_m)
    return bed + roof


def carried(scenery: Scenery, position_m: Float[np.ndarray, "n 3"], ice: float) -> Carried:
    """Return what is under animals: land, sea bed, ice or roof, and the water over it."""
    bed, surface, roof, freezing, slope = under(scenery, position_m)
    wet = surface - bed > 0.0
    frozen = wet & (freezing <= ice)
    on_roof = (roof > 0) & (position_m[:, 2] - bed > _ON_ROOF * roof)
    bottom = np.where(frozen, surface, bed) + np.where(on_roof, roof, 0.0)
    return Carried(
        bottom_m=bottom.astype(float),
        surface_m=np.where(wet & ~frozen, surface, DRY_M).astype(float),
        slope=np.where((frozen | on_roof)[:, None], 0.0, slope).astype(float),
    )

"""Clips with pictures and point clouds, made up."""

import numpy as np

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import PointCloud, SensedClip, Senses


def with_senses(senses: Senses, batch: int, frames: int) -> SensedClip:
    """Return a clip in which fake animals stand about while instruments bring this back."""
    simulator = FakeSimulator(worlds=batch, animals=2)
    observation = Observation.stack([simulator.observe(simulator.reset(0))] * frames, axis=1)
    return SensedClip(observation=observation, dt_s=np.full(batch, 0.1, np.float32), senses=senses)


def scanned(seed: int = 0, batch: int = 4, points: int = 400) -> SensedClip:
    """Return ground with a box on it, somewhere far from the origin; a tenth of the beams met nothing."""
    rng = np.random.default_rng(seed)
    cloud = rng.uniform(-20, 20, (batch, 2, points, 3))
    cloud[..., 2] = 0.1 * rng.normal(size=cloud.shape[:-1])
    size = rng.uniform(2, 8, (batch, 1, 1, 3))
    place = rng.uniform(-10, 10, (batch, 1, 1, 3)) * (1, 1, 0)
    cloud[:, :, : points // 3] = rng.uniform(-0.5, 0.5, (batch, 2, points // 3, 3)) * size + place
    cloud += (300.0, 100.0, 5.0)
    cloud[:, :, ::10] = np.nan
    lidar = PointCloud(
        position_m=cloud.astype(np.float32),
        instance=np.zeros((batch, 2, points), np.int16),
        species=np.zeros((batch, 2, points), np.int16),
    )
    return with_senses(Senses(points={"mast": lidar}), batch, 2)

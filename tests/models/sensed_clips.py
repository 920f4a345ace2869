"""Clips with pictures and point clouds, made up."""

import numpy as np

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import Frames, PointCloud, SensedClip, Senses


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


def filmed(seed: int = 0, batch: int = 4, frames: int = 4, pixels: int = 32) -> SensedClip:
    """Return a camera that glides over a spotted ground, so that all of a picture moves alike, and knows its flow."""
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 2 * np.pi, (batch, 24, 3))
    waves = rng.normal(0, 0.25, (batch, 24, 2))
    speed = rng.uniform(-2.5, 2.5, (batch, 2)).astype(np.float32)  # pixels right and down, as things seem to move
    time = np.arange(frames, dtype=np.float32)
    columns, rows = np.meshgrid(np.arange(pixels), np.arange(pixels))
    place = np.stack([columns, rows], -1)[None, None] - (time[None, :, None] * speed[:, None])[:, :, None, None]
    angle = np.einsum("btyxa,bka->btyxk", place, waves)
    light = np.cos(angle[..., None] + spots[:, None, None, None]).mean(-2) * 2.0
    lead = (batch, frames)
    flow = np.broadcast_to(speed[:, None, None, None], (*lead, pixels, pixels, 2)).astype(np.float32)
    axes = np.broadcast_to(np.float32([[1, 0, 0], [0, 1, 0], [0, 0, -1]]), (*lead, 3, 3))
    eye = np.stack(np.broadcast_arrays(-speed[:, None, 0] * time, speed[:, None, 1] * time, np.float32(10.0)), -1)
    camera = Frames(
        rgb=(127.5 + 120 * np.clip(light, -1, 1)).astype(np.uint8),
        depth_m=np.full((*lead, pixels, pixels), 10, np.float32),
        instance=np.full((*lead, pixels, pixels), -2, np.int16),
        flow_px=flow,
        eye_m=eye.astype(np.float32),
        axes=axes.copy(),
        field_of_view_rad=np.ones(lead, np.float32),
    )
    return with_senses(Senses(video={"glider": camera}), batch, frames)

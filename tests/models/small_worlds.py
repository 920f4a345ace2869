"""Clips to learn from: fake wanderers, and a school of the zonal model whose members answer to each other."""

from dataclasses import replace
from functools import cache

import numpy as np
import torch

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation, empty_surroundings
from eco1.models.eco import EcoConfig, EcoModel
from eco1.sensors.scene import FELT_CHANNELS

torch.set_num_threads(1)  # these models are too small to share out
NAMES = {"species_names": ("walker", "stroller"), "behavior_names": ("stand", "walk", "jump")}


def wanderers(seed: int = 0, *, worlds: int = 2, animals: int = 5, frames: int = 48) -> Clip:
    """Fake animals; the second behaviour alternates with the first in some, so that there is something to foresee."""
    simulator = FakeSimulator(worlds=worlds, animals=animals)
    state, seen = simulator.reset(seed), []
    for _ in range(frames):
        seen.append(simulator.observe(state))
        state = simulator.step(state, None)
    observation = Observation.stack(seen, axis=1)
    time = np.arange(frames)[None, :, None] + np.arange(animals)[None, None, :] * 3
    behavior = np.broadcast_to(time // 12 % 3, (worlds, frames, animals)).astype(np.int16)
    surroundings = observation.surroundings.copy()
    surroundings[..., :2] = np.float32(25) - observation.position_m[..., :2]
    surroundings[..., FELT_CHANNELS] = 0.5
    observation = replace(observation, behavior=behavior, surroundings=surroundings)
    return Clip(observation=observation, dt_s=np.full(worlds, 0.1, np.float32))


def school(seed: int, *, batch: int = 8, animals: int = 8, frames: int = 44) -> Clip:
    """Couzin et al. (2002)-like zones: members turn towards the mean of nearby headings and of distant places."""
    rng = np.random.default_rng(seed)
    position = rng.normal(0, 3, (batch, animals, 2))
    heading = rng.uniform(-np.pi, np.pi, (batch, animals))
    seen = []
    for _ in range(frames + 10):
        offset = position[:, None, :] - position[:, :, None]
        distance = np.linalg.norm(offset, axis=-1)[..., None] + 1e-6
        repel = -(offset / distance * (distance < 1)).sum(2)
        unit = np.stack([np.cos(heading), np.sin(heading)], -1)
        align = (unit[:, None] * ((distance >= 1) & (distance < 4))).sum(2)
        attract = (offset / distance * (distance >= 4)).sum(2)
        wish = 3 * repel + align + attract + 0.5 * unit
        error = np.arctan2(wish[..., 1], wish[..., 0]) - heading
        error = np.arctan2(np.sin(error), np.cos(error))
        heading = heading + np.clip(error, -0.25, 0.25) + rng.normal(0, 0.05, heading.shape)
        velocity = np.stack([np.cos(heading), np.sin(heading), 0 * heading], -1) * 2.0
        position = position + velocity[..., :2] * 0.1
        seen.append((np.pad(position, ((0, 0), (0, 0), (0, 1))), velocity, heading))
    places, velocities, headings = (np.stack(part[10:], 1).astype(np.float32) for part in zip(*seen, strict=True))
    shape = headings.shape
    observation = Observation(
        position_m=places,
        velocity_mps=velocities,
        heading_rad=np.arctan2(np.sin(headings), np.cos(headings)),
        alive=np.ones(shape, bool),
        carcass=np.zeros(shape, bool),
        identity=np.broadcast_to(np.arange(animals), shape).copy(),
        species=np.zeros(shape, np.int16),
        behavior=np.full(shape, -1, np.int16),
        body_length_m=np.ones(shape, np.float32),
        surroundings=empty_surroundings(*shape),
    )
    return Clip(observation=observation, dt_s=np.full(batch, 0.1, np.float32))


def untrained(**changes: object) -> EcoModel:
    """A small model with random weights, calibrated on wanderers."""
    torch.manual_seed(0)
    settings = {"width": 32, "heads": 2, "kv_heads": 1, "head_dim": 16, "neighbour_width": 16, "expert_hidden": 16,
                "window_frames": 8, "motion_hidden": 32, "future_hidden": 32, **changes}  # fmt: skip
    model = EcoModel(EcoConfig.nano(**NAMES, dt_s=0.1, **settings))
    model.calibrate(wanderers(seed) for seed in range(3))
    return model


@cache
def ready() -> EcoModel:
    """The same, a few steps into training (so that no head is still zero), in evaluation mode."""
    model = untrained()
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=3e-3)
    for step in range(4):
        train_step(model, optimizer, wanderers(step), step)
    return model.eval()


def train_step(model: EcoModel, optimizer: torch.optim.Optimizer, clip: Clip, step: int) -> dict[str, float]:
    """One step of training with the model's own weights; returns the terms."""
    model.train()
    terms = model.loss(clip, torch.Generator().manual_seed(step)).terms
    total = torch.stack([model.term_weights[name] * term for name, term in terms.items()]).sum()
    optimizer.zero_grad()
    total.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    model.update_target(0.99)
    return {name: float(term.detach()) for name, term in terms.items()}


def cut(clip: Clip, index: object) -> Clip:
    """Index a clip (b, t, ...)."""
    rows = index[0] if isinstance(index, tuple) else index
    return Clip(observation=clip.observation[index], dt_s=clip.dt_s[rows])

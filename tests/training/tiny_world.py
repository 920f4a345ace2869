"""A world model of a few hundred weights with everything that training can meet: targets, dropout, an embedding."""

import copy
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from eco1.core.protocols import Losses
from eco1.core.random import generator as numpy_generator
from eco1.core.records import Clip, Observation, empty_surroundings

WEIGHTS = {"latent": 1.0, "motion": 0.5}


@dataclass(frozen=True, kw_only=True)
class TinyConfig:
    kind: str = "tiny"
    width: int = 8
    dropout: float = 0.1
    species_names: tuple[str, ...] = ("a", "b")


class TinyWorld(nn.Module):
    def __init__(self, config: TinyConfig | None = None) -> None:
        super().__init__()
        self.config = config or TinyConfig()
        width = self.config.width
        self.species = nn.Embedding(2, 3)
        self.encoder = nn.Sequential(nn.Linear(3, width), nn.LayerNorm(width))
        self.target = copy.deepcopy(self.encoder).requires_grad_(False)
        self.predictor = nn.Sequential(
            nn.Linear(width, width), nn.Dropout(self.config.dropout), nn.Linear(width, width)
        )
        self.head = nn.Linear(width, 3)

    @torch.no_grad()
    def update_target(self, momentum: float) -> None:
        for slow, quick in zip(self.target.parameters(), self.encoder.parameters(), strict=True):
            slow.lerp_(quick, 1.0 - momentum)

    def _input(self, seen: Observation):
        return torch.from_numpy(seen.velocity_mps) + self.species(torch.from_numpy(seen.species).long())

    def initial(self, batch: int):
        return torch.zeros(batch, 1, self.config.width)

    def observe(self, z, action, observation: Observation, is_first):
        kept = torch.where(is_first[:, None, None], torch.zeros(()), z)
        return 0.5 * kept + self.encoder(self._input(observation))

    def predict(self, z, action, generator):
        return self.predictor(z)

    def embed(self, z):
        return z

    def loss(self, clip: Clip, generator) -> Losses:
        inputs = self._input(clip.observation)
        noise = 0.01 * torch.randn(inputs.shape, generator=generator)
        latent = self.encoder(inputs + noise)
        with torch.no_grad():
            future = self.target(inputs)
        latent_loss = (self.predictor(latent[:, :-1]) - future[:, 1:]).abs().mean()
        truth = torch.from_numpy(clip.observation.velocity_mps)
        motion_loss = (self.head(latent[:, :-1]) - truth[:, 1:]).square().mean()
        return Losses(terms={"latent": latent_loss, "motion": motion_loss}, monitors={"size": latent.square().mean()})


def build_tiny(config: dict) -> TinyWorld:
    return TinyWorld(TinyConfig(**{**config, "species_names": tuple(config["species_names"])}))


def tiny(seed: int = 0, **settings) -> TinyWorld:
    torch.manual_seed(seed)
    return TinyWorld(TinyConfig(**settings))


@dataclass(frozen=True)
class Wanderers:
    """Animals whose velocities turn slowly: something to learn."""

    seed: int = 0
    batch: int = 4
    frames: int = 6
    animals: int = 3

    def batch_at(self, step: int) -> Clip:
        rng = numpy_generator(self.seed, step)
        shape = (self.batch, self.frames, self.animals)
        turn = np.cumsum(rng.normal(0, 0.2, shape), axis=1) + rng.uniform(-3, 3, (self.batch, 1, self.animals))
        velocity = np.stack([np.cos(turn), np.sin(turn), np.zeros_like(turn)], -1).astype(np.float32)
        observation = Observation(
            position_m=np.cumsum(velocity, axis=1) * np.float32(0.1),
            velocity_mps=velocity,
            heading_rad=turn.astype(np.float32),
            alive=np.ones(shape, bool),
            carcass=np.zeros(shape, bool),
            identity=np.broadcast_to(np.arange(self.animals), shape).copy(),
            species=np.broadcast_to(np.arange(self.animals, dtype=np.int16) % 2, shape).copy(),
            behavior=np.zeros(shape, np.int16),
            body_length_m=np.ones(shape, np.float32),
            surroundings=empty_surroundings(*shape),
        )
        return Clip(observation=observation, dt_s=np.full(self.batch, 0.1, np.float32))

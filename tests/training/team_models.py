"""Tiny models of every kind with their batches, for runs on one process and on several ranks."""

import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from tests.models.qwen3_models import EXPERTS, SIZES, VOCABULARY
from tests.models.small_worlds import untrained, wanderers
from tests.training.tiny_world import WEIGHTS, Wanderers, tiny
from torch import nn
from torch.nn import functional

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.core.senses import Frames, SensedClip, Senses
from eco1.models.jepa import JepaConfig, JepaModel
from eco1.models.nn.ema import follow
from eco1.models.nn.qwen3 import Qwen3, Qwen3Config
from eco1.training.config import TrainConfig

EXPERTS_HERE = {**EXPERTS, "experts": 4, "expert_hidden": 8}


class Reader(nn.Module):
    """A language model with experts and a slow copy of a layer, reading words that stand where identities do."""

    def __init__(self, config: Qwen3Config) -> None:
        super().__init__()
        self.config = config
        self.words = Qwen3(config)
        self.slow = copy.deepcopy(self.words.blocks[0]).requires_grad_(False)

    def initial(self, batch): ...
    def observe(self, z, action, observation, is_first): ...
    def predict(self, z, action, generator): ...

    def loss(self, clip: Clip, generator) -> Losses:
        words = torch.from_numpy(clip.observation.identity[..., 0])
        read = self.words.read(words[:, :-1])
        logits = self.words.logits(read.latent)
        balance = [routing.load_balance() for routing in read.routing if routing is not None]
        terms = {
            "words": functional.cross_entropy(logits.flatten(0, 1), words[:, 1:].flatten()),
            "balance": torch.stack(balance).mean(),
        }
        return Losses(terms=terms)

    def update_target(self, momentum: float) -> None:
        follow(self.slow, self.words.blocks[0], momentum)


@dataclass(frozen=True)
class Words:
    """Sentences in which the next word follows from the last."""

    batch: int = 4

    def batch_at(self, step: int) -> Clip:
        clip = Wanderers(batch=self.batch, animals=1).batch_at(step)
        start = np.random.default_rng(step).integers(0, VOCABULARY, (self.batch, 1, 1))
        words = (start + 3 * np.arange(6)[None, :, None]) % VOCABULARY
        return replace(clip, observation=replace(clip.observation, identity=words))


@dataclass(frozen=True)
class Films:
    """Pictures of noise with a bright corner."""

    batch: int = 4

    def batch_at(self, step: int) -> SensedClip:
        rng = np.random.default_rng(step)
        clip = Wanderers(batch=self.batch, frames=4).batch_at(step)
        lead = (self.batch, 4)
        rgb = rng.integers(0, 255, (*lead, 16, 16, 3)).astype(np.uint8)
        rgb[..., :8, :8, :] //= 4
        video = Frames(
            rgb=rgb, depth_m=np.ones((*lead, 16, 16), np.float32), instance=np.zeros((*lead, 16, 16), np.int16),
            flow_px=np.zeros((*lead, 16, 16, 2), np.float32), eye_m=np.zeros((*lead, 3), np.float32),
            axes=np.zeros((*lead, 3, 3), np.float32), field_of_view_rad=np.ones(lead, np.float32),
        )  # fmt: skip
        return SensedClip(observation=clip.observation, dt_s=clip.dt_s, senses=Senses(video={"fixed": video}))


@dataclass(frozen=True)
class Worlds:
    """Fake animals for Eco-1."""

    batch: int = 4

    def batch_at(self, step: int) -> Clip:
        return wanderers(step, worlds=self.batch, animals=3, frames=36)


def model_of(kind: str) -> nn.Module:
    """Return a new model; the same weights every time."""
    torch.manual_seed(0)
    if kind == "words":
        return Reader(Qwen3Config(**SIZES, **EXPERTS_HERE, dense_layers=(1,)))
    if kind == "film":
        small = {"width": 16, "layers": 2, "heads": 2, "predictor_width": 8, "predictor_layers": 1}
        small["predictor_heads"] = 2
        return JepaModel(JepaConfig.v_jepa(instrument="fixed", pixels=16, frames=4, patch=4, **small))
    return untrained() if kind == "eco" else tiny()


SOURCES: dict[str, Any] = {"words": Words, "film": Films, "eco": Worlds, "tiny": Wanderers}


def settings(kind: str, **changes: Any) -> TrainConfig:
    model_weights = getattr(model_of(kind), "term_weights", {"words": 1.0, "balance": 0.01})
    fixed: dict[str, Any] = {
        "loss_weights": WEIGHTS if kind == "tiny" else model_weights, "steps": 4, "batch": 4, "accumulation": 2,
        "log_every": 1, "checkpoint_every": 2, "eval_every": 4, "eval_batches": 1, "ema_start": 0.9,
    }  # fmt: skip
    return TrainConfig(**fixed | changes)


class Stopped(BaseException):
    """Stands for a kill: nothing catches it."""


@dataclass(frozen=True)
class StoppingAt:
    """A source that ends the process before a step."""

    source: Any
    step: int

    def batch_at(self, step: int) -> Clip:
        if step == self.step:
            raise Stopped
        return self.source.batch_at(step)


@dataclass(frozen=True)
class BrokenAt:
    """A source whose last clip, one rank's alone, is impossible in one batch."""

    source: Any
    step: int

    def batch_at(self, step: int) -> Clip:
        clip = self.source.batch_at(step)
        if step == self.step:
            clip.observation.velocity_mps[-1] = np.nan
        return clip

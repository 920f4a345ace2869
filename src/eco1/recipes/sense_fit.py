"""Train a joint-embedding model of pictures, video or sound on recordings with senses."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from eco1.core.errors import ConfigError, unknown_name
from eco1.data.reader import read_manifest
from eco1.data.sensed import open_senses
from eco1.models.jepa import JepaConfig, JepaModel
from eco1.models.nn.spectrogram import HOP_S
from eco1.recipes.sensing import only_instrument, sense_sampler, sensed_split, species_in
from eco1.training.config import TrainConfig
from eco1.training.device import quickest_precision, torch_device
from eco1.training.loop import train

#: Models of one sense: how each is made for an instrument, and the modality it perceives.
SENSE_MODELS: dict[str, tuple[Callable[..., JepaConfig], str]] = {
    "i-jepa": (JepaConfig.i_jepa, "video"),
    "v-jepa": (JepaConfig.v_jepa, "video"),
    "a-jepa": (JepaConfig.a_jepa, "audio"),
}


@dataclass(frozen=True, kw_only=True)
class SenseFitConfig:
    """One training run. ``model`` and ``training`` change single settings of the size and of `TrainConfig`."""

    kind: str
    episodes: Path
    out: Path
    steps: int = 2000
    batch: int = 64
    lr: float = 1e-3
    seed: int = 0
    device: str = "cpu"
    resume: bool = False
    workers: int = 0
    model: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)


def fit_sense(config: SenseFitConfig, *, console: Console | None = None) -> Path:
    """Train on the training seeds of ``episodes`` and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when episodes, settings or a run to resume do not fit together.
    """
    if config.kind not in SENSE_MODELS:
        raise unknown_name("model", config.kind, SENSE_MODELS)
    split = sensed_split(config.episodes)
    torch.manual_seed(config.seed)
    model = JepaModel(sense_config(config.kind, split.train[0], config.model, config.steps))
    frames, senses = clip_frames(model.config, split.train[0]), (perceived(model.config),)
    names = species_in((*split.train, *split.held_out))
    wanted: dict[str, Any] = {"weight_decay": 0.05, "eval_every": max(config.steps // 5, 1), **config.training}
    settings = TrainConfig(
        loss_weights=model.term_weights,
        steps=config.steps,
        batch=config.batch,
        lr=config.lr,
        seed=config.seed,
        precision=quickest_precision(torch_device(config.device)),
        **wanted,
    )
    draw = partial(sense_sampler, senses=senses, frames=frames, batch=config.batch, species_names=names)
    with draw(split.train, seed=config.seed, workers=config.workers) as source:
        result = train(
            model,
            source,
            settings,
            config.out,
            held_out=draw(split.held_out, seed=config.seed + 1),
            device=config.device,
            resume=config.resume,
            console=console,
        )
    return result.last


def sense_config(kind: str, episode: Path, settings: dict[str, Any], steps: int) -> JepaConfig:
    """Return the settings of a model for the one instrument of its modality in an episode.

    Raises:
        ConfigError: when there is no such instrument, or several, or no such setting.
    """
    make, modality = SENSE_MODELS[kind]
    instrument = only_instrument([episode], modality)
    known: dict[str, Any] = {"instrument": instrument}
    if modality == "video":
        known["pixels"] = int(open_senses(episode).arrays[f"video/{instrument}/rgb"].shape[1])
    if kind == "a-jepa":
        known["curriculum_steps"] = steps
    try:
        return make(**{**known, **settings})
    except TypeError as error:
        raise ConfigError(f"There is no such setting of {kind}: {error}.") from error


def perceived(config: JepaConfig) -> str:
    """Return the path of the array that a model perceives."""
    return f"audio/{config.instrument}/samples" if config.sense == "sound" else f"video/{config.instrument}/rgb"


def clip_frames(config: JepaConfig, episode: Path) -> int:
    """Return how many frames of a recording a model's clip takes."""
    if config.sense != "sound":
        return config.size[0]
    return math.ceil(config.size[1] * HOP_S / read_manifest(episode).info.dt_s)

"""Train a world model on recordings."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.core.records import Episode
from eco1.data.clips import ClipSampler
from eco1.models.eco import EcoConfig, EcoModel
from eco1.models.registry import build_model
from eco1.recipes.kinds import router_prior, species_traits
from eco1.recipes.running import SKIPS_IN_A_ROW
from eco1.recipes.splits import learning_split, only_kind, undisturbed
from eco1.training.budget import steps_within
from eco1.training.checkpoint import load_checkpoint
from eco1.training.config import TrainConfig
from eco1.training.device import quickest_precision, torch_device
from eco1.training.loop import train
from eco1.training.parallel.config import ParallelConfig
from eco1.training.parallel.team import Team, gathered_team
from eco1.training.sources import BatchSource, InParts, PartSource

#: Settings of a model that only matter while it learns: they may change when it learns on.
_OF_TRAINING = ("dropout", "mirror", "species_dropout")


@dataclass(frozen=True, kw_only=True)
class FitConfig:
    """One training run. ``model`` and ``training`` change single settings of the size and of `TrainConfig`."""

    episodes: Path
    out: Path
    size: Literal["nano", "small"] = "nano"
    steps: int = 2000
    seconds: float | None = None  # instead of ``steps``: as many as fit on this machine
    batch: int = 4
    clip_s: float | None = None  # None: a full window of context and the longest future
    lr: float = 2.5e-3
    seed: int = 0
    device: str = "cpu"
    resume: bool = False
    start_from: Path | None = None  # a checkpoint to learn on from, instead of from nothing
    workers: int = 0
    accumulation: int | None = None  # parts of a batch that are read one by one; None: as many as ranks share it
    recompute: bool = False  # compute blocks twice to save memory
    spike: float | None = None  # skip batches so many deviations above the last ones
    tensorboard: bool = False  # mirror all numbers for TensorBoard
    team: ParallelConfig = field(default_factory=ParallelConfig)  # how ranks share the work
    calibration_batches: int = 240  # measured before learning: codebook, feature scales, counted priors
    model: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)


def fit(config: FitConfig, *, console: Console | None = None) -> Path:
    """Train on the training part of ``episodes`` and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when episodes, settings or a run to resume do not fit together.
    """
    split = learning_split(config.episodes)
    return fit_on(split.train, split.held_out, config, console=console)


def fit_on(
    learned: Sequence[Episode], held_out: Sequence[Episode], config: FitConfig, *, console: Console | None = None
) -> Path:
    """Train on given episodes; ``held_out`` ones are only watched. Returns the folder of the last checkpoint.

    Started by torchrun, every rank calls this and all learn together.
    """
    with gathered_team(config.team, config.device) as (team, device):
        return _fit_with(team, learned, held_out, replace(config, device=device), console)


def _fit_with(
    team: Team,
    learned: Sequence[Episode],
    held_out: Sequence[Episode],
    config: FitConfig,
    console: Console | None,
) -> Path:
    torch.manual_seed(config.seed)
    model = _started(model_config(tuple(learned), config), config.start_from)
    in_parts = config.accumulation is not None or team.data_ranks > 1
    parts = config.accumulation or team.data_ranks
    settings = train_config(model, replace(config, accumulation=parts))  # refused before anything is measured
    frames = clip_frames(model.config, tuple(learned), config.clip_s)
    clips_of = partial(sampler, frames=frames, config=config, batch=config.batch // parts if in_parts else config.batch)
    with clips_of(learned, seed=config.seed, workers=config.workers, every=team.data_ranks) as clips:
        if not config.resume:
            measure = model.calibrate if config.start_from is None else model.meet
            free = sampler(undisturbed(learned), frames, config, config.seed)
            measure(free.batch_at(number) for number in range(config.calibration_batches))
        source = InParts(clips) if in_parts else clips
        if config.seconds is not None:
            settings = _within(config.seconds, model, source, settings, team)
        result = train(
            model,
            source,
            settings,
            config.out,
            held_out=clips_of(held_out, seed=config.seed + 1) if held_out else None,
            device=config.device,
            resume=config.resume,
            console=console,
            team=team,
            tensorboard=config.tensorboard,
        )
    return result.last


def _within(
    seconds: float, model: EcoModel, source: BatchSource | PartSource, settings: TrainConfig, team: Team
) -> TrainConfig:
    if team.mesh is not None:
        raise ConfigError("A time budget is measured on one process. Give several ranks a number of steps (--steps).")
    return steps_within(seconds, model, source, settings)


def _started(made_for: EcoConfig, start_from: Path | None) -> EcoModel:
    model = EcoModel(made_for)
    if start_from is None:
        return model
    learned = load_checkpoint(start_from, build_model).model
    settings = {name: getattr(made_for, name) for name in _OF_TRAINING}
    if not isinstance(learned, EcoModel) or replace(learned.config, **settings) != made_for:
        raise ConfigError(
            f"{start_from} cannot learn on from these episodes: its size, species, behaviours or pace differ. "
            "Leave out --start-from to begin from nothing."
        )
    model.load_state_dict(learned.state_dict())
    return model


def sampler(
    episodes: Sequence[Episode],
    frames: int,
    config: FitConfig,
    seed: int,
    *,
    batch: int | None = None,
    workers: int = 0,
    every: int = 1,
) -> ClipSampler:
    """Return batches of cuts. The model mirrors them itself and sees nothing of where north is."""
    size = config.batch if batch is None else batch
    return ClipSampler(list(episodes), frames=frames, batch=size, seed=seed, workers=workers, every=every)


def clip_frames(config: EcoConfig, episodes: Sequence[Episode], clip_s: float | None) -> int:
    """Return the length of a clip, as far as the episodes reach."""
    wanted = config.window_frames + config.path_frames if clip_s is None else round(clip_s / config.dt_s)
    return int(min(wanted, *(len(e.observation.alive) for e in episodes)))


def model_config(episodes: tuple[Episode, ...], config: FitConfig) -> EcoConfig:
    """Return the settings of a model for these episodes, with what the catalog says of their species."""
    species, behaviors, dt_s = only_kind(episodes)
    make = EcoConfig.nano if config.size == "nano" else EcoConfig.small
    leaves_plane = any(np.abs(e.observation.velocity_mps[..., 2]).max() > 0 for e in episodes)
    known: dict[str, Any] = {**router_prior(species, behaviors), **species_traits(species)}
    settings: dict[str, Any] = {**known, "climbs": leaves_plane, **config.model}
    return make(species_names=species, behavior_names=behaviors, dt_s=dt_s, **settings)


def train_config(model: EcoModel, config: FitConfig) -> TrainConfig:
    """Return the training settings: the model's own loss weights, learning rate and steps as asked."""
    settings: dict[str, Any] = {
        "loss_weights": model.term_weights,
        "steps": config.steps,
        "batch": config.batch,
        "lr": config.lr,
        "seed": config.seed,
        "accumulation": config.accumulation or 1,
        "recompute": config.recompute,
        "spike": config.spike,
        "skips_in_a_row": SKIPS_IN_A_ROW,
        "precision": quickest_precision(torch_device(config.device)),
        **config.training,
    }
    return TrainConfig(**settings)

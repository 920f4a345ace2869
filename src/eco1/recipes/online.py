"""Learn from a world while it lives: nothing is recorded, and no moment is seen twice for long."""

from dataclasses import dataclass
from pathlib import Path

import torch
from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.core.records import Episode
from eco1.models.eco import EcoModel
from eco1.recipes.fit import FitConfig, clip_frames, model_config, sampler, train_config
from eco1.recipes.limits import require_seed
from eco1.recipes.living_world import Living, LivingSource
from eco1.recipes.splits import learning_split
from eco1.sim.ecosystem import Ecosystem
from eco1.training.loop import train
from eco1.training.parallel.team import launched

#: Settings of a fit that mean nothing here, and what they are when nobody touches them.
_FOR_RECORDINGS = ("seconds", "start_from", "accumulation", "team", "workers")
_PLAIN = FitConfig(episodes=Path(), out=Path())


@dataclass(frozen=True, kw_only=True)
class OnlineConfig:
    """One model learning from one living world.

    Every ``every`` steps of the world make one batch, cut at random from its last ``past_s`` seconds. The world lives
    in a process of its own, at most three batches ahead. In ``lockstep`` batch k is always cut after the same step, so
    a run is the same for a seed and can be resumed; otherwise nobody waits, and a batch takes what has happened so far.
    """

    fit: FitConfig  # how to learn; the held-out part of its ``episodes`` judges, nothing of them is learned
    biome: str = "savanna"
    worlds: int = 2
    animals: int = 64
    burn_in_s: float = 20.0
    every: int = 100
    past_s: float = 180.0
    lockstep: bool = True

    def __post_init__(self) -> None:
        if self.worlds < 1 or self.animals < 2 or self.every < 1:
            raise ConfigError(
                f"Learning online needs at least 1 world, 2 animals and 1 step for a batch; got {self.worlds}, "
                f"{self.animals} and {self.every}."
            )
        require_seed(self.fit.seed, "--seed")
        for name in _FOR_RECORDINGS:
            if getattr(self.fit, name) != getattr(_PLAIN, name):
                raise ConfigError(
                    f"{name}={getattr(self.fit, name)} is for recordings. A living world is learned from by one "
                    "process, batch by batch, from nothing: leave it out, or leave out --online."
                )
        if launched() > 1:
            raise ConfigError("A living world is learned from by one process. Start without torchrun.")


def learn_online(config: OnlineConfig, *, console: Console | None = None) -> Path:
    """Train on a living world and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when the world, the recordings, settings or a run to resume do not fit together.
    """
    fit = config.fit
    torch.manual_seed(fit.seed)
    split = learning_split(fit.episodes)
    known = (*split.train, *split.held_out)
    model = EcoModel(model_config(known, fit))
    settings = train_config(model, fit)
    frames = clip_frames(model.config, known, fit.clip_s)
    with living_source(config, frames, known) as source:
        if not fit.resume:
            model.calibrate(source.samples(fit.calibration_batches))
        result = train(
            model,
            source,
            settings,
            fit.out,
            held_out=sampler(split.held_out, frames, fit, fit.seed + 1),
            device=fit.device,
            resume=fit.resume,
            console=console,
            tensorboard=fit.tensorboard,
        )
    return result.last


def living_source(config: OnlineConfig, frames: int, judged_on: tuple[Episode, ...]) -> LivingSource:
    """Return batches of the world of ``config``, clips ``frames`` long.

    Raises:
        ConfigError: when recordings to be judged on are of another kind of world, or too little past is kept.
    """
    world, info = Ecosystem(config.biome, worlds=1, animals=config.animals, threads=1), judged_on[0].info
    if (world.species_names, world.behavior_names, world.dt_s) != (info.species_names, info.behavior_names, info.dt_s):
        raise ConfigError(
            f"{config.fit.episodes} was not recorded in {config.biome}: species, behaviours or pace differ. "
            f"Record some: eco1 record --biome {config.biome} --out runs/{config.biome}"
        )
    past = round(config.past_s / world.dt_s)
    needed = max(2 * frames, config.every)
    if past < needed:
        raise ConfigError(
            f"past_s={config.past_s:g} keeps {past} frames; clips of {frames} and stretches of {config.every} need "
            f"{needed * world.dt_s:g} s."
        )
    living = Living(
        biome=config.biome, worlds=config.worlds, animals=config.animals, seed=config.fit.seed,
        burn_in_s=config.burn_in_s, every=config.every,
    )  # fmt: skip
    return LivingSource(living, past, frames, config.fit.batch, lockstep=config.lockstep)

"""Learn from a world while it lives: nothing is recorded, and no moment is seen twice for long."""

from dataclasses import dataclass
from math import ceil
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import torch
from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.core.records import Clip, Episode, Observation
from eco1.data.ring import Ring
from eco1.data.workers import WorkerPool
from eco1.models.eco import EcoModel
from eco1.recipes.fit import FitConfig, clip_frames, model_config, sampler, train_config
from eco1.recipes.limits import require_seed
from eco1.recipes.splits import learning_split
from eco1.sim.ecosystem import Ecosystem, EcosystemState
from eco1.training.loop import train
from eco1.training.parallel.team import launched

_CALIBRATION = 1  # purpose of a random stream; batches use 0
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


@dataclass(frozen=True, kw_only=True)
class Living:
    """All that a process needs to let the same worlds live."""

    biome: str
    worlds: int
    animals: int
    seed: int
    burn_in_s: float
    every: int

    def __call__(self) -> "Life":
        """Return the worlds, not yet begun."""
        return Life(self)


class Life:
    """Worlds that are asked for one stretch after the other. An earlier one cannot be had again."""

    def __init__(self, living: Living) -> None:
        self._living = living
        self._world = Ecosystem(living.biome, worlds=living.worlds, animals=living.animals, threads=1)
        self._state: EcosystemState | None = None
        self._stretch = 0

    def batch_at(self, number: int, /) -> Clip:
        """Return stretch ``number`` (worlds, every); those before it are lived through unseen."""
        if self._state is None:
            self._state = self._world.reset(self._living.seed)
            self._go(round(self._living.burn_in_s / self._world.dt_s))
        self._go((number - self._stretch) * self._living.every)
        seen: list[Observation] = []
        for _ in range(self._living.every):
            seen.append(self._world.observe(self._state))
            self._go(1)
        self._stretch = number + 1
        dt_s = np.full(self._living.worlds, self._world.dt_s, np.float32)
        return Clip(observation=Observation.stack(seen, axis=1), dt_s=dt_s)

    def _go(self, steps: int) -> None:
        assert self._state is not None
        for _ in range(steps):
            self._state = self._world.step(self._state)


class LivingSource:
    """Batches of a living world, for the training loop. Use it as a context manager: it has a process.

    Batch k is cut after stretch ``first + k``; asked for any other than the next one, the world begins anew and lives
    up to there, faster since nobody looks.
    """

    def __init__(self, living: Living, past_frames: int, frames: int, batch: int, *, lockstep: bool) -> None:
        self._living, self._past, self._frames, self._batch = living, past_frames, frames, batch
        self._lockstep = lockstep
        self._first = ceil(max(2 * frames, past_frames // 2) / living.every)  # stretches before the first batch
        self._pool: WorkerPool | None = None
        self._next = 0
        self.ring = Ring(past_frames)

    def batch_at(self, number: int) -> Clip:
        """Return batch ``number``, (B, T) first."""
        if self._pool is None or number != self._next:
            self._begin(number)
        assert self._pool is not None
        if self._lockstep:
            self.ring.append(self._pool.next())
        else:
            while self._pool.has_next():
                self.ring.append(self._pool.next())
        self._next = number + 1
        return self.ring.cut(self._batch, self._frames, self._living.seed, 0, number)

    def samples(self, count: int) -> list[Clip]:
        """Return batches of what happened before the first one, to measure a model's scales on."""
        self._begin(0)
        return [self.ring.cut(self._batch, self._frames, self._living.seed, _CALIBRATION, n) for n in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop the process. The source can go on afterwards, with a new one."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None

    def _begin(self, number: int) -> None:
        """Let the world live up to batch ``number`` and fill the ring with what came before."""
        self.close()
        last = self._first + number
        first = max(last - ceil(self._past / self._living.every), 0)
        self._pool, self.ring, self._next = WorkerPool(self._living, 1, first), Ring(self._past), number
        for _ in range(first, last):
            self.ring.append(self._pool.next())


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

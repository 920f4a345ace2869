"""Those who live one animal's life after another, and what their lives are compared with.

Shape letters: as in ``evaluation.lives``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track

from eco1.brains.baselines import ForecasterBrain, fit_wandering
from eco1.brains.labels import fit_markov_behavior
from eco1.brains.model_brain import ModelBrain
from eco1.brains.sense_brain import SenseBrain
from eco1.core.errors import ConfigError
from eco1.core.protocols import Brain
from eco1.core.records import Episode
from eco1.evaluation.baselines import ConstantVelocity
from eco1.evaluation.lives import LifeSamples, life_samples
from eco1.models.multimodal import Sense
from eco1.models.registry import build_model
from eco1.recipes.one_life import live_once
from eco1.recipes.sensed_world import SensedWorld
from eco1.recipes.shipped import BEST, checkpoint_folder
from eco1.recipes.watching import SimulatedSenses
from eco1.sim.ecosystem import Ecosystem
from eco1.training.checkpoint import load_checkpoint

_LEFT_ALONE = "left alone"
_COMPARED = 4  # times as many lives to compare with as are driven: a kind should come up often enough


@dataclass(frozen=True, kw_only=True)
class LifeConfig:
    """How long and where animals are driven: one in the world of each of ``seeds``, counted from ``first_seed``.

    ``senses`` are tried one by one, then all together. ``biome`` is by default that of the first recording.
    ``record_to`` is a folder for recordings of the lives; None keeps none.

    Raises:
        ConfigError: when there is to be no life.
    """

    senses: tuple[Sense, ...] = ("video", "audio", "points", "motion")
    biome: str | None = None
    seconds: float = 60.0
    seeds: int = 8
    first_seed: int = 50_000
    animals: int = 64
    burn_in_s: float = 20.0
    record_to: Path | None = None

    def __post_init__(self) -> None:
        if self.seeds < 1:
            raise ConfigError(f"--lives is {self.seeds}; allowed: 1 or more. A dozen tell little, 24 a good deal.")

    @property
    def elsewhere(self) -> "LifeConfig":
        """Return the lives that are left alone to compare with: of other seeds, and more of them."""
        first, seeds = self.first_seed + self.seeds, _COMPARED * self.seeds
        return replace(self, first_seed=first, seeds=seeds, record_to=None)

    @property
    def choices(self) -> dict[str, tuple[Sense, ...]]:
        """Return the senses to live by, by name."""
        alone: dict[str, tuple[Sense, ...]] = {sense: (sense,) for sense in self.senses}
        return alone if len(self.senses) < 2 else {**alone, "+".join(self.senses): self.senses}


def others(train: Sequence[Episode]) -> dict[str, Brain[Any] | None]:
    """Return whom the senses are compared with: simple rules, the model of motion alone, and nobody."""
    of_motion = load_checkpoint(checkpoint_folder(BEST), build_model).model
    straight = ForecasterBrain(forecaster=ConstantVelocity(), frames=2, dt_s=train[0].info.dt_s)
    return {
        "constant velocity": straight,
        "markov": fit_wandering(train, fit_markov_behavior(train)),
        BEST.name: ModelBrain(of_motion),
        _LEFT_ALONE: None,
    }


def lives_of(
    name: str, brain: Brain[Any] | None, biome: str, pixels: int, config: LifeConfig, console: Console | None = None
) -> list[dict[int, LifeSamples]]:
    """Return the samples of each life: of frames in which somebody was driven, or else of whom the camera followed.

    Args:
        name: of who drives.
        brain: the driver, or nobody.
        biome: where.
        pixels: side of the camera's pictures.
        config: how often and how long.
        console: where progress is shown; None shows none.
    """
    senses = brain.instruments if isinstance(brain, SenseBrain) else ()  # whom to follow is known without any
    world = SensedWorld(
        Ecosystem(biome, worlds=1, animals=config.animals, threads=1),
        SimulatedSenses(senses=senses, size_px=pixels),
        burn_in_s=config.burn_in_s,
    )
    behaviors = len(world.behavior_names)
    folder = None if config.record_to is None else config.record_to / name.replace(" ", "-")
    found: list[dict[int, LifeSamples]] = []
    seeds = range(config.first_seed, config.first_seed + config.seeds)
    for seed in track(seeds, f"lives: {name}", console=console, transient=True, disable=console is None):
        seen, chosen = live_once(world, brain, seed, config.seconds, folder)
        found.append(life_samples(seen, chosen, world.dt_s, behaviors))
    return found

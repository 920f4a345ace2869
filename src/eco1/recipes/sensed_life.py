"""Let Eco-1 live in an animal by some of its senses, and see how far that life is from what its kind does."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eco1.brains.baselines import ForecasterBrain, fit_wandering
from eco1.brains.labels import fit_markov_behavior
from eco1.brains.model_brain import ModelBrain
from eco1.brains.sense_brain import SenseBrain
from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.files import write_result
from eco1.core.protocols import Brain
from eco1.core.records import Episode
from eco1.data.reader import read_episode, read_manifest
from eco1.data.splits import Split, split_by_seed
from eco1.data.store import list_episodes
from eco1.evaluation.baselines import ConstantVelocity
from eco1.evaluation.lives import LifeSamples, LifeScore, joined, life_samples, life_score
from eco1.models.multimodal import MultimodalModel, Sense
from eco1.models.registry import build_model
from eco1.recipes.one_life import live_once
from eco1.recipes.sensed_world import SensedWorld
from eco1.recipes.sensing import TRAIN_SHARE
from eco1.recipes.shipped import BEST, checkpoint_folder
from eco1.recipes.watching import SimulatedSenses
from eco1.sim.ecosystem import Ecosystem
from eco1.training.checkpoint import load_checkpoint

_MOST_EPISODES = 40  # to fit baselines on, and to compare with
_LEFT_ALONE = "left alone"


@dataclass(frozen=True, kw_only=True)
class LifeConfig:
    """How long and where animals are driven: one in the world of each of ``seeds``, counted from ``first_seed``.

    ``senses`` are tried one by one, then all together. ``biome`` is by default that of the first recording.
    ``record_to`` is a folder for recordings of the lives; None keeps none.
    """

    senses: tuple[Sense, ...] = ("video", "audio", "points", "motion")
    biome: str | None = None
    seconds: float = 60.0
    seeds: int = 8
    first_seed: int = 20_000
    animals: int = 64
    burn_in_s: float = 20.0
    record_to: Path | None = None

    @property
    def choices(self) -> dict[str, tuple[Sense, ...]]:
        """Return the senses to live by, by name."""
        alone: dict[str, tuple[Sense, ...]] = {sense: (sense,) for sense in self.senses}
        return alone if len(self.senses) < 2 else {**alone, "+".join(self.senses): self.senses}


@dataclass(frozen=True, kw_only=True)
class LifeReport:
    """Scores by who drives: the senses of the model, baselines, or nobody (``left alone``: the floor)."""

    biome: str
    seconds: float
    lives: int
    scores: dict[str, LifeScore]


def sensed_life(model_folder: Path, episodes: Path, config: LifeConfig | None = None) -> tuple[LifeReport, Path]:
    """Let a checkpoint live by each choice of senses, then baselines; return the report and its file beside it.

    Baselines are fitted on recordings of the training seeds, and everyone is compared with the held-out ones.

    Raises:
        Eco1Error: when checkpoint and recordings cannot be read or do not go together.
    """
    config = config or LifeConfig()
    model: Any = load_checkpoint(checkpoint_folder(model_folder), build_model).model
    if not isinstance(model, MultimodalModel):
        raise ConfigError(
            f"Only a model of senses can live by them; {model_folder} is a {type(model).__name__}. "
            f"Judge it by eco1 eval --model {model_folder}, without --senses."
        )
    report = live_by_senses(model, recordings_of(episodes, config.biome), config)
    return report, write_result(model_folder.parent / "life.json", json.dumps(asdict(report), indent=2))


def live_by_senses(model: MultimodalModel, recorded: Split[Episode], config: LifeConfig) -> LifeReport:
    """Return how near each way of driving comes to the held-out recordings."""
    info = recorded.held_out[0].info
    reference = joined(_everyone(episode) for episode in recorded.held_out)
    lives = {
        name: _lives(name, SenseBrain(model, senses, biome=info.biome), model, info.biome, config)
        for name, senses in config.choices.items()
    }
    lives |= {
        name: _lives(name, brain, model, info.biome, config) for name, brain in _baselines(recorded.train).items()
    }
    return LifeReport(
        biome=info.biome,
        seconds=config.seconds,
        lives=config.seeds,
        scores={name: life_score(samples, reference, info.dt_s) for name, samples in lives.items()},
    )


def recordings_of(folder: Path, biome: str | None) -> Split[Episode]:
    """Return recordings of one biome in which animals were left alone, of training and of held-out seeds.

    Raises:
        EpisodeError: when there is none.
        ConfigError: when there are fewer than two seeds.
    """
    found = {path: read_manifest(path) for path in list_episodes(folder)}
    biome = biome or next((manifest.info.biome for manifest in found.values()), None)
    paths = [path for path, manifest in found.items() if manifest.info.biome == biome and not manifest.has_action]
    if not paths:
        wanted = f"--biome {biome} " if biome else ""
        raise EpisodeError(
            f"There is no episode to compare with in {folder}. Record some: eco1 record {wanted}--out {folder}"
        )
    split = split_by_seed(paths, TRAIN_SHARE)
    train, held_out = (tuple(map(read_episode, part[:_MOST_EPISODES])) for part in (split.train, split.held_out))
    return Split(train=train, held_out=held_out)


def life_rows(report: LifeReport) -> list[dict[str, Any]]:
    """Return the report as rows of a table."""
    return [
        {
            "driven by": name,
            "animal seconds": f"{score.animal_seconds:.0f}",
            "behaviour": f"{score.behavior:.2f}",
            "speed": f"{score.speed:.2f}",
            "turning": f"{score.turning:.2f}",
            "mean speed, recorded": "{:.2f}, {:.2f}".format(*score.mean_speed),
            "mean turning, recorded": "{:.2f}, {:.2f}".format(*score.mean_turning),
        }
        for name, score in report.scores.items()
    ]


def _baselines(train: Sequence[Episode]) -> dict[str, Brain[Any] | None]:
    """Return whom the senses are compared with: simple rules, the model of motion alone, and nobody."""
    of_motion = load_checkpoint(checkpoint_folder(BEST), build_model).model
    straight = ForecasterBrain(forecaster=ConstantVelocity(), frames=2, dt_s=train[0].info.dt_s)
    return {
        "constant velocity": straight,
        "markov": fit_wandering(train, fit_markov_behavior(train)),
        BEST.name: ModelBrain(of_motion),
        _LEFT_ALONE: None,
    }


def _everyone(episode: Episode) -> dict[int, LifeSamples]:
    seen, info = episode.observation, episode.info
    return life_samples(seen, seen.alive, info.dt_s, len(info.behavior_names))


def _lives(
    name: str, brain: Brain[Any] | None, model: MultimodalModel, biome: str, config: LifeConfig
) -> dict[int, LifeSamples]:
    """Return samples of the frames in which somebody was driven; where nobody drives, of whom the camera follows."""
    senses = brain.instruments if isinstance(brain, SenseBrain) else ()  # whom to follow is known without any
    world = SensedWorld(
        Ecosystem(biome, worlds=1, animals=config.animals, threads=1),
        SimulatedSenses(senses=senses, size_px=model.config.pixels),
        burn_in_s=config.burn_in_s,
    )
    behaviors = len(world.behavior_names)
    folder = None if config.record_to is None else config.record_to / name.replace(" ", "-")
    found: list[dict[int, LifeSamples]] = []
    for seed in range(config.first_seed, config.first_seed + config.seeds):
        seen, chosen = live_once(world, brain, seed, config.seconds, folder)
        found.append(life_samples(seen, chosen, world.dt_s, behaviors))
    return joined(found)

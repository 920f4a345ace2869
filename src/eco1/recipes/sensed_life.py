"""Let Eco-1 live in an animal by some of its senses, and see how far that life is from what its kind does."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.brains.sense_brain import SenseBrain
from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.files import write_result
from eco1.core.protocols import Brain
from eco1.core.records import Episode
from eco1.data.reader import read_episode, read_manifest
from eco1.data.splits import Split, split_by_seed
from eco1.data.store import list_episodes
from eco1.evaluation.lives import LifeSamples, LifeScore, joined, life_samples, life_score
from eco1.models.multimodal import MultimodalModel
from eco1.models.registry import build_model
from eco1.recipes.lives import LifeConfig, lives_of, others
from eco1.recipes.sensing import TRAIN_SHARE
from eco1.recipes.shipped import checkpoint_folder
from eco1.training.checkpoint import load_checkpoint

_MOST_EPISODES = 40  # to fit baselines on, and to compare with


@dataclass(frozen=True, kw_only=True)
class LifeReport:
    """Scores by who drives: the senses of the model, baselines, or nobody (``left alone``: the floor)."""

    biome: str
    seconds: float
    lives: int
    scores: dict[str, LifeScore]


def sensed_life(
    model_folder: Path, episodes: Path, config: LifeConfig | None = None, *, console: Console | None = None
) -> tuple[LifeReport, Path]:
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
    report = live_by_senses(model, recordings_of(episodes, config.biome), config, console)
    return report, write_result(model_folder.parent / "life.json", json.dumps(asdict(report), indent=2))


def live_by_senses(
    model: MultimodalModel, recorded: Split[Episode], config: LifeConfig, console: Console | None = None
) -> LifeReport:
    """Return how near each way of driving comes to the held-out recordings."""
    info = recorded.held_out[0].info
    reference = joined(_everyone(episode) for episode in recorded.held_out)
    drivers: dict[str, Brain[Any] | None] = {
        name: SenseBrain(model, senses, biome=info.biome) for name, senses in config.choices.items()
    }
    lives = {
        name: lives_of(name, brain, info.biome, model.config.pixels, config, console)
        for name, brain in {**drivers, **others(recorded.train)}.items()
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


def _everyone(episode: Episode) -> dict[int, LifeSamples]:
    seen, info = episode.observation, episode.info
    return life_samples(seen, seen.alive, info.dt_s, len(info.behavior_names))

"""Let Eco-1 live in an animal by some of its senses, and see how far that life is from those that are left alone."""

import json
from collections.abc import Sequence
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
from eco1.data.splits import split_by_seed
from eco1.data.store import list_episodes
from eco1.evaluation.bootstrap import Interval
from eco1.evaluation.life_rivals import nearer_by
from eco1.evaluation.lives import LifeScore, joined, life_score
from eco1.models.multimodal import MultimodalModel
from eco1.models.registry import build_model
from eco1.recipes.lives import LifeConfig, lives_of, others
from eco1.recipes.shipped import BEST, checkpoint_folder
from eco1.recipes.splits import TRAIN_SHARE
from eco1.training.checkpoint import load_checkpoint

_MOST_EPISODES = 40  # to fit baselines on


@dataclass(frozen=True, kw_only=True)
class LifeReport:
    """Scores by who drives: the senses of the model, baselines, or nobody (``left alone``: the floor).

    All are compared with ``compared`` lives that are left alone in other worlds. ``nearer`` says by how much less than
    the model of motion alone each choice of senses is from these.
    """

    biome: str
    seconds: float
    lives: int
    compared: int
    scores: dict[str, LifeScore]
    nearer: dict[str, dict[str, Interval]]


def sensed_life(
    model_folder: Path, episodes: Path, config: LifeConfig | None = None, *, console: Console | None = None
) -> tuple[LifeReport, Path]:
    """Let a checkpoint live by each choice of senses, then baselines; return the report and its file beside it.

    Baselines are fitted on recordings of the training seeds.

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
    model: MultimodalModel, recorded: Sequence[Episode], config: LifeConfig, console: Console | None = None
) -> LifeReport:
    """Return how near each way of driving comes to lives that are left alone, of animals chosen by the same camera."""
    info, pixels = recorded[0].info, model.config.pixels
    drivers: dict[str, Brain[Any] | None] = {
        name: SenseBrain(model, senses, biome=info.biome) for name, senses in config.choices.items()
    }
    reference = joined(lives_of("to compare with", None, info.biome, pixels, config.elsewhere, console))
    lives = {
        name: lives_of(name, brain, info.biome, pixels, config, console)
        for name, brain in {**drivers, **others(recorded)}.items()
    }
    return LifeReport(
        biome=info.biome,
        seconds=config.seconds,
        lives=config.seeds,
        compared=config.elsewhere.seeds,
        scores={name: life_score(joined(each), reference, info.dt_s) for name, each in lives.items()},
        nearer={name: nearer_by(lives[name], lives[BEST.name], reference, info.dt_s) for name in drivers},
    )


def recordings_of(folder: Path, biome: str | None) -> tuple[Episode, ...]:
    """Return recordings of one biome in which animals were left alone, of training seeds.

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
            f"There is no episode to learn from in {folder}. Record some: eco1 record {wanted}--out {folder}"
        )
    return tuple(map(read_episode, split_by_seed(paths, TRAIN_SHARE).train[:_MOST_EPISODES]))


def life_rows(report: LifeReport) -> list[dict[str, Any]]:
    """Return the report as rows of a table."""
    return [
        {
            "driven by": name,
            "animal seconds": f"{score.animal_seconds:.0f}",
            "behaviour": f"{score.behavior:.2f}",
            "speed": f"{score.speed:.2f}",
            "turning": f"{score.turning:.2f}",
            "mean speed, left alone": "{:.2f}, {:.2f}".format(*score.mean_speed),
            "mean turning, left alone": "{:.2f}, {:.2f}".format(*score.mean_turning),
        }
        for name, score in report.scores.items()
    ]


def rival_rows(report: LifeReport) -> list[dict[str, str]]:
    """Return by how much nearer the senses are than the model of motion alone, as rows of a table."""
    return [
        {
            "driven by": name,
            **{what: f"{one.mean:+.2f} ({one.low:+.2f} to {one.high:+.2f})" for what, one in by.items()},
        }
        for name, by in report.nearer.items()
    ]

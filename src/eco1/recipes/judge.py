"""Judge a trained model against every baseline on what it never saw."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from eco1.brains.model_brain import ModelBrain
from eco1.catalog.loader import biome_names
from eco1.core.files import write_result
from eco1.core.records import Episode
from eco1.data.splits import Split
from eco1.evaluation.evaluate import EvaluationSize, evaluate_model
from eco1.evaluation.lived import ClosedLoop
from eco1.models.registry import build_model
from eco1.recipes.fish import FishConfig, fit_fish
from eco1.recipes.relabelled import Relabelled
from eco1.recipes.shipped import checkpoint_folder
from eco1.recipes.splits import learning_split, undisturbed
from eco1.sim.ecosystem import Ecosystem
from eco1.studio.report_reading import measures
from eco1.training.checkpoint import load_checkpoint

#: A scene of the savanna is judged after as much history as the model's attention reaches.
HISTORY_S = 3.2
_MOST_SEEDS = 4
_WORLDS = 2


@dataclass(frozen=True, kw_only=True)
class JudgeConfig:
    """How much to look at. ``closed_loop_s`` of 0 leaves the closed loop out."""

    size: EvaluationSize | None = None
    history_s: float = HISTORY_S
    closed_loop_s: float = 60.0
    seeds: int = _MOST_SEEDS
    seed: int = 0


def judge(model_folder: Path, episodes: Path, config: JudgeConfig | None = None) -> tuple[dict[str, Any], Path]:
    """Return the report as plain data and the JSON file it was written to, beside the checkpoint.

    Recordings of several biomes are judged one biome after the other, and reported by its name.

    Raises:
        Eco1Error: when checkpoint and episodes cannot be read or do not go together.
    """
    config = config or JudgeConfig()
    model: Any = load_checkpoint(checkpoint_folder(model_folder), build_model).model.eval()
    split = learning_split(episodes, model.config.species_names)
    biomes = sorted({episode.info.biome for episode in split.held_out})
    reports = {biome: json.loads(_judge_one(model, _of_biome(split, biome), config)) for biome in biomes}
    report = reports if len(reports) > 1 else reports[biomes[0]]
    beside = model_folder.parent if model_folder.exists() else Path("runs") / model_folder  # shipped weights: in runs/
    return report, write_result(beside / "evaluation.json", json.dumps(report, indent=2))


def _of_biome(split: Split[Episode], biome: str) -> Split[Episode]:
    return Split(
        train=tuple(episode for episode in split.train if episode.info.biome == biome),
        held_out=tuple(episode for episode in split.held_out if episode.info.biome == biome),
    )


def _judge_one(model: torch.nn.Module, split: Split[Episode], config: JudgeConfig) -> str:
    return evaluate_model(
        model,
        undisturbed(split.train),
        split.held_out,
        history_s=config.history_s,
        size=config.size,
        closed_loop=_closed_loop(model, split, config),
        generator=torch.Generator().manual_seed(config.seed),
    ).to_json()


def _closed_loop(model: torch.nn.Module, split: Split[Episode], config: JudgeConfig) -> ClosedLoop | None:
    info = split.held_out[0].info
    if info.biome not in biome_names() or config.closed_loop_s <= 0:
        return None
    animals = split.held_out[0].observation.alive.shape[1]
    seeds = sorted({episode.info.seed for episode in split.held_out})[: config.seeds]
    return ClosedLoop(
        simulator=Relabelled(Ecosystem(info.biome, worlds=_WORLDS, animals=animals), info.species_names),
        brain=ModelBrain(model),
        seeds=tuple(seeds),
        duration_s=config.closed_loop_s,
    )


def judge_fish(out: Path, *, console: Console | None = None) -> tuple[dict[str, Any], Path]:
    """Train on both real fish recordings, judge each on its last 20 %, and return both reports and their file.

    Models that an earlier call trained into ``out`` are judged again, unfinished ones are trained to their end.

    Raises:
        TrackError: when the recordings cannot be fetched.
        ConfigError: when ``out`` holds models of other settings.
    """
    config = FishConfig(out=out)
    reports = {name: json.loads(fit_fish(name, config, console=console).to_json()) for name in ("fish_15", "fish_8")}
    return reports, write_result(out / "evaluation.json", json.dumps(reports, indent=2))


def report_rows(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the measures of one report, or of several by name, as rows of a table."""
    parts = {"": report} if "motion" in report else report
    return [
        {
            "what": f"{name} {m.what}".strip(),
            "model": m.value,
            "best baseline": m.baseline,
            "target": m.target,
            "met": {True: "yes", False: "no", None: ""}[m.met],
        }
        for name, part in parts.items()
        for m in measures(part)
    ]

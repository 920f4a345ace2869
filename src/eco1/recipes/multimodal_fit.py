"""Train Eco-1 on recordings with several senses, on recordings of animals and words alone, and on questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.data.question_clips import recorded_questions
from eco1.data.workers import MadeElsewhere
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.model import TERM_WEIGHTS
from eco1.recipes.further_questions import many_questions
from eco1.recipes.multimodal_clips import clips_by_biome, clips_in_turn
from eco1.recipes.multimodal_settings import multimodal_config
from eco1.recipes.running import RunOptions, run
from eco1.recipes.sensing import sensed_split
from eco1.recipes.strangers import load_multimodal, ready_for
from eco1.training.checkpoint import read_config
from eco1.training.manifest import read_manifest as read_sealed
from eco1.training.sources import BatchSource

#: Of what learned alignment, behind it: at the full rate Adam undoes it within 40 steps for a language model that knows
#: nothing yet (as with layers that learned before: arXiv 1801.06146, section 3.2).
_ALIGNED_RATES = {"encoders": 0.1, "summaries": 0.1, "alignment": 0.1}
_HELD_OUT_BATCHES = 8  # of two kinds in turn, in some of which motion is withheld


@dataclass(frozen=True, kw_only=True)
class MultimodalFitConfig:
    """One training run. ``size`` is a rung of the ladder, ``model`` changes single settings of it.

    ``words`` are further recordings of animals and words without instruments, which are cheap to make many of.
    ``workers`` are processes of each rank that read clips and work out questions ahead. ``start_from`` is a checkpoint
    of another run to learn on from, with its settings.

    Senses that begin with all objectives at once soon agree on the biome, and on little else for long, so a model may
    first learn alignment alone (``options.without``), and once more, then with every other batch of one biome. What has
    learned so goes on with a tenth of the learning rate.
    """

    episodes: Path
    out: Path
    words: Path | None = None
    options: RunOptions
    size: str = "nano"
    workers: int = 0
    start_from: Path | None = None
    model: dict[str, Any] = field(default_factory=dict)


def fit_multimodal(config: MultimodalFitConfig, *, console: Console | None = None) -> Path:
    """Train on the training seeds of both folders and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when recordings, settings or a run to resume do not fit together.
    """
    split = sensed_split(config.episodes)
    told = () if config.words is None else sensed_split(config.words).train
    paths = (*split.train, *told)
    start = config.start_from
    before = None if start is None else _learned_before(start, config.model, (*paths, *split.held_out))
    made_for = multimodal_config(paths, split.held_out, config.size, config.model) if before is None else before.config

    alone = set(TERM_WEIGHTS) - {*config.options.without} == {"alignment"}
    if alone and before is not None:  # which tells biomes apart already
        learned = partial(clips_by_biome, made_for, split.train)
        held_out = partial(clips_by_biome, made_for, split.held_out)
    else:
        learned = partial(clips_in_turn, made_for, split.train, told, asked=None if alone else many_questions)
        held_out = partial(clips_in_turn, made_for, split.held_out, (), asked=None if alone else recorded_questions)

    def made_elsewhere(*, batch: int, seed: int, every: int = 1) -> BatchSource:
        return MadeElsewhere(partial(learned, batch=batch, seed=seed, sharing=config.workers), config.workers, every)

    settings: dict[str, Any] = {"eval_batches": _HELD_OUT_BATCHES}
    if alone:
        settings["clip_norm"] = TERM_WEIGHTS["alignment"]  # its gradient counts for no more than the loss does
    elif start is not None and _learned_alignment_alone(start):
        settings["rates"] = _ALIGNED_RATES
    return run(
        lambda: MultimodalModel(made_for) if before is None else before,
        made_elsewhere if config.workers else learned,
        held_out,
        replace(config.options, training={**settings, **config.options.training}),
        config.out,
        console=console,
    )


def _learned_before(folder: Path, settings: Mapping[str, Any], paths: Sequence[Path]) -> MultimodalModel:
    if settings:
        raise ConfigError(f"{folder} has settings of its own; {', '.join(settings)} cannot be changed.")
    return ready_for(load_multimodal(folder), paths)


def _learned_alignment_alone(folder: Path) -> bool:
    weights = (read_config(folder, read_sealed(folder))["train"] or {}).get("loss_weights", {})
    return {name for name, weight in weights.items() if weight > 0} == {"alignment"}

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
from eco1.recipes.multimodal_clips import clips_in_turn, clips_of_one_biome_each
from eco1.recipes.multimodal_settings import multimodal_config
from eco1.recipes.running import RunOptions, run
from eco1.recipes.sensing import sensed_split
from eco1.recipes.strangers import load_multimodal, ready_for
from eco1.training.manifest import read_manifest as read_sealed
from eco1.training.sources import BatchSource

_ALIGN_AGAIN_LR = 1e-3  # at 2e-3 a model that had learned forgot what tells clips of one biome apart
_ALIGN_BATCH, _ALIGN_LR = 64, 2e-3  # more clips to tell apart: of 24 as many came to know less in the same time
#: Of what learned alignment, behind it: at the full rate Adam undoes it within 40 steps for a language model that knows
#: nothing yet (as with layers that learned before: arXiv 1801.06146, section 3.2).
_ALIGNED_RATES = {"encoders": 0.1, "summaries": 0.1, "alignment": 0.1}


@dataclass(frozen=True, kw_only=True)
class MultimodalFitConfig:
    """One training run. ``size`` is a rung of the ladder, ``model`` changes single settings of it.

    ``words`` are further recordings of animals and words without instruments, which are cheap to make many of.
    ``workers`` are processes of each rank that read clips and work out questions ahead. ``start_from`` is a checkpoint
    of another run to learn on from, with its settings. For ``align_steps`` the model first learns alignment alone, of
    larger batches, and goes on with a tenth of the learning rate for what has learned it: senses that begin with all
    objectives at once soon agree on the biome, and on little else for long. One that was aligned before does so on
    batches of one biome each, at half the rate.
    """

    episodes: Path
    out: Path
    words: Path | None = None
    options: RunOptions
    size: str = "nano"
    workers: int = 0
    start_from: Path | None = None
    align_steps: int = 0
    model: dict[str, Any] = field(default_factory=dict)


def fit_multimodal(config: MultimodalFitConfig, *, console: Console | None = None) -> Path:
    """Train on the training seeds of both folders and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when recordings, settings or a run to resume do not fit together.
    """
    if config.align_steps:
        aligned, begun = _aligned(config, console), (config.out / "last").exists()
        options = replace(
            config.options,
            resume=config.options.resume and begun,
            training={"rates": _ALIGNED_RATES, **config.options.training},
        )
        config = replace(config, start_from=aligned, align_steps=0, model={}, options=options)
    split = sensed_split(config.episodes)
    told = () if config.words is None else sensed_split(config.words).train
    paths = (*split.train, *told)
    start = config.start_from
    before = None if start is None else _learned_before(start, config.model, (*paths, *split.held_out))
    made_for = multimodal_config(paths, split.held_out, config.size, config.model) if before is None else before.config

    read_about = set(TERM_WEIGHTS) - {*config.options.without, "alignment"}
    if read_about or before is None:
        learned = partial(clips_in_turn, made_for, split.train, told, asked=many_questions if read_about else None)
        held_out = partial(
            clips_in_turn, made_for, split.held_out, (), asked=recorded_questions if read_about else None
        )
    else:  # alignment alone, by a model that tells biomes apart already
        learned = partial(clips_of_one_biome_each, made_for, split.train)
        held_out = partial(clips_of_one_biome_each, made_for, split.held_out)

    def made_elsewhere(*, batch: int, seed: int, every: int = 1) -> BatchSource:
        return MadeElsewhere(partial(learned, batch=batch, seed=seed, sharing=config.workers), config.workers, every)

    return run(
        lambda: MultimodalModel(made_for) if before is None else before,
        made_elsewhere if config.workers else learned,
        held_out,
        config.options,
        config.out,
        console=console,
    )


def _aligned(config: MultimodalFitConfig, console: Console | None) -> Path:
    """Return the checkpoint of a model that has learned alignment, from a folder inside that of the run."""
    out, options = config.out / "aligned", config.options
    last = out / "last"
    if options.resume and last.exists() and read_sealed(last).progress.step >= config.align_steps:
        return last
    others = tuple(name for name in TERM_WEIGHTS if name != "alignment")
    first = replace(
        options,
        steps=config.align_steps,
        batch=_ALIGN_BATCH,
        lr=_ALIGN_LR if config.start_from is None else _ALIGN_AGAIN_LR,
        without=others,
        resume=options.resume and last.exists(),
        training={}
        if config.start_from is None
        else {"clip_norm": TERM_WEIGHTS["alignment"]},  # the loss has that share
    )
    return fit_multimodal(replace(config, out=out, options=first, align_steps=0), console=console)


def _learned_before(folder: Path, settings: Mapping[str, Any], paths: Sequence[Path]) -> MultimodalModel:
    if settings:
        raise ConfigError(f"{folder} has settings of its own; {', '.join(settings)} cannot be changed.")
    return ready_for(load_multimodal(folder), paths)

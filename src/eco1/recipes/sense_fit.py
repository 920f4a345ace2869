"""Train a joint-embedding model of pictures, video, sound or points on recordings with senses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.recipes.running import RunOptions, SourceOf, run
from eco1.recipes.sense_models import needs_of, sense_config, sense_model
from eco1.recipes.sensing import sense_sampler, sensed_split, species_in
from eco1.training.sources import BatchSource


@dataclass(frozen=True, kw_only=True)
class SenseFitConfig:
    """One training run. ``model`` changes single settings of the model.

    Each clip draws one of ``strides``: 2 takes every other frame. Sound has to be whole.
    """

    kind: str
    episodes: Path
    out: Path
    options: RunOptions
    workers: int = 0
    strides: tuple[int, ...] = (1,)
    model: dict[str, Any] = field(default_factory=dict)


def fit_sense(config: SenseFitConfig, *, console: Console | None = None) -> Path:
    """Train on the training seeds of ``episodes`` and return the folder of the last checkpoint.

    Raises:
        Eco1Error: when episodes, settings or a run to resume do not fit together.
    """
    split = sensed_split(config.episodes)
    made_for = sense_config(config.kind, split.train[0], config.model, config.options.steps)
    needs = needs_of(made_for, split.train[0])
    if needs.array.startswith("audio") and config.strides != (1,):
        raise ConfigError(f"{config.kind} hears whole stretches of sound; strides {config.strides} would leave gaps.")
    names = species_in((*split.train, *split.held_out))

    def clips_of(paths: Sequence[Path], workers: int) -> SourceOf:
        def source(*, batch: int, seed: int, every: int = 1) -> BatchSource:
            return sense_sampler(
                paths,
                (needs.array,),
                frames=needs.frames,
                batch=batch,
                seed=seed,
                species_names=names,
                strides=config.strides,
                workers=workers,
                every=every,
            )

        return source

    return run(
        lambda: sense_model(made_for),
        clips_of(split.train, config.workers),
        clips_of(split.held_out, 0),
        config.options,
        config.out,
        console=console,
    )

"""Train V-JEPA 2-AC on a frozen encoder of recorded pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console

from eco1.core.errors import ConfigError
from eco1.data.reader import read_manifest
from eco1.models.jepa import JepaModel
from eco1.models.jepa.acting import VJepaAcConfig, VJepaAcModel
from eco1.models.registry import build_model
from eco1.recipes.running import RunOptions, SourceOf, run
from eco1.recipes.sensing import sense_sampler, sensed_split, species_in
from eco1.training.checkpoint import load_checkpoint
from eco1.training.sources import BatchSource

_STRIDE = 2  # frames of a recording from one to the next


@dataclass(frozen=True, kw_only=True)
class ActingFitConfig:
    """One training run on the latents of ``encoder``, a checkpoint of I-JEPA or V-JEPA."""

    encoder: Path
    episodes: Path
    out: Path
    options: RunOptions
    workers: int = 0
    model: dict[str, Any] = field(default_factory=dict)


def fit_acting(config: ActingFitConfig, *, console: Console | None = None) -> Path:
    """Train on the training seeds of ``episodes`` and return the folder of the last checkpoint.

    Raises:
        ConfigError: when ``encoder`` is no model of pictures.
        Eco1Error: when recordings and settings do not fit together.
    """
    encoder = load_checkpoint(config.encoder, build_model).model
    if not isinstance(encoder, JepaModel):
        raise ConfigError(
            f"{config.encoder} holds a {type(encoder).__name__}; this needs an encoder of pictures: "
            "eco1 train --model v-jepa"
        )
    split = sensed_split(config.episodes)
    dt_s = _STRIDE * read_manifest(split.train[0]).info.dt_s
    made_for = VJepaAcConfig(encoder=encoder.config, dt_s=dt_s, **config.model)
    names = species_in((*split.train, *split.held_out))

    def clips_of(paths: Sequence[Path], workers: int) -> SourceOf:
        def source(*, batch: int, seed: int, every: int = 1) -> BatchSource:
            return acting_clips(made_for, paths, names, batch, seed, workers, every)

        return source

    return run(
        lambda: VJepaAcModel(made_for, encoder),
        clips_of(split.train, config.workers),
        clips_of(split.held_out, 0),
        config.options,
        config.out,
        console=console,
    )


def acting_clips(
    config: VJepaAcConfig,
    paths: Sequence[Path],
    names: tuple[str, ...],
    batch: int,
    seed: int,
    workers: int = 0,
    every: int = 1,
) -> BatchSource:
    """Return clips with what the model's camera saw and where it stood."""
    camera = f"video/{config.encoder.instrument}"
    senses = tuple(f"{camera}/{name}" for name in ("rgb", "eye_m", "axes"))
    return sense_sampler(
        paths,
        senses,
        frames=config.frames,
        batch=batch,
        seed=seed,
        species_names=names,
        strides=(_STRIDE,),
        workers=workers,
        every=every,
    )

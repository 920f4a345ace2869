"""One way to train any model: on one process or many, in whole batches or in parts."""

from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, cast

import torch
from rich.console import Console
from torch import nn

from eco1.core.errors import unknown_name
from eco1.data.clips import ClipSampler
from eco1.data.workers import MadeElsewhere
from eco1.training.config import TrainConfig
from eco1.training.device import quickest_precision, torch_device
from eco1.training.loop import train
from eco1.training.parallel.config import ParallelConfig
from eco1.training.parallel.team import gathered_team
from eco1.training.sources import BatchSource, InParts

#: A run of days outlives a few broken clips in a row; what is bad more often is no accident.
SKIPS_IN_A_ROW = 5


@dataclass(frozen=True, kw_only=True)
class RunOptions:
    """How a model is trained, whatever it is. ``training`` changes single settings of `TrainConfig`.

    ``batch`` clips make a step; they are read in ``accumulation`` parts one after the other (None: as many as ranks
    share them).
    """

    steps: int
    batch: int
    lr: float = 1e-3
    seed: int = 0
    device: str = "cpu"
    resume: bool = False
    accumulation: int | None = None
    recompute: bool = False
    spike: float | None = None
    tensorboard: bool = False
    without: tuple[str, ...] = ()
    team: ParallelConfig = field(default_factory=ParallelConfig)
    training: dict[str, Any] = field(default_factory=dict)


class SourceOf(Protocol):
    """Opens a stream of batches of so many clips, of which every so manieth is going to be asked for."""

    def __call__(self, *, batch: int, seed: int, every: int = 1) -> BatchSource:
        """Return the stream."""
        ...


def run(
    build: Callable[[], nn.Module],
    learned: SourceOf,
    held_out: SourceOf,
    options: RunOptions,
    out: Path,
    *,
    console: Console | None = None,
) -> Path:
    """Train a new model and return the folder of its last checkpoint. Started by torchrun, every rank calls this.

    Raises:
        Eco1Error: when settings, clips or a run to resume do not fit together.
    """
    with gathered_team(options.team, options.device) as (team, device):
        torch.manual_seed(options.seed)
        model = build()
        weights = _without(cast(dict[str, float], model.term_weights), options.without)
        model.term_weights = weights  # type: ignore[assignment]  # what counts for nothing need not be worked out
        parts = options.accumulation or team.data_ranks
        in_parts = options.accumulation is not None or team.data_ranks > 1
        share = options.batch // parts if in_parts else options.batch
        settings = _settings(weights, options, parts, device)  # out of range is refused before anything is read
        with _closing(learned(batch=share, seed=options.seed, every=team.data_ranks)) as source:
            result = train(
                model,
                InParts(source) if in_parts else source,
                settings,
                out,
                held_out=held_out(batch=share, seed=options.seed + 1),
                device=device,
                resume=options.resume,
                console=console,
                team=team,
                tensorboard=options.tensorboard,
            )
    return result.last


def _without(weights: dict[str, float], terms: Sequence[str]) -> dict[str, float]:
    """Return the weights of objectives, 0 for those that are not to count."""
    for name in terms:
        if name not in weights:
            raise unknown_name("objective", name, weights)
    return {name: 0.0 if name in terms else weight for name, weight in weights.items()}


@contextmanager
def _closing(source: BatchSource) -> Generator[BatchSource, None, None]:
    """Leave no worker behind."""
    try:
        yield source
    finally:
        if isinstance(source, ClipSampler | MadeElsewhere):
            source.close()


def _settings(weights: dict[str, float], options: RunOptions, parts: int, device: str) -> TrainConfig:
    wanted: dict[str, Any] = {
        "weight_decay": 0.05,
        "ema_start": 0.99,  # runs of a few thousand steps: 0.996 is for hundreds of thousands
        "eval_every": max(options.steps // 5, 1),
        **options.training,
    }
    return TrainConfig(
        loss_weights=weights,
        steps=options.steps,
        batch=options.batch,
        accumulation=parts,
        lr=options.lr,
        seed=options.seed,
        recompute=options.recompute,
        spike=options.spike,
        skips_in_a_row=SKIPS_IN_A_ROW,
        precision=quickest_precision(torch_device(device)),
        **wanted,
    )

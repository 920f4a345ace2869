"""The loop: learn, look at held-out clips, keep the best and the last, go on from the last."""

from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from torch import nn

from eco1.training.config import TrainConfig
from eco1.training.device import torch_device
from eco1.training.manifest import Progress
from eco1.training.parallel.team import ALONE, Team
from eco1.training.progress import training_bar
from eco1.training.run import Evaluate, Run
from eco1.training.sources import BatchSource, PartSource


@dataclass(frozen=True, kw_only=True)
class TrainingResult:
    """Where a run has left its checkpoints and metrics. ``best`` is None when nothing was held out."""

    last: Path
    best: Path | None
    metrics: Path
    progress: Progress
    stopped_early: bool


def train(
    model: nn.Module,
    source: BatchSource | PartSource,
    config: TrainConfig,
    folder: Path,
    *,
    held_out: BatchSource | None = None,
    evaluate: Evaluate | None = None,
    device: str = "cpu",
    resume: bool = False,
    console: Console | None = None,
    team: Team = ALONE,
    tensorboard: bool = False,
) -> TrainingResult:
    """Train a world model in place.

    Args:
        model: any module with ``config`` and ``loss``; its ``update_target``, ``embed`` and ``hot_parts`` are used
            when it has them.
        source: training batches by number, whole or part by part.
        config: how to train; the same on resume.
        folder: gets ``last/``, ``best/``, ``metrics.jsonl`` and, of how fast it went, ``speed.jsonl``.
        held_out: batches never trained on; without them nothing is evaluated and the last checkpoint is the result.
        evaluate: further held-out numbers.
        device: where to train.
        resume: go on from ``folder/last``; the losses are those of a run that was never stopped.
        console: where to draw a progress bar; None draws none.
        team: the ranks that learn together; each calls this with the same arguments.
        tensorboard: mirror all numbers in ``folder/tensorboard``.

    Raises:
        ConfigError: when settings, model, batches or a run to be resumed do not fit together.
        TrainingError: when the losses or gradients of too many batches are not finite or spike; at once by default.
        MissingExtraError: when TensorBoard is asked for and not installed.
        CheckpointError: when a checkpoint cannot be read or written.
    """
    run = Run(model, source, config, folder, held_out, evaluate, torch_device(device), team, tensorboard)
    progress = run.resume() if resume else run.start()
    with training_bar(console if team.is_first else None, config.steps, progress.step) as bar:
        while progress.step < config.steps and not run.out_of_patience(progress):
            progress, numbers = run.advance(progress)
            bar.update(progress.step, numbers["total"])
    return TrainingResult(
        last=run.last,
        best=run.best if progress.best is not None else None,
        metrics=run.metrics.path,
        progress=progress,
        stopped_early=progress.step < config.steps,
    )

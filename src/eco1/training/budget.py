"""From a time budget to a number of steps. Steps stay the truth, so that a run can be resumed exactly."""

import copy
import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import nn

from eco1.core.errors import ConfigError
from eco1.training.config import TrainConfig
from eco1.training.device import torch_device
from eco1.training.sources import BatchSource, PartSource, parts_at
from eco1.training.step import Trainer

_WARM_UP = 1
_TIMED = 3
_MARGIN = 0.9  # the rest is for checkpoints and for a machine that slows down


def steps_within(
    seconds: float,
    model: nn.Module,
    source: BatchSource | PartSource,
    config: TrainConfig,
    *,
    held_out: BatchSource | None = None,
    device: str = "cpu",
) -> TrainConfig:
    """Return the settings with as many steps as fit into ``seconds`` on this machine, measured on a copy of the model.

    The measuring (4 steps and an evaluation) comes out of the budget. Evaluation is counted at ``eval_every``.

    Raises:
        ConfigError: when not even one step fits.
    """
    started = time.perf_counter()
    trainer = Trainer(copy.deepcopy(model), config, torch_device(device))

    def learn(step: int) -> None:
        trainer.step(parts_at(source, step, config.accumulation, config.batch), step)

    for step in range(_WARM_UP):
        learn(step)
    step_s = statistics.median(_seconds(lambda k=k: learn(k)) for k in range(_TIMED))
    if held_out is not None:
        step_s += _seconds(lambda: trainer.held_out(held_out)) / config.eval_every
    left_s = seconds * _MARGIN - (time.perf_counter() - started)
    steps = int(left_s / step_s)
    if steps < 1:
        raise ConfigError(
            f"{seconds:g} s are too short: one step takes {step_s:.2g} s here, "
            f"measuring takes {_WARM_UP + _TIMED} of them."
        )
    return replace(config, steps=steps)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    if torch.cuda.is_available():
        torch.cuda.synchronize()
    return time.perf_counter() - started

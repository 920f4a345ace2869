"""One optimiser step, and the same losses on held-out clips without one."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.training.compiling import CompiledPart, in_place
from eco1.training.config import TrainConfig
from eco1.training.ema import HasTarget
from eco1.training.losses import TrainingError, weighted_total
from eco1.training.optimizer import build_optimizer
from eco1.training.random import global_stream, torch_generator
from eco1.training.schedule import ema_momentum, learning_rate
from eco1.training.sources import BatchSource, as_learner, split

_TRAIN, _HELD_OUT = 0, 1  # purposes of random streams


class Trainer:
    """A model with its optimiser. All it knows besides them is the number of the step.

    ``compiled`` are parts of the model that stand in for their originals while it learns, and only then.
    """

    def __init__(
        self, model: nn.Module, config: TrainConfig, device: torch.device, compiled: Sequence[CompiledPart] = ()
    ) -> None:
        self.model, self.config, self.device, self.compiled = model.to(device), config, device, compiled
        self.learner = as_learner(model)
        self.optimizer = build_optimizer(model, config)

    def step(self, clip: Clip, step: int) -> dict[str, float]:
        """Learn from one batch and return what to log: ``total``, every term and monitor, ``lr``, ``grad_norm``.

        Raises:
            ConfigError: when loss terms and weights differ, or the batch has another size.
            TrainingError: when a loss or the gradient is not finite.
        """
        self.model.train()
        lr = learning_rate(self.config, step)
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        self.optimizer.zero_grad(set_to_none=True)
        numbers: defaultdict[str, float] = defaultdict(float)
        share = 1.0 / self.config.accumulation
        for part, clips in enumerate(split(clip, self.config.accumulation, self.config.batch)):
            with in_place(self.compiled):
                losses, total = self._losses(clips, step, _TRAIN, step, part)
            (total * share).backward()
            for name, value in _numbers(losses, total).items():
                numbers[name] += value * share
        norm = float(nn.utils.clip_grad_norm_(self.model.parameters(), self.config.clip_norm))
        if not math.isfinite(norm):
            raise TrainingError(
                f"The gradient is not finite in batch {step}, though the loss is. Lower the learning rate."
            )
        self.optimizer.step()
        numbers |= {"lr": lr, "grad_norm": norm}
        if isinstance(self.model, HasTarget):
            numbers["ema_momentum"] = momentum = ema_momentum(self.config, step)
            self.model.update_target(momentum)
        return dict(numbers)

    @torch.no_grad()
    def held_out(self, source: BatchSource) -> dict[str, float]:
        """Return the mean of all losses and monitors over the held-out batches; every call sees the same ones."""
        self.model.eval()
        numbers: defaultdict[str, float] = defaultdict(float)
        for batch in range(self.config.eval_batches):
            losses, total = self._losses(source.batch_at(batch), batch, _HELD_OUT, batch)
            for name, value in _numbers(losses, total).items():
                numbers[name] += value / self.config.eval_batches
        return dict(numbers)

    def _losses(self, clip: Clip, batch: int, *stream: int) -> tuple[Losses, Tensor]:
        generator = torch_generator(self.device, self.config.seed, *stream)
        bf16 = self.config.precision == "bf16"
        with (
            global_stream(self.device, self.config.seed, *stream),
            torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=bf16),
        ):
            losses = self.learner.loss(clip, generator)
        return losses, weighted_total(losses.terms, self.config.loss_weights, batch)


def _numbers(losses: Losses, total: Tensor) -> dict[str, float]:
    values: Mapping[str, Tensor] = {"total": total, **losses.terms, **losses.monitors}
    return {name: float(value.detach()) for name, value in values.items()}

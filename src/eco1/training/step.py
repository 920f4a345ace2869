"""One optimiser step, and the same losses on held-out clips without one."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.training.blocks import recomputed_blocks
from eco1.training.compiling import CompiledPart, in_place
from eco1.training.config import TrainConfig
from eco1.training.ema import HasTarget
from eco1.training.guard import Guard
from eco1.training.losses import TrainingError, not_finite, weighted_total
from eco1.training.metrics import Means
from eco1.training.optimizer import build_optimizer, set_learning_rate
from eco1.training.parallel.spread import Spread
from eco1.training.parallel.team import ALONE, Team
from eco1.training.random import global_stream, torch_generator
from eco1.training.schedule import ema_momentum, learning_rate
from eco1.training.sources import BatchSource, Parts, split

_TRAIN, _HELD_OUT = 0, 1  # purposes of random streams


class Trainer:
    """A model with its optimiser. All it knows besides them is the number of the step and what ``guard`` remembers.

    ``compiled`` are parts of the model that stand in for their originals while it learns, and only then. In a ``team``
    every rank has a trainer, and all of them make every step together.
    """

    def __init__(
        self,
        model: nn.Module,
        config: TrainConfig,
        device: torch.device,
        compiled: Sequence[CompiledPart] = (),
        team: Team = ALONE,
    ) -> None:
        self.model, self.config, self.device, self.compiled = model.to(device), config, device, compiled
        self.team, self.guard = team, Guard(config)
        self.own_parts = team.own_parts(config.accumulation)
        if config.recompute:
            self.compiled = (*compiled, *recomputed_blocks(model))
        self.spread = Spread(model, config, team)
        self.optimizer = build_optimizer(model, config)

    def step(self, batch: Clip | Parts, step: int) -> dict[str, float]:
        """Learn from one batch, whole or asked for part by part, unless it is bad: then ``guard.skipped`` says why.

        Returns what to log: ``total``, every term and monitor, ``lr``, ``grad_norm``; the same on every rank.

        Raises:
            ConfigError: when loss terms and weights differ, or the batch has another size.
            TrainingError: when too many batches were bad.
        """
        self.model.train()
        lr = learning_rate(self.config, step)
        set_learning_rate(self.optimizer, lr)
        self.optimizer.zero_grad(set_to_none=True)
        before = self._buffers()
        parts = (
            split(batch, self.config.accumulation, self.config.batch).__getitem__ if isinstance(batch, Clip) else batch
        )
        numbers = self.team.mean(self._gradients(parts, step))
        numbers |= {"lr": lr, "grad_norm": self.spread.clip(self.config.clip_norm)}
        if not self.guard.accepts(numbers, step):
            for buffer, kept in before:
                buffer.copy_(kept)
            return numbers
        self.optimizer.step()
        if isinstance(self.model, HasTarget):
            numbers["ema_momentum"] = momentum = ema_momentum(self.config, step)
            self.model.update_target(momentum)
        return numbers

    def _gradients(self, parts: Parts, step: int) -> dict[str, float]:
        """Sum up the gradients of this rank's parts of a batch, and return the means of its numbers."""
        numbers: defaultdict[str, float] = defaultdict(float)
        share = 1.0 / len(self.own_parts)
        for part in self.own_parts:
            self.spread.exchange_gradients(now=part == self.own_parts[-1])
            with in_place(self.compiled):
                losses, total = self._losses(parts(part), _TRAIN, step, part)
            (total * share).backward()
            for name, value in _numbers(losses, total).items():
                numbers[name] += value * share
        return dict(numbers)

    def _buffers(self) -> list[tuple[Tensor, Tensor]]:
        """Return what a bad batch would spoil besides the weights, with copies; nothing when bad batches end a run."""
        if self.config.skips_in_a_row == 0:
            return []
        return [(buffer, buffer.clone()) for buffer in self.model.buffers()]

    @torch.no_grad()
    def held_out(self, source: BatchSource) -> dict[str, float]:
        """Return means over the held-out batches, of each loss and monitor over those that have it.

        Every call sees the same batches.

        Raises:
            TrainingError: when a loss is not finite.
        """
        self.model.eval()
        means = Means()
        for batch in range(self.config.eval_batches):
            losses, total = self._losses(source.batch_at(batch), _HELD_OUT, batch)
            found = _numbers(losses, total)
            wrong = not_finite(found, losses.terms, batch)
            if wrong is not None:
                raise TrainingError(f"{wrong} It is a held-out one: look at it for impossible values.")
            means.add(found)
        return means.take()

    def _losses(self, clip: Clip, *stream: int) -> tuple[Losses, Tensor]:
        generator = torch_generator(self.device, self.config.seed, *stream)
        bf16 = self.config.precision == "bf16"
        with (
            global_stream(self.device, self.config.seed, *stream),
            torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=bf16),
        ):
            losses = self.spread.loss(clip, generator)
        return losses, weighted_total(losses.terms, self.config.loss_weights)


def _numbers(losses: Losses, total: Tensor) -> dict[str, float]:
    values: Mapping[str, Tensor] = {"total": total, **losses.terms, **losses.monitors}
    return {name: float(value.detach()) for name, value in values.items()}

"""What the loop does between two steps: log, evaluate, watch for collapse, save, resume."""

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from eco1.core.errors import ConfigError, differing, unknown_name
from eco1.models.nn.rank import effective_rank
from eco1.training.checkpoint import load_weights, model_config_json, read_config, read_tensors, save_checkpoint
from eco1.training.compiling import compiled_parts
from eco1.training.config import TrainConfig
from eco1.training.manifest import MANIFEST, Progress, read_manifest
from eco1.training.metrics import MetricsLog
from eco1.training.monitors import feature_spread, is_collapsing, latents_of
from eco1.training.optimizer import optimizer_tensors, restore_optimizer
from eco1.training.sources import BatchSource
from eco1.training.step import Trainer

LOG = logging.getLogger(__name__)

#: Numbers of the caller's own at every evaluation, such as a displacement error; lower is better when watched.
Evaluate = Callable[[nn.Module], Mapping[str, float]]


class Run:
    """A run between two steps. Everything that must survive a stop is in the model, the optimiser and ``Progress``."""

    def __init__(
        self,
        model: nn.Module,
        source: BatchSource,
        config: TrainConfig,
        folder: Path,
        held_out: BatchSource | None,
        evaluate: Evaluate | None,
        device: torch.device,
    ) -> None:
        if config.patience is not None and held_out is None:
            raise ConfigError("patience needs held-out batches to lose patience with; pass held_out, or patience=None.")
        self.trainer = Trainer(model, config, device, compiled_parts(model, config, device))
        self.source, self.held_out, self.evaluate = source, held_out, evaluate
        self.config, self.device = config, device
        self.last, self.best = folder / "last", folder / "best"
        self.metrics = MetricsLog(folder / "metrics.jsonl")

    def start(self) -> Progress:
        """Begin; refuses a folder that holds a run."""
        if (self.last / MANIFEST).exists():
            step = read_manifest(self.last).progress.step
            raise ConfigError(
                f"{self.last.parent} already holds a run, at step {step}. Resume it (eco1 train --resume), "
                "or name another folder (--out OTHER)."
            )
        try:
            self.last.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"Cannot train into {self.last.parent}: {error.strerror}. Name another folder (--out OTHER)."
            ) from error
        self.metrics.forget_after(-1)
        if self.held_out is not None:
            self._measure(
                self.held_out, 0
            )  # where learning starts from; a wrong ``watch`` shows before hours are spent
        return Progress()

    def resume(self) -> Progress:
        """Take up the last checkpoint; refuses other settings or another model."""
        if not (self.last / MANIFEST).exists():
            raise ConfigError(
                f"{self.last.parent} holds no checkpoint to resume from: its run stopped before the first, or never "
                "began. Start it without --resume."
            )
        model, manifest = self.trainer.model, read_manifest(self.last)
        stored = read_config(self.last, manifest)
        _require_same("model", stored["model"], model_config_json(model))
        _require_same("training settings", stored["train"] or {}, _as_stored(self.config))
        load_weights(self.last, manifest, model)
        restore_optimizer(model, self.trainer.optimizer, read_tensors(self.last, manifest, "optimizer"))
        self.metrics.forget_after(manifest.progress.step)
        return manifest.progress

    def out_of_patience(self, progress: Progress) -> bool:
        """Return whether the watched number has been without a new best for too long."""
        return self.config.patience is not None and progress.evaluations_since_best >= self.config.patience

    def advance(self, progress: Progress) -> tuple[Progress, dict[str, float]]:
        """Make one step, then log, evaluate and save when it is time. Returns the step's numbers too."""
        started = time.perf_counter()
        numbers = self.trainer.step(self.source.batch_at(progress.step), progress.step)
        progress = replace(progress, step=progress.step + 1)
        finished = progress.step == self.config.steps
        if finished or progress.step % self.config.log_every == 0:
            seconds = progress.seconds + time.perf_counter() - started
            self.metrics.append({"split": "train", "step": progress.step, **numbers, "seconds": round(seconds, 3)})
        if self.held_out is not None and (finished or progress.step % self.config.eval_every == 0):
            progress = self._evaluate(progress, self.held_out)
        progress = replace(progress, seconds=progress.seconds + time.perf_counter() - started)
        if finished or progress.step % self.config.checkpoint_every == 0 or self.out_of_patience(progress):
            optimizer = optimizer_tensors(self.trainer.model, self.trainer.optimizer)
            self._save(self.last, progress, optimizer)
        return progress, numbers

    def _evaluate(self, progress: Progress, held_out: BatchSource) -> Progress:
        value = self._measure(held_out, progress.step)
        if not value < (math.inf if progress.best is None else progress.best):  # NaN is never best
            return replace(progress, evaluations_since_best=progress.evaluations_since_best + 1)
        progress = replace(progress, best=value, best_step=progress.step, evaluations_since_best=0)
        self._save(self.best, progress, None)
        return progress

    def _measure(self, held_out: BatchSource, step: int) -> float:
        """Log all held-out numbers and return the watched one."""
        numbers = self.trainer.held_out(held_out)
        numbers |= self._look_for_collapse(held_out, step)
        if self.evaluate is not None:
            numbers |= self.evaluate(self.trainer.model)
        self.metrics.append({"split": "held_out", "step": step, **numbers})
        if self.config.watch not in numbers:
            raise unknown_name("held-out number to watch", self.config.watch, numbers)
        return numbers[self.config.watch]

    def _look_for_collapse(self, held_out: BatchSource, step: int) -> dict[str, float]:
        latents = latents_of(self.trainer.model, held_out.batch_at(0), self.device)
        if latents is None:
            return {}
        rank, spread = float(effective_rank(latents)), float(feature_spread(latents))
        if is_collapsing(rank, spread, *latents.shape):
            LOG.warning(
                "Step %d: the latents are collapsing (effective rank %.1f of %d, feature spread %.2g). "
                "Raise ema_start, or the weight of a loss term that needs the latents to differ.",
                step,
                rank,
                min(latents.shape),
                spread,
            )
        return {"effective_rank": rank, "feature_spread": spread}

    def _save(self, folder: Path, progress: Progress, optimizer: dict[str, Tensor] | None) -> None:
        save_checkpoint(folder, self.trainer.model, train_config=self.config, progress=progress, optimizer=optimizer)


def _as_stored(config: TrainConfig) -> dict[str, Any]:
    return json.loads(json.dumps(config.to_json()))


def _require_same(what: str, stored: dict[str, Any], given: dict[str, Any]) -> None:
    changed = [f"{key} was {stored.get(key)!r}, is {given.get(key)!r}" for key in differing(stored, given)]
    if changed:
        raise ConfigError(
            f"The run to resume has another {what}: {'; '.join(changed)}. It is untouched. "
            "Resume it as it was started, or begin another in another folder."
        )

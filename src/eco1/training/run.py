"""What the loop does between two steps: log, evaluate, watch for collapse, save, resume."""

import json
import logging
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from reprlib import repr as brief
from typing import Any

import torch
from torch import nn

from eco1.core.errors import ConfigError, differing, unknown_name
from eco1.models.nn.rank import effective_rank
from eco1.training.checkpoint import read_config
from eco1.training.compiling import compiled_parts
from eco1.training.config import TrainConfig
from eco1.training.manifest import MANIFEST, Progress, read_manifest
from eco1.training.metrics import Means, MetricsLog, Value
from eco1.training.monitors import feature_spread, is_collapsing, latents_of
from eco1.training.parallel.team import ALONE, Team
from eco1.training.saving import save_best, save_last, take_up
from eco1.training.sealing import model_config_json
from eco1.training.sources import BatchSource, PartSource
from eco1.training.speed import Stopwatch
from eco1.training.step import Trainer
from eco1.training.tensorboard import Mirror

LOG = logging.getLogger(__name__)

_MAY_CHANGE = ("skips_in_a_row", "spike", "spike_window", "recompute")

#: Numbers of the caller's own at every evaluation, such as a displacement error; lower is better when watched.
Evaluate = Callable[[nn.Module], Mapping[str, float]]


class Run:
    """A run between two steps. Everything that must survive a stop is in the model, the optimiser and ``Progress``."""

    def __init__(
        self,
        model: nn.Module,
        source: BatchSource | PartSource,
        config: TrainConfig,
        folder: Path,
        held_out: BatchSource | None,
        evaluate: Evaluate | None,
        device: torch.device,
        team: Team = ALONE,
        tensorboard: bool = False,
    ) -> None:
        if config.patience is not None and held_out is None:
            raise ConfigError("patience needs held-out batches to lose patience with; pass held_out, or patience=None.")
        compiled = compiled_parts(model, config, device) if team.mesh is None else ()
        self.trainer, self.team = Trainer(model, config, device, compiled, team), team
        self.source, self.held_out, self.evaluate = source, held_out, evaluate
        self.config, self.device = config, device
        self.last, self.best = folder / "last", folder / "best"
        self.metrics, self.speed = MetricsLog(folder / "metrics.jsonl"), MetricsLog(folder / "speed.jsonl")
        self.means = Means()
        self.watch = Stopwatch(model, device, config.precision, team.ranks, team.data_ranks)
        self.mirror: Mirror | None = None
        self._wants_mirror = tensorboard and team.is_first

    def start(self) -> Progress:
        """Begin; refuses a folder that holds a run."""
        if (self.last / MANIFEST).exists():
            step = read_manifest(self.last).progress.step
            raise ConfigError(
                f"{self.last.parent} already holds a run, at step {step}. Resume it (eco1 train --resume), "
                "or name another folder (--out OTHER)."
            )
        self.team.wait()
        try:
            self.last.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"Cannot train into {self.last.parent}: {error.strerror}. Name another folder (--out OTHER)."
            ) from error
        self._forget_after(-1)
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
        stored = read_config(self.last, read_manifest(self.last))
        _require_same("model", stored["model"], model_config_json(self.trainer.model))
        _require_same("training settings", _lasting(stored["train"] or {}), _lasting(self.config.to_json()))
        progress = take_up(self.last, self.trainer)
        self._forget_after(progress.step)
        return progress

    def out_of_patience(self, progress: Progress) -> bool:
        """Return whether the watched number has been without a new best for too long."""
        return self.config.patience is not None and progress.evaluations_since_best >= self.config.patience

    def advance(self, progress: Progress) -> tuple[Progress, dict[str, float]]:
        """Make one step, then log, evaluate and save when it is time. Returns the step's numbers too."""
        started = time.perf_counter()
        batch = progress.step
        parts = self.watch.parts_at(self.source, batch, self.config.accumulation, self.config.batch)
        numbers = self.trainer.step(parts, batch)
        self.watch.add(time.perf_counter() - started)
        progress = replace(progress, step=batch + 1)
        finished = progress.step == self.config.steps
        if self.trainer.guard.skipped is not None:
            LOG.warning("Skipped: %s", self.trainer.guard.skipped)
            why = {"batch": batch, "reason": self.trainer.guard.skipped}
            self._log({"split": "skipped", "step": progress.step, **why, **numbers})
        else:
            self.means.add(numbers)
        due = finished or progress.step % self.config.log_every == 0
        if due and (means := self.means.take()):
            seconds = progress.seconds + time.perf_counter() - started
            self._log({"split": "train", "step": progress.step, **means, "seconds": round(seconds, 3)})
            self._log({"split": "speed", "step": progress.step, **self.watch.report()}, self.speed)
        if self.held_out is not None and (finished or progress.step % self.config.eval_every == 0):
            progress = self._evaluate(progress, self.held_out)
        progress = replace(progress, seconds=progress.seconds + time.perf_counter() - started)
        if finished or progress.step % self.config.checkpoint_every == 0 or self.out_of_patience(progress):
            save_last(self.last, self.trainer, progress)
        return progress, numbers

    def _evaluate(self, progress: Progress, held_out: BatchSource) -> Progress:
        value = self._measure(held_out, progress.step)
        if not value < (math.inf if progress.best is None else progress.best):  # NaN is never best
            return replace(progress, evaluations_since_best=progress.evaluations_since_best + 1)
        progress = replace(progress, best=value, best_step=progress.step, evaluations_since_best=0)
        save_best(self.best, self.trainer, progress)
        return progress

    def _measure(self, held_out: BatchSource, step: int) -> float:
        """Log all held-out numbers and return the watched one."""
        numbers = self.trainer.held_out(held_out)
        with self.trainer.spread.whole():
            numbers |= self._look_for_collapse(held_out, step)
            if self.evaluate is not None:
                numbers |= self.evaluate(self.trainer.model)
        self._log({"split": "held_out", "step": step, **numbers})
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

    def _log(self, line: Mapping[str, Value], where: MetricsLog | None = None) -> None:
        if not self.team.is_first:
            return
        (where or self.metrics).append(line)
        if self.mirror is not None:
            self.mirror.append(line)

    def _forget_after(self, step: int) -> None:
        """Begin the files that one rank writes for all, or go on with them."""
        if not self.team.is_first:
            return
        self.metrics.forget_after(step)
        self.speed.forget_after(step)
        if self._wants_mirror:
            self.mirror = Mirror(self.metrics.path.parent / "tensorboard", step)


def _lasting(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings that must not change on resume, as JSON; those a checkpoint does not know are at their defaults.

    What to do with bad batches, and where memory is saved, may change.
    """
    config = TrainConfig.from_json(settings) if settings else None
    known = {} if config is None else json.loads(json.dumps(config.to_json()))
    return {name: value for name, value in known.items() if name not in _MAY_CHANGE}


def _require_same(what: str, stored: dict[str, Any], given: dict[str, Any]) -> None:
    changed = [f"{key} was {brief(stored.get(key))}, is {brief(given.get(key))}" for key in differing(stored, given)]
    if changed:
        raise ConfigError(
            f"The run to resume has another {what}: {'; '.join(changed)}. It is untouched. "
            "Resume it as it was started, or begin another in another folder."
        )

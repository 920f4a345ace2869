"""How to train, as one frozen record that a checkpoint keeps beside the weights."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Literal, Self

from eco1.core.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """One training run. ``steps`` is the truth; ``training.budget.steps_within`` turns seconds into steps beforehand.

    ``batch`` clips make one optimiser step. They are learned from in ``accumulation`` equal parts, one after the other
    when memory is short, side by side on several ranks: a run is the same either way. ``recompute`` saves more memory:
    what happens inside blocks is computed again for the gradient.
    ``rates`` multiply the learning rate of parts of a model (its children): what has learned before learns slower.
    ``loss_weights`` names every loss term of the model, no more and no fewer. ``watch`` is the held-out number
    (lower is better) that picks the best checkpoint; after ``patience`` evaluations without a new best, training stops
    (None: never). Periods (``log_every`` ...) are counted in optimiser steps.

    A batch is bad when its loss or gradient is not finite, or lies more than ``spike`` deviations above those of the
    last ``spike_window`` good ones (None: spikes are not looked for). Up to ``skips_in_a_row`` bad batches are skipped;
    one more ends the run, and so do more than a quarter of a window. 0: the first ends it.

    Raises:
        ConfigError: when a number is out of range.
    """

    loss_weights: dict[str, float]
    steps: int = 2000
    batch: int = 16
    accumulation: int = 1
    lr: float = 1e-3
    rates: dict[str, float] = field(default_factory=dict)
    warmup_fraction: float = 0.05
    # AdamW: Loshchilov & Hutter, arXiv 1711.05101; decay and betas as used for GPT-3, arXiv 2005.14165, appendix B
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.95)
    clip_norm: float = 1.0
    ema_start: float = 0.996  # BYOL, arXiv 2006.07733, section 3.3
    precision: Literal["fp32", "bf16"] = "fp32"
    seed: int = 0
    log_every: int = 10
    eval_every: int = 200
    eval_batches: int = 4
    checkpoint_every: int = 200
    watch: str = "total"
    patience: int | None = None
    skips_in_a_row: int = 0
    spike: float | None = None
    spike_window: int = 100
    recompute: bool = False

    def __post_init__(self) -> None:
        for name in ("steps", "batch", "accumulation", "log_every", "eval_every", "eval_batches", "checkpoint_every"):
            _require(getattr(self, name) >= 1, name, getattr(self, name), "1 or more")
        _require(self.batch % self.accumulation == 0, "accumulation", self.accumulation, f"a divisor of {self.batch}")
        _require(math.isfinite(self.lr) and self.lr > 0, "lr", self.lr, "a finite number above 0")
        _require(0 <= self.warmup_fraction < 1, "warmup_fraction", self.warmup_fraction, "0 or more, below 1")
        _require(self.weight_decay >= 0, "weight_decay", self.weight_decay, "0 or more")
        _require(all(0 <= b < 1 for b in self.betas), "betas", self.betas, "two numbers of 0 or more, below 1")
        _require(self.clip_norm > 0, "clip_norm", self.clip_norm, "above 0")
        _require(0 <= self.ema_start <= 1, "ema_start", self.ema_start, "0 to 1")
        _require(self.precision in ("fp32", "bf16"), "precision", self.precision, "'fp32' or 'bf16'")
        _require(self.seed >= 0, "seed", self.seed, "0 or more")
        _require(self.patience is None or self.patience >= 1, "patience", self.patience, "None, or 1 or more")
        _require(self.skips_in_a_row >= 0, "skips_in_a_row", self.skips_in_a_row, "0 or more")
        _require(self.spike_window >= 20, "spike_window", self.spike_window, "20 or more, or a bound means little")
        _require(self.spike is None or self.spike > 0, "spike", self.spike, "None, or above 0")
        needed = "1 or more where spikes are looked for"
        _require(self.spike is None or self.skips_in_a_row > 0, "skips_in_a_row", self.skips_in_a_row, needed)
        _require(bool(self.loss_weights), "loss_weights", self.loss_weights, "one weight for each loss term")
        for name, weight in self.loss_weights.items():
            _require(math.isfinite(weight), f"loss_weights[{name!r}]", weight, "a finite number")
        for name, rate in self.rates.items():
            _require(math.isfinite(rate) and rate > 0, f"rates[{name!r}]", rate, "a finite number above 0")

    def to_json(self) -> dict[str, Any]:
        """Return the settings as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, settings: Mapping[str, Any]) -> Self:
        """Return the settings that ``to_json`` wrote.

        Raises:
            ConfigError: when a key is unknown or missing, or a number is out of range.
        """
        known = [setting.name for setting in fields(cls)]
        for key in settings:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                raise ConfigError(
                    f"Unknown training setting {key!r}." + (f" Did you mean {near[0]!r}?" if near else "")
                )
        if "loss_weights" not in settings:
            raise ConfigError("The training settings lack 'loss_weights'.")
        values = dict(settings)
        if "betas" in values:
            values["betas"] = tuple(values["betas"])
        return cls(**values)


def _require(condition: bool, name: str, got: object, allowed: str) -> None:
    if not condition:
        raise ConfigError(f"Training setting {name} is {got!r}; allowed: {allowed}.")

"""Keeps bad batches out of a model: losses and gradients that are not finite, or far above what they lately were.

A run of days must outlive one broken clip; a model whose every batch is bad must not go on. Gradients of bfloat16 have
the range of float32, so there is no loss scale whose overflows would have to be told from real ones.
"""

import math
import statistics
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

from eco1.training.config import TrainConfig
from eco1.training.losses import TrainingError, not_finite

_WATCHED = ("total", "grad_norm")
_AS_SIGMA = 1.4826  # a normal distribution's standard deviation over its median absolute deviation
_LEAST_SPREAD = 0.01  # our choice, of the median: numbers that hardly move are not bounded more tightly
_FEWEST = 20  # good batches before a bound means something; fewer and a few lucky ones would set it
_LARGEST_SHARE = 0.25  # of the last window: our choice
_ADVICE = "Lower the learning rate, or look at this batch for impossible values."


def robust_bound(values: Sequence[float], deviations: float) -> float:
    """Return median + deviations * 1.4826 * MAD: what outliers among the values hardly move.

    MAD is the median absolute deviation (Hampel 1974, DOI 10.1080/01621459.1974.10482962).
    """
    middle = statistics.median(values)
    spread = _AS_SIGMA * statistics.median(abs(value - middle) for value in values)
    return middle + deviations * max(spread, _LEAST_SPREAD * abs(middle))


class Guard:
    """Judges batches by their numbers. ``skipped`` says what was wrong with the last one, None when it was good."""

    def __init__(self, config: TrainConfig) -> None:
        self.config = config
        self.skipped: str | None = None
        self._good = {name: deque[float](maxlen=config.spike_window) for name in _WATCHED}
        self._bad: list[int] = []  # batch numbers, as far back as a window reaches

    def accepts(self, numbers: Mapping[str, float], batch: int) -> bool:
        """Return whether to learn from a batch with these losses and this gradient.

        Raises:
            TrainingError: when too many were bad, naming them.
        """
        self.skipped = self._fault(numbers, batch)
        self._bad = [earlier for earlier in self._bad if earlier > batch - self.config.spike_window]
        if self.skipped is None:
            for name, values in self._good.items():
                values.append(numbers[name])
            return True
        self._bad.append(batch)
        self._give_up(self.skipped, batch)
        return False

    def state(self) -> dict[str, Any]:
        """Return what must survive a stop, as JSON values; empty when there is nothing."""
        if self.config.skips_in_a_row == 0:
            return {}
        return {"good": {name: list(values) for name, values in self._good.items()}, "bad": self._bad}

    def restore(self, state: Mapping[str, Any]) -> None:
        """Go on from what ``state`` returned."""
        for name, values in state.get("good", {}).items():
            self._good[name].extend(values)
        self._bad = list(state.get("bad", []))

    def _fault(self, numbers: Mapping[str, float], batch: int) -> str | None:
        wrong = not_finite(numbers, self.config.loss_weights, batch)
        if wrong is not None:
            return wrong
        if not math.isfinite(numbers["grad_norm"]):
            return f"The gradient is not finite in batch {batch}, though the loss is."
        return self._spike(numbers, batch)

    def _spike(self, numbers: Mapping[str, float], batch: int) -> str | None:
        if self.config.spike is None:
            return None
        for name, values in self._good.items():
            bound = robust_bound(values, self.config.spike) if len(values) >= _FEWEST else math.inf
            if numbers[name] > bound:
                return f"{name} is {numbers[name]:.4g} in batch {batch}, above the bound of {bound:.4g}."
        return None

    def _give_up(self, reason: str, batch: int) -> None:
        config = self.config
        if config.skips_in_a_row == 0:
            raise TrainingError(f"{reason} {_ADVICE}")
        row = 1
        while batch - row in self._bad:
            row += 1
        often = len(self._bad) > _LARGEST_SHARE * config.spike_window
        if row <= config.skips_in_a_row and not often:
            return
        which = f"{row} batches in a row were bad" if row > config.skips_in_a_row else "Too many batches were bad"
        raise TrainingError(
            f"{which} ({', '.join(map(str, self._bad))}; allowed: {config.skips_in_a_row} in a row and "
            f"{_LARGEST_SHARE:.0%} of {config.spike_window}). The last: {reason} The last checkpoint is whole. Look at "
            "these batches; if they are sound, learn on from it more slowly, in another folder "
            "(eco1 train --start-from LAST --lr LOWER --out OTHER)."
        )

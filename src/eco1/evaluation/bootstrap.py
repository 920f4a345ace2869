"""Bootstrap intervals over clusters: animals of one world are no independent draws, so whole units are resampled.

Efron (1979), "Bootstrap methods: another look at the jackknife", DOI 10.1214/aos/1176344552; percentile intervals.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from eco1.core.random import generator

_ROUNDS = 1000
_STREAM = 7_001


@dataclass(frozen=True, kw_only=True)
class Interval:
    """A number and its 95 % bootstrap interval, NaN where there is only one unit to draw from."""

    mean: float
    low: float
    high: float


class Resampler:
    """The same resamples of units for every quantity, so that differences are paired."""

    def __init__(self, unit: Int64[np.ndarray, " m"]) -> None:
        _, self._index = np.unique(unit, return_inverse=True)
        units = int(self._index.max()) + 1
        shares = np.full(units, 1 / units)
        self._drawn = generator(0, _STREAM).multinomial(units, shares, size=_ROUNDS).astype(np.float64)

    def mean(self, values: Float64[np.ndarray, " m"]) -> Interval:
        """Return the mean of values and its interval."""
        return self.ratio(values, np.ones_like(values))

    def ratio(self, above: Float64[np.ndarray, " m"], below: Float64[np.ndarray, " m"]) -> Interval:
        """Return the ratio of two sums and its interval."""
        mean = float(above.sum() / below.sum())
        if self._drawn.shape[1] < 2:
            return Interval(mean=mean, low=float("nan"), high=float("nan"))
        rounds = (self._drawn @ np.bincount(self._index, above)) / (self._drawn @ np.bincount(self._index, below))
        low, high = np.quantile(rounds, (0.025, 0.975))
        return Interval(mean=mean, low=float(low), high=float(high))

"""Several models of the same kind, asked together.

Where data are few, models that began differently err differently, and their mean errs less: deep ensembles,
Lakshminarayanan et al. (2017), arXiv 1612.01474.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from jaxtyping import Float32

from eco1.core.protocols import Forecaster, FutureSampler
from eco1.core.records import Clip


class Seer(Forecaster, FutureSampler, Protocol):
    """A model that can say where animals will be and where they might be."""


@dataclass(frozen=True)
class Ensemble:
    """A Forecaster and FutureSampler made of others."""

    members: Sequence[Seer]

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the mean of what the members expect."""
        return np.stack([member.forecast(history, steps) for member in self.members]).mean(axis=0)

    def sample_futures(
        self, history: Clip, steps: int, samples: int, generator: torch.Generator | None
    ) -> Float32[np.ndarray, "b samples steps n 3"]:
        """Return futures drawn from the members in turn, as evenly as ``samples`` allows."""
        shares = [len(range(first, samples, len(self.members))) for first in range(len(self.members))]
        drawn = [
            member.sample_futures(history, steps, share, generator)
            for member, share in zip(self.members, shares, strict=True)
            if share
        ]
        return np.concatenate(drawn, axis=1)

"""Batches of several kinds in turn."""

from collections.abc import Sequence
from dataclasses import dataclass

from eco1.core.records import Clip
from eco1.training.sources import BatchSource


@dataclass(frozen=True)
class InTurn:
    """Batch k comes from source k mod n, as its batch k div n: so a run resumes exactly."""

    sources: Sequence[BatchSource]

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``."""
        count = len(self.sources)
        return self.sources[step % count].batch_at(step // count)

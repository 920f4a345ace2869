"""Batches of several kinds in turn."""

from collections.abc import Sequence

from eco1.core.records import Clip
from eco1.training.sources import BatchSource


class InTurn:
    """Batch k comes from source k mod n, as its batch k div n: so a run resumes exactly."""

    def __init__(self, sources: Sequence[BatchSource]) -> None:
        self._sources = tuple(sources)

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``."""
        count = len(self._sources)
        return self._sources[step % count].batch_at(step // count)

"""Batches of several kinds in turn, and batches that other processes make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from eco1.core.records import Clip
from eco1.data.workers import WorkerPool
from eco1.training.sources import BatchSource


@dataclass(frozen=True)
class InTurn:
    """Batch k comes from source k mod n, as its batch k div n: so a run resumes exactly."""

    sources: Sequence[BatchSource]

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``."""
        count = len(self.sources)
        return self.sources[step % count].batch_at(step // count)


class MadeElsewhere:
    """Batches of a source that lives in other processes, which make the next ones while a model learns from the last.

    Args:
        open_source: opens the source, in each process; it has to be picklable.
        workers: how many processes.
        every: from a batch that is asked for to the next, more than one for a rank that shares them with others.
    """

    def __init__(self, open_source: Callable[[], BatchSource], workers: int, every: int = 1) -> None:
        self._open, self._workers, self._every = open_source, workers, every
        self._pool: WorkerPool | None = None
        self._next = 0

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``.

        Raises:
            RuntimeError: when a worker was killed.
            Eco1Error: whatever a worker ran into.
        """
        if self._pool is None or step != self._next:
            self.close()
            self._pool = WorkerPool(partial(_maker, self._open), self._workers, step, self._every)
        self._next = step + self._every
        return self._pool.next()

    def close(self) -> None:
        """Stop the workers. It can go on afterwards, with new ones."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None


@dataclass(frozen=True)
class _Maker:
    """A source as workers want it."""

    source: BatchSource

    def batch(self, number: int) -> Clip:
        return self.source.batch_at(number)


def _maker(open_source: Callable[[], BatchSource]) -> _Maker:
    return _Maker(open_source())

"""Batches of several kinds in turn, and batches made ahead."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

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


class Ahead:
    """Makes the next batch in a thread while a model learns from the last one.

    The next is as far from the last as that was from the one before: ranks of one run leave out what others learn from.
    """

    def __init__(self, source: BatchSource) -> None:
        self._source, self._thread = source, ThreadPoolExecutor(1, thread_name_prefix="batches")
        self._next: tuple[int, Future[Clip]] | None = None
        self._last: int | None = None

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``, and begin to make the one after it."""
        coming = self._next
        if coming is None or coming[0] != step:
            coming = step, self._made(step)
        clip = coming[1].result()
        following = step + max(step - self._last, 1) if self._last is not None else step + 1
        self._last, self._next = step, (following, self._made(following))
        return clip

    def close(self) -> None:
        """Make no more."""
        self._thread.shutdown(cancel_futures=True)

    def _made(self, step: int) -> Future[Clip]:
        return self._thread.submit(self._source.batch_at, step)

"""Worker processes that make numbered batches ahead, in order, and hand them over through pipes."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Protocol

from eco1.core.records import Clip

_PATIENCE_S = 5.0


class BatchMaker(Protocol):
    """Something that makes batches by number."""

    def batch_at(self, number: int, /) -> Clip:
        """Return batch ``number``."""
        ...


class WorkerPool:
    """Makes batches ``first``, ``first + every``, ... ahead; worker w of W those at places w, w + W, ... of that line.

    ``next`` hands them out in order. Every worker has one finished batch waiting in its pipe while it makes another.
    Each end of a pipe has one holder, so whoever dies, even in the middle of a batch, ends the other's wait.
    """

    def __init__(self, make: Callable[[], BatchMaker], workers: int, first: int, every: int = 1) -> None:
        context = multiprocessing.get_context("spawn")
        pipes = [context.Pipe(duplex=False) for _ in range(workers)]
        self._outlets = [outlet for outlet, _ in pipes]
        self._processes = [
            context.Process(target=_work, args=(make, first + index * every, workers * every, inlet), daemon=True)
            for index, (_, inlet) in enumerate(pipes)
        ]
        for process, (_, inlet) in zip(self._processes, pipes, strict=True):
            process.start()
            inlet.close()
        self._turn = 0

    def next(self) -> Clip:
        """Return the next batch, waiting for it.

        Raises:
            RuntimeError: when a worker was killed.
            Eco1Error: whatever the worker ran into.
        """
        try:
            made: Clip | Exception = self._outlets[self._turn % len(self._outlets)].recv()
        except (EOFError, OSError):
            raise RuntimeError("A worker that prepares clips was killed (out of memory?).") from None
        if isinstance(made, Exception):
            raise made
        self._turn += 1
        return made

    def has_next(self) -> bool:
        """Return whether the next batch is there already."""
        return self._outlets[self._turn % len(self._outlets)].poll()

    def close(self) -> None:
        """Stop all workers and wait for their end."""
        for outlet in self._outlets:
            outlet.close()
        for process in self._processes:
            process.join(_PATIENCE_S)
            if process.is_alive():
                process.kill()
                process.join()


class MadeElsewhere:
    """Batches that other processes make, the next ones while somebody learns from the last.

    Args:
        make: opens what makes them, in each process; it has to be picklable.
        workers: how many processes.
        every: from a batch that is asked for to the next, more than one for a rank that shares them with others.
    """

    def __init__(self, make: Callable[[], BatchMaker], workers: int, every: int = 1) -> None:
        self._make, self._workers, self._every = make, workers, every
        self._pool: WorkerPool | None = None
        self._next = 0

    def batch_at(self, number: int, /) -> Clip:
        """Return batch ``number``. Asked for any other than the next one, the processes begin anew.

        Raises:
            RuntimeError: when a worker was killed.
            Eco1Error: whatever a worker ran into.
        """
        if self._pool is None or number != self._next:
            self.close()
            self._pool = WorkerPool(self._make, self._workers, number, self._every)
        self._next = number + self._every
        try:
            return self._pool.next()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Stop the processes. It can go on afterwards, with new ones."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None


def _work(make: Callable[[], BatchMaker], first: int, step: int, inlet: "Connection[Clip | Exception, object]") -> None:
    """Make batches until nobody holds the other end of the pipe."""
    with inlet, ThreadPoolExecutor(1, thread_name_prefix="next batch") as ahead:
        try:
            maker = make()
            number, made = first, maker.batch_at(first)
            while True:
                number += step
                coming = ahead.submit(maker.batch_at, number)
                if not _handed_over(inlet, made):
                    return
                made = coming.result()
        except Exception as error:  # the parent raises it
            _handed_over(inlet, error)


def _handed_over(inlet: "Connection[Clip | Exception, object]", item: Clip | Exception) -> bool:
    try:
        inlet.send(item)
    except OSError:  # the reader is gone
        return False
    return True

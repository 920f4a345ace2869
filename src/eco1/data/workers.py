"""Worker processes that make numbered batches ahead, in order, with a bounded store of finished ones."""

import multiprocessing
import queue
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from typing import Protocol

from eco1.core.records import Clip

#: Finished batches that wait in memory for each worker.
PREFETCH = 2
_POLL_S = 0.2
_PATIENCE_S = 5.0


class BatchMaker(Protocol):
    """Something that makes batch ``number``."""

    def batch(self, number: int) -> Clip:
        """Return batch ``number``."""
        ...


class WorkerPool:
    """Makes batches ``first``, ``first + every``, ... ahead; worker w of W those at places w, w + W, ... of that line.

    ``next`` hands them out in order.
    """

    def __init__(self, make: Callable[[], BatchMaker], workers: int, first: int, every: int = 1) -> None:
        context = multiprocessing.get_context("spawn")
        self._stop: Event = context.Event()
        self._queues: list[Queue[Clip | Exception]] = [context.Queue(PREFETCH) for _ in range(workers)]
        self._processes = [
            context.Process(
                target=_work, args=(make, first + index * every, workers * every, done, self._stop), daemon=True
            )
            for index, done in enumerate(self._queues)
        ]
        for process in self._processes:
            process.start()
        self._turn = 0

    def next(self) -> Clip:
        """Return the next batch, waiting for it.

        Raises:
            RuntimeError: when a worker was killed.
            Eco1Error: whatever the worker ran into.
        """
        made = self._wait(self._turn % len(self._queues))
        if isinstance(made, Exception):
            raise made
        self._turn += 1
        return made

    def has_next(self) -> bool:
        """Return whether the next batch is there already."""
        return not self._queues[self._turn % len(self._queues)].empty()

    def _wait(self, index: int) -> Clip | Exception:
        while True:
            alive = self._processes[index].is_alive()  # asked first: a last batch may come just before the end
            try:
                return self._queues[index].get(timeout=_POLL_S)
            except queue.Empty:
                if not alive:
                    raise RuntimeError("A worker that prepares clips was killed (out of memory?).") from None

    def close(self) -> None:
        """Stop all workers and wait for their end."""
        self._stop.set()
        for process in self._processes:
            process.join(_PATIENCE_S)
            if process.is_alive():
                process.kill()
                process.join()
        for done in self._queues:
            done.close()
            done.cancel_join_thread()


def _work(make: Callable[[], BatchMaker], first: int, step: int, done: "Queue[Clip | Exception]", stop: Event) -> None:
    """Make batches until told to stop, or until the parent is gone."""
    try:
        maker = make()
        number = first
        while _offer(done, maker.batch(number), stop):
            number += step
    except Exception as error:  # handed to the parent, which raises it
        _offer(done, error, stop)
    else:
        done.cancel_join_thread()  # nobody reads what is still in the pipe


def _offer(done: "Queue[Clip | Exception]", item: Clip | Exception, stop: Event) -> bool:
    parent = multiprocessing.parent_process()
    while not stop.is_set() and (parent is None or parent.is_alive()):
        try:
            done.put(item, timeout=_POLL_S)
            return True
        except queue.Full:
            continue
    return False

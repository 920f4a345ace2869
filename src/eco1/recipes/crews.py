"""Who does the work of a long run: this process, several processes of this machine, or Ray."""

import logging
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from eco1.core.errors import Eco1Error
from eco1.core.extras import require

T = TypeVar("T")
R = TypeVar("R")

#: Rounds in a row in which workers vanished and nothing was finished, before the run gives up.
_MOST_LOSSES = 3
_log = logging.getLogger(__name__)


def alone(work: Callable[[T], R], tasks: Sequence[T]) -> Iterator[R]:
    """Do all tasks one after the other in this process."""
    return map(work, tasks)


def processes(work: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[R]:
    """Do tasks in worker processes and return results as they come.

    When a worker vanishes, what was under way is done again. ``work`` and the tasks have to be picklable.

    Raises:
        Eco1Error: when workers vanish again and again, or whatever a task ran into.
    """
    waiting, losses = list(tasks), 0
    while waiting:
        finished: list[T] = []
        for task, result in _round(work, waiting, workers):
            finished.append(task)
            yield result
        waiting = [task for task in waiting if task not in finished]
        losses = 0 if finished else losses + 1
        if waiting and losses == _MOST_LOSSES:
            raise vanished()
        if waiting:
            _log.warning("A worker vanished (out of memory?); what it was recording is recorded again")


def on_ray(work: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[R]:
    """Do tasks on Ray and return results as they come: on this machine, or on the cluster of ``RAY_ADDRESS``.

    Ray does again what a vanished worker was at, three times at most. On a cluster the tasks have to write to a URL
    or to a folder that all machines share.

    Raises:
        MissingExtraError: when Ray is not installed.
        Eco1Error: when workers vanish again and again, or whatever a task ran into.
    """
    ray = require("ray", "Recording with --engine ray")
    same_modules = {"env_vars": {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}}
    own = {"num_cpus": workers, "include_dashboard": False, "runtime_env": same_modules}
    cluster = "RAY_ADDRESS" in os.environ
    ray.init(log_to_driver=False, logging_level=logging.ERROR, **({} if cluster else own))
    try:
        remote = ray.remote(max_retries=_MOST_LOSSES)(work)
        waiting = [remote.remote(task) for task in tasks]
        while waiting:
            (done,), waiting = ray.wait(waiting, num_returns=1)
            yield _ray_result(ray, done)
    finally:
        ray.shutdown()


def vanished() -> Eco1Error:
    """Return the error for workers that are killed whatever is tried."""
    return Eco1Error(
        "Worker processes were killed again and again (out of memory?). Complete episodes are kept; the same command "
        "goes on with the missing ones. Try fewer workers: --workers 1"
    )


def _ray_result(ray: Any, done: Any) -> Any:
    try:
        return ray.get(done)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from error
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
        raise vanished() from error


def _round(work: Callable[[T], R], tasks: Sequence[T], workers: int) -> Iterator[tuple[T, R]]:
    """Do tasks until all are done or a worker vanishes, which ends the others of its pool."""
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin)
    try:
        futures: dict[Future[R], T] = {pool.submit(work, task): task for task in tasks}
        for future in as_completed(futures):
            try:
                result = future.result()
            except BrokenProcessPool:
                continue
            yield futures[future], result
    finally:
        pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """Let a worker go when somebody presses Ctrl+C, or when the process that started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

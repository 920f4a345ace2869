"""Threads that share rows of work among them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any


class Threads:
    """Runs compiled work, which lets other threads go on meanwhile, over equal stretches of rows.

    Args:
        count: how many threads; one is the caller's own.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._pool = ThreadPoolExecutor(count) if count > 1 else None

    def each(self, rows: int, work: Callable[[int, int], Any]) -> None:
        """Run ``work(first, last)`` over all rows, one stretch a thread, and wait. What it raises comes through."""
        if self._pool is None:
            work(0, rows)
            return
        edges = [rows * k // self.count for k in range(self.count + 1)]
        for done in [self._pool.submit(work, first, last) for first, last in pairwise(edges)]:
            done.result()

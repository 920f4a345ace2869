"""What was read before and may be asked for again, within a bound on memory."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

import numpy as np

from eco1.core.records import Episode

V = TypeVar("V")

#: What a sampler keeps, when nothing else is said.
CACHE_BYTES = 2 * 2**30


class Kept(Generic[V]):
    """As many values as fit into ``limit_bytes``; the least recently used are forgotten first.

    Several readers may share one, of one thread.
    """

    def __init__(self, limit_bytes: int, bytes_of: Callable[[V], int]) -> None:
        self._limit_bytes, self._bytes_of = limit_bytes, bytes_of
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self.size_bytes = 0

    def get(self, key: Hashable, read: Callable[[], V]) -> V:
        """Return a value, reading it when it is not there."""
        if key in self._values:
            self._values.move_to_end(key)
            return self._values[key]
        value = self._values[key] = read()
        self.size_bytes += self._bytes_of(value)
        while self.size_bytes > self._limit_bytes:
            self.size_bytes -= self._bytes_of(self._values.popitem(last=False)[1])
        return value


class Memory:
    """Episodes, and chunks of what instruments recorded: half of the memory for each where there are both."""

    def __init__(self, limit_bytes: int, *, with_senses: bool) -> None:
        chunks = limit_bytes // 2 if with_senses else 0
        self.chunks: Kept[np.ndarray] = Kept(chunks, lambda chunk: chunk.nbytes)
        self.episodes: Kept[Episode] = Kept(limit_bytes - chunks, _bytes_of)


def _bytes_of(episode: Episode) -> int:
    records = (episode.observation, episode.hidden, episode.action)
    return sum(array.nbytes for record in records if record is not None for array in vars(record).values())

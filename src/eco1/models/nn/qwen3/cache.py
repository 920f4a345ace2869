"""Keys and values of the tokens so far, so that each new token costs one token's work.

Shape letters: b sequences, g key heads, t new tokens, s tokens so far, h size of a head.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.errors import ConfigError
from eco1.models.nn.attention import KeyValue

_ROOM = 64  # tokens that fit before the first growth


class LayerCache:
    """One layer's keys (rotated) and values: stretches shared with other caches, then a buffer of its own.

    Tokens are only ever added, so a stretch that another cache looks at never changes.
    """

    def __init__(self, shared: Sequence[KeyValue] = (), room: int = _ROOM) -> None:
        self._shared, self._room = tuple(shared), room
        self._buffer: KeyValue | None = None
        self._used = 0

    @property
    def length(self) -> int:
        """Number of tokens so far."""
        return sum(part.key.shape[2] for part in self._shared) + self._used

    def append(self, key: Float[Tensor, "b g t h"], value: Float[Tensor, "b g t h"]) -> None:
        """Add tokens behind those that are there; what is there moves only when the room has to be doubled."""
        buffer, end = self._buffer, self._used + key.shape[2]
        if buffer is None or buffer.key.shape[2] < end:
            buffer = self._buffer = self._grown(key, end)
        buffer.key[:, :, self._used : end].copy_(key.detach())
        buffer.value[:, :, self._used : end].copy_(value.detach())
        self._used = end

    def stretches(self) -> tuple[KeyValue, ...]:
        """Return all tokens as views, oldest first. A shared stretch of m sequences serves b / m sequences each."""
        return (*self._shared, *self._own())

    def branched(self) -> "LayerCache":
        """Return a cache that goes on from these tokens in a buffer of its own; nothing is copied."""
        return LayerCache(self.stretches(), self._room)

    def _own(self) -> tuple[KeyValue, ...]:
        if self._buffer is None:
            return ()
        return (KeyValue(key=self._buffer.key[:, :, : self._used], value=self._buffer.value[:, :, : self._used]),)

    def _grown(self, like: Tensor, needed: int) -> KeyValue:
        """Return a buffer with room for ``needed`` tokens and at least twice the old, holding what there was."""
        room = self._room if self._buffer is None else 2 * self._buffer.key.shape[2]
        batch, heads, _, size = like.shape
        shape = (batch, heads, max(room, needed), size)
        buffer = KeyValue(
            key=torch.empty(shape, dtype=like.dtype, device=like.device),
            value=torch.empty(shape, dtype=like.dtype, device=like.device),
        )
        for old in self._own():
            buffer.key[:, :, : self._used].copy_(old.key)
            buffer.value[:, :, : self._used].copy_(old.value)
        return buffer


class Cache:
    """The memory of one batch of sequences of equal length, filled by a model as it reads.

    It is for reading only: no gradient goes back through what it holds.
    """

    def __init__(self, layers: int, room: int = _ROOM) -> None:
        if room < 1:
            raise ConfigError(f"A cache needs room for at least 1 token; got {room}.")
        self.layers = tuple(LayerCache(room=room) for _ in range(layers))
        self.batch: int | None = None

    @property
    def length(self) -> int:
        """Number of tokens so far."""
        return self.layers[0].length

    def expect(self, batch: int) -> None:
        """Take note of how many sequences come.

        Raises:
            ConfigError: when the cache is of another number of sequences.
        """
        if self.batch not in (None, batch):
            raise ConfigError(
                f"The cache holds {self.batch} sequences; {batch} came. branched({batch}) makes {batch} out of one."
            )
        self.batch = batch

    def branched(self, times: int = 1) -> "Cache":
        """Return a cache in which each sequence stands ``times`` times in a row, each free to go on in its own way.

        The tokens so far are shared, not copied, and stay readable here too: many continuations cost one prefix.

        Raises:
            ConfigError: when nothing was read yet, or ``times`` is below 1.
        """
        if self.batch is None or times < 1:
            raise ConfigError(f"A cache of {self.batch or 0} sequences cannot be branched {times} times.")
        branch = Cache(0)
        branch.layers = tuple(layer.branched() for layer in self.layers)
        branch.batch = self.batch * times
        return branch

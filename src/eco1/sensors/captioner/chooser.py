"""Choosing among ways to say the same: seeded, and going round before anything is said again the same way."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from eco1.core.random import generator

T = TypeVar("T")
_STREAM = 31  # beside those of the simulator


class Chooser:
    """Draws from one stream per episode and draw. The choice changes the words, never what they say."""

    def __init__(self, seed: int, world: int, draw: int = 0) -> None:
        further = (draw,) if draw else ()
        self._random: np.random.Generator = generator(abs(seed), _STREAM, abs(world), *further)
        self._left: dict[str, list[int]] = {}

    def pick(self, key: str, options: Sequence[T]) -> T:
        """Return one of the options; all come up once, in random order, before one comes up again under this key."""
        name = f"{key}/{len(options)}"
        left = self._left.get(name)
        if not left:
            left = self._left[name] = self._random.permutation(len(options)).tolist()
        return options[left.pop()]

    def chance(self, share: float) -> bool:
        """Return True in this share of the cases."""
        return bool(self._random.random() < share)

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return the options in random order."""
        return [options[int(k)] for k in self._random.permutation(len(options))]

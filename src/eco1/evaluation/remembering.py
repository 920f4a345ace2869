"""Asking a slow model each question once, although it is judged at several horizons."""

from collections.abc import Callable
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float32

from eco1.core.records import Clip

if TYPE_CHECKING:
    from torch import Generator


class RememberingForecaster:
    """Asks a model for the longest horizon and hands out the beginning of the answer for shorter ones.

    So a model must say the same of the first steps however many it is asked for. Answers are kept for as long as
    this object lives.
    """

    def __init__(self, model: Any, longest: int) -> None:
        self._model, self._longest = model, longest
        self._answers: dict[bytes, np.ndarray] = {}

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the model's forecast."""
        return self._once(b"forecast", history, lambda: self._model.forecast(history, self._longest))[:, :steps]

    def sample_futures(
        self, history: Clip, steps: int, samples: int, generator: "Generator | None"
    ) -> Float32[np.ndarray, "b samples steps n 3"]:
        """Return the model's sampled futures, drawn once."""
        key = b"sample %d" % samples
        draw = self._once(key, history, lambda: self._model.sample_futures(history, self._longest, samples, generator))
        return draw[:, :, :steps]

    def _once(self, kind: bytes, history: Clip, ask: Callable[[], np.ndarray]) -> np.ndarray:
        seen = history.observation
        key = blake2b(kind + seen.position_m.tobytes() + seen.identity.tobytes()).digest()
        if key not in self._answers:
            self._answers[key] = ask()
        return self._answers[key]

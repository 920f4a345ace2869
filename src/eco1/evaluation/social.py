"""What do neighbours tell? The same forecaster, with every animal alone in a scene of its own."""

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float32

from eco1.core.protocols import Forecaster
from eco1.core.records import Clip, Observation

_SCENES = 512


@dataclass(frozen=True, kw_only=True)
class AloneForecaster:
    """Hides all neighbours from a forecaster by handing it each animal's rows as one scene."""

    inner: Forecaster

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the expected positions of animals that see nobody."""
        scenes = alone(history)
        parts = [self.inner.forecast(part, steps) for part in _portions(scenes)]
        return np.moveaxis(np.concatenate(parts).reshape(*_batch_and_rows(history), steps, 3), 1, 2)


def alone(history: Clip) -> Clip:
    """Return a clip (B N, T, 1): every row of the history as a scene of its own."""
    rows = _batch_and_rows(history)[1]

    def split(array: np.ndarray) -> np.ndarray:
        moved = np.moveaxis(array, 2, 1)
        return moved.reshape(moved.shape[0] * moved.shape[1], moved.shape[2], 1, *moved.shape[3:])

    seen = Observation(**{f.name: split(getattr(history.observation, f.name)) for f in fields(Observation)})
    return Clip(observation=seen, dt_s=np.repeat(history.dt_s, rows))


def _portions(scenes: Clip) -> list[Clip]:
    return [
        Clip(observation=scenes.observation[first : first + _SCENES], dt_s=scenes.dt_s[first : first + _SCENES])
        for first in range(0, len(scenes.dt_s), _SCENES)
    ]


def _batch_and_rows(history: Clip) -> tuple[int, int]:
    batch, _, rows = history.observation.alive.shape
    return batch, rows

"""Several models asked together."""

import numpy as np
import torch
from tests.models.small_worlds import wanderers

from eco1.core.records import Clip
from eco1.models.ensemble import Ensemble


class Constant:
    """Expects everybody at one place."""

    def __init__(self, place_m: float) -> None:
        self.place_m = place_m

    def forecast(self, history: Clip, steps: int) -> np.ndarray:
        worlds, _, animals = history.observation.alive.shape
        return np.full((worlds, steps, animals, 3), self.place_m, np.float32)

    def sample_futures(self, history: Clip, steps: int, samples: int, generator: torch.Generator | None) -> np.ndarray:
        return np.repeat(self.forecast(history, steps)[:, None], samples, axis=1)


def test_the_mean_is_expected_and_futures_come_from_all_in_turn():
    clip = wanderers()
    both = Ensemble([Constant(1.0), Constant(4.0)])
    assert np.allclose(both.forecast(clip, 5), 2.5)
    futures = both.sample_futures(clip, 5, 3, None)
    assert futures.shape[1] == 3
    assert sorted(futures[0, :, 0, 0, 0].tolist()) == [1.0, 1.0, 4.0]
    assert both.sample_futures(clip, 5, 1, None).shape[1] == 1

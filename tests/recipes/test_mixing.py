"""Which batch comes from where."""

from dataclasses import dataclass

import numpy as np

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation
from eco1.recipes.mixing import InTurn


@dataclass
class Source:
    """Batches that say in their lengths of time what they are."""

    name: int

    def batch_at(self, step: int, /) -> Clip:
        simulator = FakeSimulator(worlds=2, animals=1)
        scene = Observation.stack([simulator.observe(simulator.reset(0))], axis=1)
        return Clip(observation=scene, dt_s=np.array([self.name, step], np.float32))


def test_batches_come_from_each_source_in_turn():
    turns = InTurn([Source(0), Source(1), Source(2)])
    places = [tuple(turns.batch_at(step).dt_s.astype(int)) for step in range(7)]
    assert places == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2)]

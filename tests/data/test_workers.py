"""Batches that other processes make."""

import multiprocessing
import os

import numpy as np
import pytest

from eco1.core.errors import EpisodeError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation
from eco1.data.workers import MadeElsewhere


class Source:
    """Batches that say in their lengths of time which they are and who made them; the ninth cannot be read."""

    def batch_at(self, step: int, /) -> Clip:
        if step == 9:
            raise EpisodeError("Nine is damaged.")
        simulator = FakeSimulator(worlds=2, animals=1)
        scene = Observation.stack([simulator.observe(simulator.reset(0))], axis=1)
        return Clip(observation=scene, dt_s=np.array([step, os.getpid()], np.float32))


@pytest.mark.parametrize(("workers", "every"), [(1, 1), (2, 1), (1, 3)])
def test_other_processes_make_the_same_batches_and_go_away(workers, every):
    source = MadeElsewhere(Source, workers, every)
    steps = [*range(1, 1 + 3 * every, every), 2, 2 + every]  # and once from elsewhere
    found = [source.batch_at(step).dt_s.astype(int) for step in steps]
    assert [number for number, _ in found] == steps
    assert os.getpid() not in {process for _, process in found}
    assert len({process for _, process in found[:3]}) == workers
    source.close()
    assert multiprocessing.active_children() == []


def test_trouble_elsewhere_reaches_the_caller():
    source = MadeElsewhere(Source, 1)
    source.batch_at(8)
    with pytest.raises(EpisodeError, match="Nine is damaged"):
        source.batch_at(9)
    source.close()

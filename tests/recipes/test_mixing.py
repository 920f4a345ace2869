"""Which batch comes from where, whoever makes it."""

import multiprocessing
import os
from functools import partial

import numpy as np
import pytest

from eco1.core.errors import EpisodeError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Clip, Observation
from eco1.recipes.mixing import InTurn, MadeElsewhere


class Source:
    """Batches that say in their lengths of time what they are and who made them; the ninth cannot be read."""

    def __init__(self, name: int) -> None:
        self.name = name

    def batch_at(self, step: int, /) -> Clip:
        if step == 9:
            raise EpisodeError("Nine is damaged.")
        simulator = FakeSimulator(worlds=3, animals=1)
        scene = Observation.stack([simulator.observe(simulator.reset(0))], axis=1)
        return Clip(observation=scene, dt_s=np.array([self.name, step, os.getpid()], np.float32))


def says(clip: Clip) -> tuple[int, int, int]:
    name, step, process = clip.dt_s
    return int(name), int(step), int(process)


def elsewhere(workers: int, every: int = 1) -> MadeElsewhere:
    return MadeElsewhere(partial(Source, 5), workers, every)


def test_batches_come_from_each_source_in_turn():
    turns = InTurn([Source(0), Source(1), Source(2)])
    places = [says(turns.batch_at(step))[:2] for step in range(7)]
    assert places == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2)]


@pytest.mark.parametrize(("workers", "every"), [(1, 1), (2, 1), (1, 3)])
def test_other_processes_make_the_same_batches_and_go_away(workers, every):
    source = elsewhere(workers, every)
    steps = [*range(1, 1 + 3 * every, every), 2, 2 + every]  # and once from elsewhere
    found = [says(source.batch_at(step)) for step in steps]
    assert [(name, number) for name, number, _ in found] == [(5, step) for step in steps]
    assert os.getpid() not in {process for *_, process in found}
    assert len({process for *_, process in found[:3]}) == workers
    source.close()
    assert multiprocessing.active_children() == []


def test_trouble_elsewhere_reaches_the_caller():
    source = elsewhere(1)
    source.batch_at(8)
    with pytest.raises(EpisodeError, match="Nine is damaged"):
        source.batch_at(9)
    source.close()

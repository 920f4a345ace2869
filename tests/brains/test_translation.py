"""Brains and worlds with different lists of species and behaviours understand each other by name."""

import numpy as np
import pytest

from eco1.brains.drive import drive
from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeBrain, FakeSimulator


class Polyglot(FakeBrain):
    """Knows three species and two behaviours in an order of its own; notes what it sees and makes everyone stand."""

    species_names = ("stroller", "runner", "walker")
    behavior_names = ("walk", "stand")
    decision_s = 0.1

    def act(self, memory, observation, generator):
        self.seen = observation
        memory, action = super().act(memory, observation, generator)
        return memory, action.map(lambda x: np.ones_like(x) if x.dtype == np.int16 else x)


def first_moment(brain):
    world = FakeSimulator(animals=4)
    return next(drive(world, world.reset(0), brain))


def test_a_brain_sees_its_own_indices_and_is_obeyed_in_the_worlds():
    brain = Polyglot()
    moment = first_moment(brain)
    assert moment.observation.species.tolist() == [[0, 1, 0, 1]]
    assert brain.seen.species.tolist() == [[2, 0, 2, 0]]
    assert moment.observation.behavior.tolist() == [[1, 1, 1, 1]]
    assert brain.seen.behavior.tolist() == [[0, 0, 0, 0]]
    assert moment.action.behavior.tolist() == [[0, 0, 0, 0]]


def test_what_a_brain_never_heard_of_is_unknown_to_it():
    brain = Polyglot()
    brain.species_names, brain.behavior_names = ("stroller",), ("stand",)
    brain.act = lambda memory, seen, dice: (setattr(brain, "seen", seen), FakeBrain().act(memory, seen, dice)[1])
    first_moment(brain)
    assert brain.seen.species.tolist() == [[-1, 0, -1, 0]]
    assert brain.seen.behavior.tolist() == [[-1, -1, -1, -1]]


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("species_names", ("lion",), "knows none of the species.*made for lion; here live walker, stroller"),
        ("behavior_names", ("walk", "hop"), "behaviours that this world does not have: hop"),
        ("decision_s", 0.25, "decides every 0.25 s"),
    ],
)
def test_a_brain_for_another_world_is_refused(name, value, message):
    brain = Polyglot()
    setattr(brain, name, value)
    with pytest.raises(ConfigError, match=message):
        first_moment(brain)

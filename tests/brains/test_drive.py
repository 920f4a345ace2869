from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from eco1.brains.drive import by_turns, drive, everyone, only_species
from eco1.core.errors import UnknownNameError
from eco1.core.fakes import FakeBrain, FakeSimulator


class Dicer(FakeBrain):
    """Runs east at a speed that it rolls anew at every decision."""

    species_names = FakeSimulator.species_names
    behavior_names = FakeSimulator.behavior_names
    decision_s = 0.1

    def act(self, memory, observation, generator):
        memory, action = super().act(memory, observation, generator)
        velocity = np.zeros_like(action.velocity_mps)
        velocity[..., 0] = 10 + torch.rand(velocity.shape[:-1], generator=generator).numpy()
        return memory, replace(action, velocity_mps=velocity)


def moments(brain, steps=6, *, dt_s=0.1, **options):
    simulator = FakeSimulator(worlds=2, animals=4, dt_s=dt_s)
    return list(islice(drive(simulator, simulator.reset(3), brain, **options), steps))


def test_brain_and_animal_take_turns_by_a_seed():
    def led(seed):
        run = moments(Dicer(), 800, driven=by_turns(20, seed))
        return np.stack([moment.action.controlled for moment in run])

    turns = led(5)
    assert turns.mean() == pytest.approx(0.5, abs=0.1)
    changes = (turns[1:] != turns[:-1]).mean()
    assert 1 / changes == pytest.approx(20, rel=0.2), "mean length of a stretch"
    assert np.array_equal(turns, led(5))
    assert not np.array_equal(turns, led(6))


def test_only_chosen_species_are_driven():
    run = moments(Dicer(), driven=only_species(["stroller"], FakeSimulator.species_names))
    for moment in run[1:]:
        speed = np.linalg.norm(moment.observation.velocity_mps, axis=-1)
        assert (speed[:, 1::2] > 9).all()
        assert (speed[:, ::2] < 2).all()
    assert not run[0].action.controlled[:, ::2].any()


def test_whoever_is_not_driven_lives_as_before():
    built_in = FakeSimulator(worlds=2, animals=4)
    state = built_in.reset(3)
    for moment in moments(FakeBrain(), driven=lambda seen: np.zeros_like(seen.alive)):
        assert np.array_equal(moment.observation.position_m, built_in.observe(state).position_m)
        state = built_in.step(state, None)


def test_a_life_can_be_repeated():
    first, again, other = (moments(Dicer(), seed=seed)[-1].observation.position_m for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_between_decisions_the_last_wish_holds():
    run = moments(Dicer(), 9, dt_s=0.05)
    wishes = [moment.action.velocity_mps for moment in run]
    assert [moment.memory for moment in run] == [1, 1, 2, 2, 3, 3, 4, 4, 5]
    assert np.array_equal(wishes[0], wishes[1])
    assert not np.array_equal(wishes[1], wishes[2])


def test_the_driven_may_change_while_the_world_runs():
    simulator = FakeSimulator(animals=3)
    chosen = np.zeros((1, 3), bool)
    loop = drive(simulator, simulator.reset(0), Dicer(), driven=lambda seen: chosen)
    assert not next(loop).action.controlled.any()
    chosen = np.array([[True, False, False]])
    assert next(loop).action.controlled.tolist() == [[True, False, False]]


def test_a_species_that_does_not_live_there_cannot_be_chosen():
    with pytest.raises(UnknownNameError, match="Did you mean 'walker'"):
        only_species(["waker"], FakeSimulator.species_names)


def test_everyone_alive_is_driven_by_default():
    run = moments(Dicer())
    assert all(np.array_equal(moment.action.controlled, everyone(moment.observation)) for moment in run)

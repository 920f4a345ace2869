"""What every `Simulator` promises."""

import numpy as np
import pytest

from eco1.core.fakes import FakeBrain, FakeSimulator
from eco1.core.records import Observation
from eco1.sim.ecosystem import Ecosystem

SIMULATORS = {
    "fake": lambda: FakeSimulator(worlds=2, animals=6),
    "ecosystem": lambda: Ecosystem("savanna", worlds=2, animals=32),
}


@pytest.fixture(params=SIMULATORS, name="simulator")
def _simulator(request):
    return SIMULATORS[request.param]()


def run(simulator, seed: int, steps: int) -> Observation:
    state, seen = simulator.reset(seed), []
    for _ in range(steps):
        state = simulator.step(state, None)
        seen.append(simulator.observe(state))
    return Observation.stack(seen)


def test_the_same_seed_gives_the_same_world(simulator):
    first, second, other = run(simulator, 3, 8), run(simulator, 3, 8), run(simulator, 4, 8)
    for name, array in vars(first).items():
        assert np.array_equal(array, getattr(second, name), equal_nan=array.dtype.kind == "f"), name
    assert not np.array_equal(first.position_m, other.position_m)


def test_what_is_observed_belongs_to_the_caller(simulator):
    state = simulator.reset(0)
    seen = simulator.observe(state)
    before = seen.position_m.copy()
    simulator.step(state, None)
    assert np.array_equal(seen.position_m, before)


def test_animals_move_at_the_velocity_they_show(simulator):
    seen = run(simulator, 1, 20)
    living = seen.alive[1:] & seen.alive[:-1] & (seen.identity[1:] == seen.identity[:-1])
    moved = np.diff(seen.position_m[..., :2], axis=0) / simulator.dt_s
    assert np.allclose(moved[living], seen.velocity_mps[1:][..., :2][living], atol=0.05)


def test_controlled_animals_do_what_they_are_told_and_the_others_do_not_wait(simulator):
    state = simulator.reset(2)
    brain = FakeBrain()
    memory, action = brain.act(brain.initial(2), simulator.observe(state), None)
    told = action.behavior.copy()
    told[:, 0] = 1
    controlled = np.zeros_like(action.controlled)
    controlled[:, 0] = True
    state = simulator.step(state, type(action)(velocity_mps=action.velocity_mps, behavior=told, controlled=controlled))
    assert memory == 1
    assert (simulator.observe(state).behavior[:, 0] == 1).all()


def test_indices_stay_inside_their_lists(simulator):
    seen = run(simulator, 5, 5)
    assert seen.species[seen.alive].max() < len(simulator.species_names)
    assert seen.behavior[seen.alive].min() >= 0
    assert seen.behavior[seen.alive].max() < len(simulator.behavior_names)

"""A world depends on its seed and its number, on nothing else."""

import numpy as np
import pytest

from eco1.sim.ecosystem import Ecosystem
from eco1.sim.state import EcosystemState


def run(steps: int, seed: int = 5, first_world: int = 0, **settings: int) -> EcosystemState:
    world = Ecosystem(**settings)
    state = world.reset(seed, first_world)
    for _ in range(steps):
        state = world.step(state)
    return state


def same(one: EcosystemState, other: EcosystemState, index: int = 0) -> bool:
    pairs = [(one.floats[index], other.floats[0]), (one.integers[index], other.integers[0])]
    pairs += [(one.forage[index], other.forage[0]), (one.census[index], other.census[0])]
    pairs += [(one.marks[index], other.marks[0])]
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


@pytest.mark.parametrize(("worlds", "animals"), [(32, 64), (1, 2100)])
def test_one_thread_and_two_give_the_same_bytes(worlds, animals):
    one = run(60, worlds=worlds, animals=animals, threads=1)
    two = run(60, worlds=worlds, animals=animals, threads=2)
    assert one.floats.tobytes() == two.floats.tobytes()
    assert one.integers.tobytes() == two.integers.tobytes()
    assert one.forage.tobytes() == two.forage.tobytes()
    assert one.marks.tobytes() == two.marks.tobytes()


def test_a_batch_of_worlds_equals_single_worlds():
    batch = run(200, worlds=3, animals=64, threads=1)
    for index in range(3):
        single = run(200, first_world=index, worlds=1, animals=64, threads=1)
        assert same(batch, single, index)


def test_worlds_of_a_batch_differ():
    batch = run(20, worlds=2, animals=64, threads=1)
    assert not np.array_equal(batch.floats[0], batch.floats[1])


def test_seeds_differ_in_landscape_and_animals():
    one, other = run(1, seed=1, worlds=1, animals=64), run(1, seed=2, worlds=1, animals=64)
    assert not np.array_equal(one.landscape.height_m, other.landscape.height_m)
    assert not np.array_equal(one.floats, other.floats)

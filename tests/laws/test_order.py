"""In a phase nobody reads what another writes in it: the order of rows, and so the number of threads, cannot matter."""

import numpy as np
import pytest

from eco1.catalog.loader import biome_names
from eco1.sim import behaviors as b
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col, trait
from eco1.sim.kernels import run
from eco1.sim.kernels.sense import grid_side, sort_into_cells
from eco1.sim.state import EcosystemState


def decide_and_advance(world: Ecosystem, state: EcosystemState, rows: range) -> tuple[np.ndarray, np.ndarray]:
    """Return the tables after both phases, one row at a time in this order."""
    f, k, cells = state.floats[0].copy(), state.integers[0].copy(), state.cells[0].copy()
    now, side = world.conditions(state), grid_side(state.ground.size, world.animals)
    sort_into_cells(f, k, cells, state.ground, side)
    places = (state.forage[0], state.marks[0], cells, state.ground, now, side)
    for i in rows:
        run.decide_rows(f, k, world.traits, *places, i, i + 1)
    for i in rows:
        run.advance_rows(f, k, world.traits, state.ground, now, i, i + 1)
    return f, k


def assert_order_does_not_matter(world: Ecosystem, state: EcosystemState) -> None:
    forwards = decide_and_advance(world, state, range(world.animals))
    backwards = decide_and_advance(world, state, range(world.animals)[::-1])
    assert forwards[0].tobytes() == backwards[0].tobytes()
    assert forwards[1].tobytes() == backwards[1].tobytes()


@pytest.mark.parametrize("biome", biome_names())
def test_rows_may_decide_in_any_order(biome):
    world = Ecosystem(biome, worlds=1, animals=128, threads=1)
    state = world.reset(3)
    for step in range(240):
        if step % 8 == 0:
            assert_order_does_not_matter(world, state)
        state = world.step(state)


def dancing(threads: int) -> tuple[Ecosystem, EcosystemState]:
    """Return a city in which every bee leads others to flowers of its own."""
    world = Ecosystem("urban", worlds=1, animals=2100, threads=threads)
    state = world.reset(1)
    f, k = state.floats[0], state.integers[0]
    bees = np.flatnonzero(k[col.SPECIES] == world.species_names.index("honeybee"))
    k[col.BEHAVIOR, bees] = k[col.NEXT_BEHAVIOR, bees] = b.RECRUIT
    k[col.MEAL, bees] = k[col.SHOWN_MEAL, bees] = np.where(bees % 2, trait.NECTAR, trait.FRUIT)
    f[col.KNOWN_X, bees] = f[col.SHOWN_X, bees] = bees
    f[col.DRIVES + b.HUNGER, bees] = 0.5
    f[col.CLOCK, bees], f[col.BOUT, bees] = 5.0, 10.0
    return world, state


def test_what_dancing_bees_tell_each_other_does_not_depend_on_the_order():
    world, state = dancing(1)
    followed = False
    for _ in range(30):
        assert_order_does_not_matter(world, state)
        state = world.step(state)
        followed |= bool((state.integer_field(col.BEHAVIOR) == b.FOLLOW_TRAIL).any())
    assert followed


@pytest.mark.slow
def test_a_big_world_of_bees_is_the_same_on_one_two_and_five_threads():
    tables = []
    for threads in (1, 2, 5):
        world, state = dancing(threads)
        for _ in range(40):
            state = world.step(state)
        tables.append((state.floats.tobytes(), state.integers.tobytes(), state.forage.tobytes()))
    assert tables[0] == tables[1] == tables[2]

"""Animals get to where they go, and find there what they went for."""

import numpy as np
import pytest

from eco1.sim import behaviors as b
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col

STEPS, EVERY = 1500, 30
_SETTLED_S, _FAR_M, _STILL_MPS = 2.0, 6.0, 0.02


def alive_and_doing(state, behaviors):
    doing = np.isin(state.integer_field(col.BEHAVIOR), behaviors)
    settled = (state.float_field(col.CLOCK) > _SETTLED_S) & (state.integer_field(col.PLAN) < 0)
    return (state.integer_field(col.STATUS) == col.ALIVE) & doing & settled


def test_nobody_on_a_way_through_the_city_is_caught_at_a_corner():
    world = Ecosystem("urban", worlds=8, animals=64)
    state = world.reset(5)
    travels = [behavior for behavior in np.flatnonzero(b.TRAVELS) if behavior != b.REGROUP]
    standing = going = 0
    for step in range(STEPS):
        state = world.step(state)
        if step % EVERY == 0:
            away = np.hypot(
                state.float_field(col.GOAL_X) - state.float_field(col.X),
                state.float_field(col.GOAL_Y) - state.float_field(col.Y),
            )
            on_the_way = alive_and_doing(state, travels) & (away > _FAR_M)
            going += on_the_way.sum()
            standing += (on_the_way & (state.float_field(col.SPEED) < _STILL_MPS)).sum()
    assert going > 500
    assert standing < 0.1 * going


@pytest.mark.parametrize(
    ("biome", "species", "behavior"),
    [
        ("canopy", "scarlet_macaw", b.PICK),
        ("canopy", "three_toed_sloth", b.BROWSE),
        ("reef", "day_octopus", b.EAT_MEAT),
        ("urban", "honeybee", b.RECRUIT),
    ],
)
def test_those_that_feed_gain_by_it(biome, species, behavior):
    world = Ecosystem(biome, worlds=8, animals=64)
    state, wanted = world.reset(5), world.species_names.index(species)
    gained = []
    for _ in range(STEPS):
        before, who = state.float_field(col.ENERGY).copy(), state.integer_field(col.IDENTITY).copy()
        eating = alive_and_doing(state, [behavior]) & (state.integer_field(col.SPECIES) == wanted)
        state = world.step(state)
        eating &= state.integer_field(col.IDENTITY) == who
        gained.extend((state.float_field(col.ENERGY) - before)[eating] / state.float_field(col.POWER)[eating])
    assert len(gained) > 50
    assert np.mean(gained) > 0, "less than resting costs"

"""Whatever the biome, bodies stay where something carries them and out of what stops them."""

import numpy as np
import pytest

from eco1.catalog.loader import biome_names
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import layer, trait

STEPS, EVERY = 900, 15


@pytest.fixture(scope="module", params=biome_names())
def life(request):
    """Return a world of the biome and what was seen of it now and then for a minute and a half."""
    world = Ecosystem(request.param, worlds=1, animals=64, threads=1)
    state, seen = world.reset(11), []
    for step in range(STEPS):
        state = world.step(state)
        if step % EVERY == 0:
            seen.append(world.observe(state)[0])
    return world, state, seen


def here(ground, which, position):
    index = np.clip((position[:, :2] / ground.cell).astype(int), 0, ground.maps.shape[1] - 1)
    return ground.maps[which, index[:, 1], index[:, 0]]


def test_nothing_becomes_infinite_and_nobody_leaves_the_world(life):
    _, state, seen = life
    for one in seen:
        assert np.isfinite(one.position_m[one.alive]).all()
        assert np.isfinite(one.velocity_mps[one.alive]).all()
        assert (one.position_m[one.alive][:, :2] > 0).all()
        assert (one.position_m[one.alive][:, :2] < state.ground.size).all()


def test_nobody_on_foot_is_inside_a_house(life):
    world, state, seen = life
    for one in seen:
        lift = world.traits[one.species[one.alive], trait.LIFT]
        at = one.position_m[one.alive]
        assert (here(state.ground, layer.ROOF, at)[lift != trait.AIR] == 0).all()


def test_swimmers_stay_between_the_bed_and_the_surface(life):
    world, state, seen = life
    for one in seen:
        swims = world.traits[one.species[one.alive], trait.LIFT] == trait.WATER
        at = one.position_m[one.alive][swims]
        assert (at[:, 2] <= max(state.ground.top, 0) + 1e-3).all() if state.ground.top < 1e5 else True
        depth = here(state.ground, layer.DEPTH, at)
        assert (at[:, 2] >= here(state.ground, layer.HEIGHT, at) - depth - 1.0).all()


def test_climbers_hold_on_to_something(life):
    world, state, seen = life
    for one in seen:
        species = one.species[one.alive]
        climbs = (world.traits[species, trait.LIFT] == trait.CROWNS) & (world.traits[species, trait.SWINGS] == 0)
        at = one.position_m[one.alive][climbs]
        above = at[:, 2] - here(state.ground, layer.HEIGHT, at)
        falling = one.velocity_mps[one.alive][climbs][:, 2] < -2.0
        assert ((above <= here(state.ground, layer.CROWN, at) + 2.5) | falling).all()

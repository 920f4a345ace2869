"""What has vanished from a world comes in again over its border."""

import numpy as np

from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col


def test_a_species_that_died_out_comes_in_again_over_the_border():
    world = Ecosystem("canopy", worlds=2, animals=64, threads=1)
    state = world.reset(3)
    morpho = world.species_names.index("blue_morpho")
    gone = state.integer_field(col.SPECIES) == morpho
    state.integer_field(col.STATUS)[gone] = col.EMPTY
    state.census[:, morpho] = 0
    known = state.census[:, -1].copy()
    for _ in range(3000):
        state = world.step(state)
        here = (state.integer_field(col.STATUS) == col.ALIVE) & (state.integer_field(col.SPECIES) == morpho)
        if here.any():
            break
    row = tuple(np.argwhere(here)[0])
    x, y = state.float_field(col.X)[row], state.float_field(col.Y)[row]
    assert min(x, y, state.ground.size - x, state.ground.size - y) < 2.0
    assert state.integer_field(col.IDENTITY)[row] >= known[row[0]]
    assert state.census[row[0], morpho] == 1
    assert 0 < state.float_field(col.AGE)[row] <= state.float_field(col.LIFESPAN)[row]
    assert state.float_field(col.ENERGY)[row] > 0

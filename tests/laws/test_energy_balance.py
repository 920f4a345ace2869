"""Energy is neither made nor lost, except where the ledger says so."""

import numpy as np

from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col
from eco1.sim.kernels.lives import CREATED, EATEN, LOST, SPENT
from eco1.sim.state import EcosystemState


def stored(state: EcosystemState) -> np.ndarray:
    alive = state.integer_field(col.STATUS) == col.ALIVE
    return np.where(alive, state.float_field(col.ENERGY), 0).sum(1, dtype=np.float64)


def test_what_is_eaten_is_spent_stored_or_lost_with_the_dead():
    world = Ecosystem(worlds=4, animals=64, threads=1)
    state = world.reset(7)
    before = stored(state)
    for _ in range(3000):
        state = world.step(state)
    book = state.ledger
    expected = before + book[:, EATEN] - book[:, SPENT] - book[:, LOST] + book[:, CREATED]
    assert np.allclose(stored(state), expected, rtol=0, atol=1e-4 * book[:, SPENT].max())
    assert (book[:, EATEN] > 0.2 * book[:, SPENT]).all(), "animals must feed"
    assert book[:, LOST].sum() > 0, "some die"
    assert book[:, CREATED].sum() > 0, "some are born"


def test_grazing_takes_forage_and_plants_grow_back():
    world = Ecosystem(worlds=1, animals=64, threads=1)
    state = world.reset(3)
    for _ in range(1500):
        state = world.step(state)
    grazed = state.forage[0] < 0.98 * state.ground.capacity
    assert grazed.any()
    assert (state.forage[0] <= state.ground.capacity + 1e-6).all()
    assert (state.forage[0] >= 0).all()

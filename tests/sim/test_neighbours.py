"""The neighbour grid finds what looking at everybody finds."""

import numpy as np

from eco1.catalog.loader import load_biome
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col
from eco1.sim.kernels.sense import grid_side, sense, sort_into_cells
from eco1.sim.laws import weather


def percepts(world: Ecosystem, state, side: int) -> tuple[np.ndarray, np.ndarray]:
    f, k = state.floats[0].copy(), state.integers[0].copy()
    cells = np.zeros(side * side + 1, np.int32)
    biome, cell = load_biome("savanna"), state.ground.forage_cell
    now = weather.conditions(biome, seed=2, step=state.step, dt_s=0.1, start_s=state.start_s, forage_cell_m=cell)
    sort_into_cells(f, k, cells, state.ground, side)
    assert cells[-1] == (k[col.STATUS] == col.ALIVE).sum()
    for i in np.flatnonzero(k[col.STATUS] == col.ALIVE):
        sense(f, k, world.traits, cells, state.ground, now, i, side)
    return f[col.PUSH_X : col.PREY_D2 + 1], k[col.KIN : col.PREY + 1]


def test_grid_and_brute_force_agree():
    world = Ecosystem(worlds=1, animals=700, threads=1)
    state = world.reset(2)
    for _ in range(30):
        state = world.step(state)
    side = grid_side(state.ground.size, 700)
    assert side > 3
    floats_grid, integers_grid = percepts(world, state, side)
    floats_all, integers_all = percepts(world, state, 1)
    assert np.array_equal(integers_grid, integers_all)
    assert np.allclose(floats_grid, floats_all, rtol=1e-4, atol=1e-2)


def test_small_worlds_need_no_grid():
    assert grid_side(700.0, 64) == 1
    assert grid_side(8750.0, 10_000) > 10

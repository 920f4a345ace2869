"""Worlds on the GPU are those on the CPU. Run by ``test_gpu`` under the simulator; or: pytest tests/sim/on_gpu.py.

Under the simulator the threads of a kernel run in Python and call what is compiled for the CPU, so all is the same to
the byte. A GPU takes sines, logarithms and powers from another library, which may differ in the last bit.
"""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from numba.core import config

from eco1.catalog.loader import biome_names
from eco1.core.gpu import upload
from eco1.core.records import Action
from eco1.sim import behaviors as b
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col
from eco1.sim.state import EcosystemState

TABLES = ("floats", "integers", "forage", "marks", "census", "ledger", "cells")


def pair(biome: str = "savanna", **settings: int) -> tuple[Ecosystem, Ecosystem]:
    return Ecosystem(biome, threads=1, **settings), Ecosystem(biome, device="cuda", **settings)


def fetched(world: Ecosystem, state: EcosystemState) -> EcosystemState:
    """Return a state with the tables of the host."""
    return replace(state, **{name: world.machine.fetch(getattr(state, name)) for name in TABLES})


def assert_equal(here: np.ndarray, there: np.ndarray, name: str) -> None:
    assert here.dtype == there.dtype
    if config.ENABLE_CUDASIM:
        assert here.tobytes() == there.tobytes(), name
    elif np.issubdtype(here.dtype, np.floating):
        np.testing.assert_allclose(there, here, rtol=1e-5, atol=1e-5, err_msg=name)
    else:
        np.testing.assert_array_equal(there, here, err_msg=name)


def assert_same(cpu: Ecosystem, gpu: Ecosystem, here: EcosystemState, there: EcosystemState) -> None:
    copied = fetched(gpu, there)
    for name in TABLES:
        assert_equal(getattr(here, name), getattr(copied, name), name)
    for seen, shown in ((cpu.observe(here), gpu.observe(there)), (cpu.hidden(here), gpu.hidden(there))):
        for field in fields(seen):
            assert_equal(getattr(seen, field.name), getattr(shown, field.name), field.name)
    assert cpu.living(here) == gpu.living(there)


@pytest.mark.parametrize("biome", biome_names())
def test_worlds_live_as_on_the_cpu(biome):
    cpu, gpu = pair(biome, worlds=2, animals=48)
    here, there = cpu.reset(3, 5), gpu.reset(3, 5)
    assert_same(cpu, gpu, here, there)
    for _ in range(30):
        here, there = cpu.step(here), gpu.step(there)
    assert_same(cpu, gpu, here, there)


def test_a_world_with_a_neighbour_grid_lives_as_on_the_cpu():
    cpu, gpu = pair(worlds=1, animals=600)
    here, there = cpu.reset(1), gpu.reset(1)
    assert here.cells.shape[1] > 2
    for _ in range(10):
        here, there = cpu.step(here), gpu.step(there)
    assert_same(cpu, gpu, here, there)


def led(step: int) -> Action | None:
    """Tell every third animal to walk east for a while, then let it go; the others may hold anything."""
    if step >= 8:
        return None
    velocity = np.full((2, 48, 3), np.nan, np.float32)
    velocity[:, ::3] = (1.5, 0.5 * (step % 3), 0.0)
    controlled = np.zeros((2, 48), bool)
    controlled[:, ::3] = step != 5
    return Action(velocity_mps=velocity, behavior=np.full((2, 48), b.EXPLORE, np.int16), controlled=controlled)


def test_orders_are_followed_and_forgotten_as_on_the_cpu():
    cpu, gpu = pair(worlds=2, animals=48)
    here, there = cpu.reset(2), gpu.reset(2)
    for step in range(14):
        here, there = cpu.step(here, led(step)), gpu.step(there, led(step))
        assert_same(cpu, gpu, here, there)
    assert (here.integer_field(col.BEHAVIOR)[:, ::3] == b.EXPLORE).any()


def strained(world: Ecosystem, into: Callable[[np.ndarray], Any]) -> EcosystemState:
    """Return young worlds in which females are about to give birth and every fifth animal is about to die.

    ``into`` puts a table where the world keeps its own.
    """
    state = world.reset(4)
    tables = fetched(world, state)
    floats = tables.floats.copy()
    floats[:, col.GESTATION] = np.where(tables.integers[:, col.FEMALE] == 1, 0.3, -1.0)
    floats[:, col.ENERGY, ::5] = 1.0
    floats[:, col.MEAT] = 0.0
    state.floats = into(floats)
    return state


def test_births_and_deaths_take_the_same_rows_as_on_the_cpu():
    cpu, gpu = pair(worlds=2, animals=64)
    here, there = strained(cpu, np.copy), strained(gpu, upload)
    before = here.census[:, -1].copy()
    for _ in range(30):
        here, there = cpu.step(here), gpu.step(there)
    assert (here.census[:, -1] > before).all(), "nobody was born"
    assert (here.integer_field(col.STATUS) == col.CARCASS).sum() > 4, "nobody died"
    assert_same(cpu, gpu, here, there)

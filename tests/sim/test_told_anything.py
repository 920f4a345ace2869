"""Animals may be told what their kind never does, and have to live on when they are let go."""

import numpy as np
import pytest

from eco1.catalog.loader import biome_names
from eco1.core.records import Action
from eco1.sim.ecosystem import Ecosystem


@pytest.mark.parametrize("biome", biome_names())
def test_whoever_was_told_anything_lives_on_in_finite_numbers(biome):
    world = Ecosystem(biome, worlds=4, animals=64, threads=1)
    state, dice = world.reset(0), np.random.default_rng(0)
    for step in range(48):
        seen = world.observe(state)
        for name in ("position_m", "velocity_mps", "heading_rad"):
            assert np.isfinite(getattr(seen, name)[seen.alive]).all(), (step, name)
        told = None
        if step % 8 == 0:
            told = Action(
                velocity_mps=dice.normal(0, 2, seen.velocity_mps.shape).astype(np.float32),
                behavior=dice.integers(0, len(world.behavior_names), seen.alive.shape).astype(np.int16),
                controlled=seen.alive,
            )
        state = world.step(state, told)

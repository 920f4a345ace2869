"""A world that begins anew is the world that a reset makes."""

import numpy as np

from eco1.environments.raster import KIN, MYSELF, THREAT
from eco1.environments.vector_env import EcoVectorEnv
from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col
from eco1.sim.kernels import run


def test_a_restarted_world_equals_a_reset_one_to_the_byte():
    world = Ecosystem(worlds=2, animals=32, threads=1)
    fresh, used = world.reset(5), world.reset(5)
    for _ in range(50):
        used = world.step(used)
    used.step = 0
    run.restart_world(
        used.floats[1], used.integers[1], world.traits, used.forage[1], used.marks[1], used.census[1], used.ledger[1],
        used.ground, world.conditions(used), world.shares, 1,
    )  # fmt: skip
    for name in ("floats", "integers", "forage", "marks", "census", "ledger"):
        np.testing.assert_array_equal(getattr(used, name)[1], getattr(fresh, name)[1])


def test_the_animal_is_in_the_middle_of_its_picture_and_heads_up():
    envs = EcoVectorEnv(1, task="evade", observations="both", actions="discrete", render_mode="rgb_array")
    seen, _ = envs.reset(seed=2)
    tables, me = envs.worlds.tables, envs.worlds.rules.me
    f, k = tables.floats[0], tables.integers[0]
    hunter = int(np.flatnonzero((k[col.SPECIES] != k[col.SPECIES, me]) & (k[col.STATUS] == col.ALIVE))[0])
    f[col.X, hunter] = f[col.X, me] + 30.0 * f[col.HEADING_X, me]  # straight ahead
    f[col.Y, hunter] = f[col.Y, me] + 30.0 * f[col.HEADING_Y, me]
    seen = envs.step([[1, envs.behaviors.index("rest")]])[0]
    picture = seen["image"][0]
    rows, columns = np.nonzero((picture == MYSELF).all(-1))
    assert abs(rows.mean() - 31.5) <= 1
    assert abs(columns.mean() - 31.5) <= 1
    rows, columns = np.nonzero((picture == THREAT).all(-1))
    metres = 2 * envs.worlds.rules.reach_m / 64
    nearest = np.abs(columns - 31.5) < 4
    assert abs(31.5 - rows[nearest].mean() - 30.0 / metres) < 3
    whole = envs.render()[0]
    assert all((whole == colour).all(-1).any() for colour in (MYSELF, KIN, THREAT))

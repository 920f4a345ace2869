"""Nobody is faster, turns tighter or goes where its body cannot."""

from itertools import pairwise

import numpy as np
import pytest

from eco1.sim.ecosystem import Ecosystem
from eco1.sim.fields import col, trait
from eco1.sim.ground import WADE_DEPTH_M

DT_S = 0.1


@pytest.fixture(name="run", scope="module")
def _run():
    world = Ecosystem(worlds=3, animals=64, dt_s=DT_S, threads=1)
    state, seen = world.reset(4), []
    for _ in range(2500):
        state = world.step(state)
        seen.append(world.observe(state))
    return world, state, seen


def pairs(seen):
    for before, after in pairwise(seen):
        same = before.alive & after.alive & (before.identity == after.identity)
        yield before.map(lambda a, same=same: a[same]), after.map(lambda a, same=same: a[same])


def traits_of(world, species, *columns):
    return [world.traits[species, column] for column in columns]


def test_top_speed_holds(run):
    world, _, seen = run
    for one in seen:
        speed = np.hypot(one.velocity_mps[..., 0], one.velocity_mps[..., 1])
        (top,) = traits_of(world, one.species, trait.TOP)
        assert (speed <= top + 1e-3)[one.alive].all()


def test_speeding_up_and_braking_hold_except_at_a_barrier(run):
    world, _, seen = run
    for before, after in pairs(seen):
        v0 = np.hypot(before.velocity_mps[:, 0], before.velocity_mps[:, 1])
        v1 = np.hypot(after.velocity_mps[:, 0], after.velocity_mps[:, 1])
        up, down = traits_of(world, after.species, trait.ACCELERATION, trait.DECELERATION)
        assert (v1 - v0 <= up * DT_S + 0.03).all()
        stopped = v1 == 0
        assert (v0 - v1 <= down * DT_S + 0.03)[~stopped].all()


def test_turning_gets_slower_with_speed(run):
    world, _, seen = run
    for before, after in pairs(seen):
        turned = np.abs(np.angle(np.exp(1j * (after.heading_rad - before.heading_rad).astype(float))))
        speed = np.hypot(after.velocity_mps[:, 0], after.velocity_mps[:, 1])
        most, grip = traits_of(world, after.species, trait.TURN, trait.GRIP)
        stopped = speed == 0
        limit = np.where(stopped, most, np.minimum(most, grip / np.maximum(speed, 0.1)))
        assert (turned <= limit * DT_S + 0.01).all()


def test_everybody_stays_inside_and_out_of_deep_water(run):
    world, state, seen = run
    size, depth = state.landscape.size_m, state.landscape.water_depth_m
    for one in seen:
        position = one.position_m[one.alive]
        assert (position[:, :2] > 0).all()
        assert (position[:, :2] < size).all()
        walks = traits_of(world, one.species[one.alive], trait.LIFT)[0] == trait.GROUNDED
        cell = (position[walks, :2] / (size / depth.shape[0])).astype(int)
        assert (depth[cell[:, 1], cell[:, 0]] <= WADE_DEPTH_M).all()


def test_birds_fly_and_land(run):
    world, state, seen = run
    vulture = world.species_names.index("white_backed_vulture")
    ground = state.landscape.height_m.max()
    high = [one.position_m[one.alive & (one.species == vulture), 2].max(initial=0) for one in seen]
    assert max(high) > ground + 15
    speed = [np.abs(one.velocity_mps[one.alive & (one.species == vulture)]).max(initial=0) for one in seen]
    assert min(speed) < 2
    assert (state.float_field(col.Z) >= -1e-3).all()

"""Births and deaths: nobody comes back, rows are reused only once a carcass is gone."""

import numpy as np
import pytest

from eco1.catalog.loader import biome_names
from eco1.core.records import Observation
from eco1.sim.behaviors import NAMES
from eco1.sim.ecosystem import Ecosystem


def record(seed: int, steps: int, worlds: int = 2, every: int = 1) -> tuple[Ecosystem, Observation]:
    world = Ecosystem(worlds=worlds, animals=64, threads=1)
    state, seen = world.reset(seed), []
    seen.append(world.observe(state))
    for step in range(steps):
        state = world.step(state)
        if step % every == 0:
            seen.append(world.observe(state))
    return world, Observation.stack(seen)


@pytest.fixture(name="lives", scope="module")
def _lives():
    return record(seed=11, steps=4000)


def test_the_dead_do_not_rise_and_identities_are_given_once(lives):
    _, seen = lives
    for world in range(seen.alive.shape[1]):
        alive, identity = seen.alive[:, world], seen.identity[:, world]
        dead = set()
        for before, after, was, now in zip(alive[:-1], alive[1:], identity[:-1], identity[1:], strict=True):
            assert len(set(now[after])) == after.sum()
            assert dead.isdisjoint(now[after])
            dead |= set(was[before]) - set(now[after])
        assert dead, "somebody died"


def test_a_row_is_reused_only_after_its_carcass_is_gone(lives):
    _, seen = lives
    changed = seen.identity[1:] != seen.identity[:-1]
    assert changed.any(), "somebody was born"
    assert not seen.alive[:-1][changed].any()
    assert not seen.carcass[:-1][changed].any()
    assert seen.alive[1:][changed].all()


def test_the_living_are_no_carcasses_and_carcasses_lie_still(lives):
    _, seen = lives
    assert not (seen.alive & seen.carcass).any()
    assert (np.abs(seen.velocity_mps[seen.carcass]) == 0).all()
    assert (seen.behavior[seen.carcass] == -1).all()


def test_the_newborn_are_small_and_grow_and_others_come_over_the_border(lives):
    world_of, seen = lives
    size = world_of.landscape(world_of.reset(11)).size_m
    rows = np.argwhere((seen.identity[1:] != seen.identity[:-1]) & seen.alive[1:])
    for time, world, row in rows:
        species = seen.species[time + 1, world, row]
        adult = seen.body_length_m[0][(seen.species[0] == species) & seen.alive[0]].max()
        newborn = seen.body_length_m[time + 1, world, row] < 0.75 * adult
        x, y = seen.position_m[time + 1, world, row, :2]
        assert newborn or min(x, y, size - x, size - y) < 3.0


@pytest.mark.slow
@pytest.mark.parametrize("biome", biome_names())
def test_populations_neither_vanish_nor_explode_in_ten_minutes(biome):
    world = Ecosystem(biome, worlds=16, animals=64, threads=1)
    state = world.reset(seed=2)
    start = state.census[:, :-1].copy()
    for step in range(6000):
        state = world.step(state)
        if step % 100 == 99:
            ratio = state.census[:, :-1].sum(1) / start.sum(1)
            assert (ratio > 0.8).all(), f"after {step / 10:.0f} s the worst world has lost {1 - ratio.min():.0%}"
            assert (state.census[:, :-1].sum(1) <= 64).all(), "more than the rows hold"
    end = state.census[:, :-1]
    alive = dict(zip(world.species_names, (end > 0).mean(0).round(2), strict=True))
    assert min(alive.values()) >= 0.85, alive  # a pair may be gone for a while, until another comes in
    herds = start >= 6
    assert (end[herds] > 0).all(), "a species with many animals vanished"
    pooled = end.sum(0) / start.sum(0)
    assert (pooled > 0.6).all(), dict(zip(world.species_names, pooled.round(2), strict=True))
    assert (pooled < 1.4).all(), dict(zip(world.species_names, pooled.round(2), strict=True))


@pytest.mark.slow
def test_every_behaviour_of_the_ethogram_occurs_and_none_prevails():
    names = NAMES[: NAMES.index("explore") + 1]  # the rest belong to other biomes: test_repertoire
    counts = np.zeros(len(NAMES))
    for seed in range(3):
        _, seen = record(seed, steps=6000, worlds=4, every=2)
        counts += np.bincount(seen.behavior[seen.alive], minlength=len(NAMES))
    share = counts / counts.sum()
    missing = [name for name, part in zip(names, share, strict=False) if part == 0]
    assert not missing
    assert share.max() < 0.35

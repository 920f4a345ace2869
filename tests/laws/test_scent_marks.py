"""Scent marks stay for a while, name their group, and steer who patrols."""

import math

import numpy as np
import pytest
from two_animals import MIDDLE_M, Plain, plain

from eco1.core.records import Action
from eco1.sim import behaviors as b
from eco1.sim.fields import col
from eco1.sim.kernels import marks
from eco1.sim.kernels.begin import begin
from eco1.sim.kernels.carry_on import carry_on
from eco1.sim.kernels.marks import leave_mark, scent_at
from eco1.sim.laws import scent

TIMID, FIERCE = 0.1, 0.9


@pytest.fixture(name="scene")
def _scene() -> Plain:
    scene = plain()
    k = scene.state.integers[0]
    k[:, scene.zebra] = k[:, scene.lion]  # two lions of two prides
    k[col.CLAN, scene.zebra] = k[col.CLAN, scene.lion] + 1
    scene.put(scene.zebra, MIDDLE_M)
    scene.put(scene.lion, MIDDLE_M)
    scene.state.float_field(col.HOME_X)[:] = MIDDLE_M - 140.0
    scene.state.float_field(col.HOME_Y)[:] = MIDDLE_M
    return scene


def leave(scene: Plain, row: int, x: float, y: float) -> None:
    state = scene.state
    scene.put(row, x, y)
    leave_mark(state.marks[0], state.floats[0], state.integers[0], state.ground, scene.now, row)


def smelt(scene: Plain, row: int, after_s: float = 0.0) -> int:
    later = scene.now._replace(step=scene.now.step + round(after_s / scene.now.dt))
    state = scene.state
    return scent_at(state.marks[0], state.integers[0], state.ground, later, row, MIDDLE_M, MIDDLE_M)


def next_of_patrol(scene: Plain, row: int) -> int:
    state = scene.state
    f, k = state.floats[0], state.integers[0]
    k[col.BEHAVIOR, row], f[col.CLOCK, row], f[col.BOUT, row] = b.PATROL, 1.0, 13.0
    f[col.GOAL_X, row], f[col.GOAL_Y, row] = MIDDLE_M + 50.0, MIDDLE_M
    return carry_on(f, k, scene.world.traits, state.forage[0], state.marks[0], state.ground, scene.now, row)


def test_a_mark_fades_and_is_nobodys_before():
    ages = np.linspace(0.0, 1000.0, 50)
    assert (np.diff([scent.strength(age) for age in ages]) < 0).all()
    assert scent.smells(4, 4, 1.0) == scent.OWN
    assert scent.smells(4, 5, 1.0) == scent.FOREIGN
    assert scent.smells(4, 5, 1000.0) == scent.NOTHING
    assert scent.smells(-1, 5, 1.0) == scent.NOTHING


def test_a_mark_is_smelt_for_minutes_then_gone_and_another_covers_it(scene):
    assert smelt(scene, scene.lion) == scent.NOTHING
    leave(scene, scene.lion, MIDDLE_M, MIDDLE_M)
    assert smelt(scene, scene.lion) == scent.OWN
    assert smelt(scene, scene.zebra, after_s=120.0) == scent.FOREIGN
    assert smelt(scene, scene.zebra, after_s=900.0) == scent.NOTHING
    leave(scene, scene.zebra, MIDDLE_M, MIDDLE_M)
    assert smelt(scene, scene.lion) == scent.FOREIGN


def test_other_species_do_not_read_it(scene):
    leave(scene, scene.lion, MIDDLE_M, MIDDLE_M)
    scene.state.integers[0, col.SPECIES, scene.zebra] += 1
    assert smelt(scene, scene.zebra) == scent.NOTHING


def test_the_fierce_mark_over_a_foreign_mark_and_the_timid_turn_home(scene):
    leave(scene, scene.zebra, MIDDLE_M, MIDDLE_M)
    f = scene.state.floats[0]
    f[col.PERSONALITY + b.AGGRESSION, scene.lion] = FIERCE
    assert next_of_patrol(scene, scene.lion) == b.SCENT_MARK
    f[col.PERSONALITY + b.AGGRESSION, scene.lion] = TIMID
    assert next_of_patrol(scene, scene.lion) == b.PATROL
    assert f[col.GOAL_X, scene.lion] == f[col.HOME_X, scene.lion]


def test_a_patrol_goes_on_to_where_its_own_mark_is_missing(scene):
    state, lion = scene.state, scene.lion
    f, k = state.floats[0], state.integers[0]
    f[col.PERSONALITY + b.AGGRESSION, lion] = FIERCE

    def angle_to_goal() -> float:
        scene.put(lion, MIDDLE_M)
        begin(f, k, scene.world.traits, state.forage[0], state.marks[0], state.ground, scene.now, lion, b.PATROL)
        return math.atan2(f[col.GOAL_Y, lion] - MIDDLE_M, f[col.GOAL_X, lion] - f[col.HOME_X, lion])

    unmarked = angle_to_goal()
    leave(scene, lion, float(f[col.GOAL_X, lion]), float(f[col.GOAL_Y, lion]))
    assert angle_to_goal() > unmarked > 0


def test_a_marking_animal_leaves_its_groups_mark_in_the_world(scene):
    order = Action(
        velocity_mps=np.zeros((1, 64, 3), np.float32),
        behavior=np.full((1, 64), b.SCENT_MARK, np.int16),
        controlled=np.arange(64)[None] == scene.lion,
    )
    for _ in range(12):
        scene.state = scene.world.step(scene.state, order)
    left = scene.state.marks[0, marks.CLAN]
    assert set(np.unique(left)) == {-1, scene.state.integers[0, col.CLAN, scene.lion]}


def test_the_young_belong_to_their_mothers_group_whatever_row_they_get():
    scene = plain()
    world, state = scene.world, scene.world.reset(3)
    clan_of: dict[int, int] = {}
    for _ in range(1500):
        k = state.integers[0]
        alive = k[col.STATUS] == col.ALIVE
        for identity, clan, mother in k[[col.IDENTITY, col.CLAN, col.MOTHER]][:, alive].T:
            assert clan_of.setdefault(int(identity), int(clan)) == clan
            if mother >= 0:
                assert clan == k[col.CLAN, mother]
        state = world.step(state)
    assert len(clan_of) > 58, "somebody was born"

"""What is earned, in worlds arranged so that the answer is known."""

import numpy as np
import pytest

from eco1.environments import rewards
from eco1.environments.episodes import ARRIVED, DIED
from eco1.environments.menus import PACE, SLOW_MPS, STILL
from eco1.environments.vector_env import EcoVectorEnv
from eco1.sim import behaviors as b
from eco1.sim.fields import col, trait


def make(task, **settings):
    envs = EcoVectorEnv(1, task=task, actions="discrete", **settings)
    envs.reset(seed=0)
    return envs, envs.worlds.tables.floats[0], envs.worlds.tables.integers[0], envs.worlds.rules.me


def act(envs, move, behavior):
    return envs.step([[move, envs.behaviors.index(behavior)]])


def test_grazing_earns_energy_and_resting_spends_it():
    earned = {}
    for behavior in ("graze", "rest"):
        envs, f, _, me = make("forage", hold=5)
        gut = rewards.gut_of.py_func(f, envs.worlds.cast.traits, _conditions(envs), me, envs.worlds.cast.species)
        before = float(f[col.ENERGY, me])
        earned[behavior] = sum(float(act(envs, 1, behavior)[1][0]) for _ in range(20))
        expected = rewards.GUT * (float(f[col.ENERGY, me]) - before) / gut + rewards.MINUTE * 10.0 / 60
        assert earned[behavior] == pytest.approx(expected, rel=1e-3)
    assert earned["graze"] > 0.5 > 0.2 > earned["rest"]


def _conditions(envs):
    from eco1.sim.ground import Conditions

    return Conditions(0, 0, 0.1, *map(float, envs.worlds.sky[0]))


def test_starving_ends_an_episode_with_the_price_of_death():
    envs, f, _, me = make("forage")
    f[col.ENERGY, me] = 1.0
    for _ in range(20):
        _, reward, ended, time_up, infos = act(envs, 1, "rest")
        if ended[0]:
            break
    assert envs.worlds.desk.over[0] == DIED
    assert reward[0] == pytest.approx(rewards.DEATH, abs=1e-3)
    assert not time_up[0]
    assert not infos["success"][0]
    assert act(envs, 1, "rest")[4]["lived_s"][0] == 0.0  # the next step begins anew


def test_a_kill_pays_once_and_counts_as_success():
    envs, f, k, me = make("hunt")
    prey = int(np.flatnonzero(k[col.SPECIES] != k[col.SPECIES, me])[0])
    envs.worlds.cast.traits[envs.worlds.cast.species, trait.SUCCESS] = 1.0
    envs.worlds.cast.traits[:, trait.TOP] = 0.1  # nobody gets away
    kills = 0
    for _ in range(200):
        if kills == 0:
            f[col.X, prey], f[col.Y, prey] = f[col.X, me] + f[col.HEADING_X, me], f[col.Y, me] + f[col.HEADING_Y, me]
        _, reward, *_, infos = act(envs, 1, "strike")
        kills += int(reward[0] > 0.5 * rewards.KILL)
        if kills:
            assert infos["success"][0]
    assert kills == 1
    assert k[col.STATUS, prey] != col.ALIVE


def test_a_strike_is_gone_through_with():
    envs, _, k, me = make("hunt")
    act(envs, 1, "strike")
    shown = []
    for _ in range(16):
        act(envs, 1, "rest")
        shown.append(int(k[col.BEHAVIOR, me]))
    assert shown[:10] == [b.STRIKE] * 10
    assert shown[-1] == b.REST


def test_arriving_ends_a_migration_with_success():
    envs, f, _, me = make("migrate")
    memo = envs.worlds.desk.memo[0]
    whole = float(memo[rewards.WHOLE_WAY])
    f[col.X, me], f[col.Y, me] = memo[rewards.GOAL_X], memo[rewards.GOAL_Y]
    _, reward, ended, _, infos = act(envs, 1, "rest")
    assert envs.worlds.desk.over[0] == ARRIVED
    assert ended[0]
    assert infos["success"][0]
    assert whole > 100.0
    assert reward[0] == pytest.approx(rewards.WAY + rewards.ARRIVED, abs=0.2)


def test_marking_all_sectors_of_the_border_pays_each_once():
    envs, f, _, me = make("patrol")
    memo, earned = envs.worlds.desk.memo[0], 0.0
    for _ in range(rewards.SECTORS):
        f[col.X, me], f[col.Y, me] = memo[rewards.GOAL_X], memo[rewards.GOAL_Y]
        for _ in range(4):
            f[col.SPEED, me] = 0.0
            earned += act(envs, 1, "scent_mark")[1][0]
    assert int(memo[rewards.MARKED]) == 2**rewards.SECTORS - 1
    assert earned == pytest.approx(rewards.SECTORS * rewards.SECTOR, abs=0.5)
    assert memo[rewards.SUCCESS] == 1


def test_a_minute_among_hunters_pays_more_than_one_at_peace_and_energy_nothing():
    envs, f, *_, me = make("evade", hold=5)
    before = float(f[col.ENERGY, me])
    earned = float(act(envs, 1, "vigilant")[1][0])
    assert float(f[col.ENERGY, me]) != before
    assert earned == pytest.approx((rewards.MINUTE + rewards.SAFE) * 0.5 / 60, rel=1e-4)


def test_touch_with_the_herd_is_what_herding_pays_for():
    envs, f, _, me = make("herd", hold=5)
    near = sum(float(act(envs, 1, "rest")[1][0]) for _ in range(4))
    f[col.X, me] = 8.0 if f[col.X, me] > 0.5 * envs.worlds.ground.size else envs.worlds.ground.size - 8.0
    far = sum(float(act(envs, 1, "rest")[1][0]) for _ in range(4))
    assert near - far == pytest.approx(rewards.TOGETHER * 2.0 / 60, rel=0.2)


@pytest.mark.parametrize("behavior", ["graze", "rest", "migrate"])
def test_a_behaviour_limits_the_speed(behavior):
    envs, f, _, me = make("forage")
    for _ in range(40):
        act(envs, 7, behavior)
    speed = float(f[col.SPEED, me])
    if PACE[b.NAMES.index(behavior)] == STILL:
        assert speed < 0.1
    elif behavior == "graze":
        assert 0.3 < speed <= SLOW_MPS + 0.1
    else:
        assert speed > 8.0


def test_hunters_begin_near_their_prey_and_hungry():
    envs, f, k, me = make("evade")
    hunters = np.flatnonzero((k[col.SPECIES] != k[col.SPECIES, me]) & (k[col.STATUS] == col.ALIVE))
    distance = np.hypot(f[col.X, hunters] - f[col.X, me], f[col.Y, hunters] - f[col.Y, me])
    side = envs.worlds.ground.size
    assert len(hunters) == 2
    assert (distance < 0.31 * side).all()
    np.testing.assert_allclose(f[col.DRIVES + b.HUNGER, hunters], 0.8, atol=1e-3)

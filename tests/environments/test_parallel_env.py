"""A whole ecosystem by PettingZoo's rules."""

import re

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.environments import ecosystem_v0, rewards
from eco1.environments.agents import Register
from eco1.sim.fields import col


def choices(env):
    return {agent: env.action_space(agent).sample() for agent in env.agents}


@pytest.mark.parametrize("settings", [{}, {"biome": "reef", "actions": "discrete"}])
def test_pettingzoo_finds_nothing_wrong(settings):
    parallel_api_test(ecosystem_v0.parallel_env(animals=24, **settings), num_cycles=150)


def test_pettingzoo_finds_the_same_life_for_the_same_seed():
    parallel_seed_test(lambda: ecosystem_v0.parallel_env(animals=24), num_cycles=20)


def test_the_same_seed_and_actions_give_the_same_life_for_many_steps():
    lives = []
    for _ in range(2):
        env = ecosystem_v0.parallel_env(animals=24, seconds=5.0)
        env.reset(seed=4)
        for n, agent in enumerate(env.possible_agents):
            env.action_space(agent).seed(n)
        life = []
        while env.agents:
            seen, earned, *_ = env.step(choices(env))
            life += [*seen.values(), np.array(list(earned.values()))]
        lives.append(np.concatenate(life))
    np.testing.assert_array_equal(*lives)


def test_the_dead_leave_and_are_never_revived():
    env = ecosystem_v0.parallel_env(animals=24)
    _, infos = env.reset(seed=0)
    victim = env.agents[3]
    env._state.float_field(col.ENERGY)[0, infos[victim]["row"]] = -1e12  # no meal can save it
    for _ in range(30):
        seen, earned, dead, late, infos = env.step(choices(env))
        assert set(seen) == set(earned) == set(dead) == set(late) == set(infos)
        if dead.get(victim):
            break
    assert dead[victim]
    assert not late[victim]
    assert earned[victim] == rewards.DEATH
    assert seen[victim] in env.observation_space(victim)
    for _ in range(10):
        assert victim not in env.agents
        assert victim not in env.step(choices(env))[0]


def test_a_newborn_is_an_agent_with_a_name_of_its_own():
    env = ecosystem_v0.parallel_env(animals=24)
    env.reset(seed=0)
    k, f = env._state.integers[0], env._state.floats[0]
    mother = int(np.flatnonzero((k[col.STATUS] == col.ALIVE) & (k[col.FEMALE] == 1))[0])
    f[col.GESTATION, mother] = 0.05
    before = set(env.agents)
    newborns = set()
    for _ in range(12):
        seen, earned, dead, *_ = env.step(choices(env))
        newborns |= set(seen) - before
        if newborns:
            break
    species = env._world.species_names[k[col.SPECIES, mother]]
    assert newborns
    for agent in newborns:
        assert re.fullmatch(rf"{species}_\d+", agent)
        assert agent in env.agents
        assert agent in env.possible_agents
        assert earned[agent] == 0.0
        assert not dead[agent]


def test_names_run_out_before_one_is_given_twice():
    register = Register(["lion"], [1], births=1)
    assert register.possible == ["lion_0", "lion_1"]
    assert [register.meet(identity, "lion") for identity in (7, 9, 11, 7)] == ["lion_0", "lion_1", None, "lion_0"]
    assert register.meet(12, "zebra") is None


def test_only_chosen_species_are_agents_and_time_runs_out_for_all():
    env = ecosystem_v0.parallel_env(species=["lion"], seconds=1.0)
    env.reset(seed=0)
    assert {agent.rpartition("_")[0] for agent in env.agents} == {"lion"}
    for _ in range(10):
        _, _, dead, late, _ = env.step(choices(env))
    assert env.agents == []
    assert all(late[agent] or dead[agent] for agent in late)


def test_the_state_of_the_world_lies_in_its_space_and_says_who_lives():
    env = ecosystem_v0.parallel_env(animals=24)
    env.reset(seed=0)
    state = env.state()
    assert state in env.state_space
    assert state.reshape(24, -1)[:, 6].sum() == len(env.agents)


def test_the_picture_shows_the_animals():
    env = ecosystem_v0.parallel_env(animals=24, render_mode="rgb_array")
    assert env.render() is None
    env.reset(seed=0)
    picture = env.render()
    assert picture.shape == (400, 400, 3)
    assert (picture == (190, 120, 220)).all(-1).sum() > 5 * len(env.agents)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda a: a.pop(next(iter(a))) * 0, ConfigError, "Every agent needs an action; none came for"),
        (lambda a: a.update(lion_99=0), UnknownNameError, "Unknown agent 'lion_99'"),
        (lambda a: a.update({next(iter(a)): np.zeros(2)}), ConfigError, "numbers of shape"),
        (lambda a: a.update({k: v * np.nan for k, v in a.items()}), ConfigError, "finite"),
    ],
)
def test_actions_that_do_not_fit_are_refused(change, error, words):
    env = ecosystem_v0.parallel_env(animals=24)
    env.reset(seed=0)
    actions = choices(env)
    change(actions)
    with pytest.raises(error, match=words):
        env.step(actions)


def test_settings_that_make_no_sense_are_refused():
    with pytest.raises(UnknownNameError, match="Unknown species 'leon' in savanna"):
        ecosystem_v0.parallel_env(species=["leon"])
    with pytest.raises(UnknownNameError, match="savana"):
        ecosystem_v0.parallel_env(biome="savana")
    with pytest.raises(ConfigError, match="births must be 0 or more"):
        ecosystem_v0.parallel_env(births=-1)
    with pytest.raises(ConfigError, match="first reset"):
        ecosystem_v0.parallel_env().step({})

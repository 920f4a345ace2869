"""Gymnasium's own checks over every task, and what a vector of worlds promises."""

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.environments.registration import register_tasks, task_id
from eco1.environments.tasks import TASKS
from eco1.environments.vector_env import EcoVectorEnv

WORLDS = 3
SHORT = {"seconds": 2.0, "actions": "discrete"}


def actions_for(envs, steps):
    envs.action_space.seed(5)
    return [envs.action_space.sample() for _ in range(steps)]


@pytest.mark.parametrize("name", TASKS)
def test_gymnasium_finds_nothing_wrong(name):
    check_env(gymnasium.make(task_id(name)).unwrapped)


@pytest.mark.parametrize("settings", [{"observations": "image"}, {"observations": "both", "actions": "discrete"}])
def test_pictures_and_choices_pass_as_well(settings):
    check_env(gymnasium.make("eco1/Hunt-v0", **settings).unwrapped)


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("biome", ["savanna", "reef", "canopy", "tundra", "urban"])
def test_every_task_runs_in_every_biome_within_its_spaces(name, biome):
    envs = EcoVectorEnv(2, task=name, biome=biome)
    seen, _ = envs.reset(seed=1)
    for actions in actions_for(envs, 30):
        seen, reward, *_ = envs.step(actions)
        assert np.isfinite(reward).all()
        assert seen in envs.observation_space
    assert len(envs.state_names) == len(set(envs.state_names)) == seen.shape[1]


def test_make_vec_gives_the_real_vector_environment():
    envs = gymnasium.make_vec("eco1/Evade-v0", num_envs=5)
    assert isinstance(envs, EcoVectorEnv)
    assert envs.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    assert envs.reset(seed=0)[0].shape == (5, envs.worlds.state_size)


def test_registering_again_changes_nothing():
    before = dict(gymnasium.registry)
    register_tasks()
    assert gymnasium.registry == before


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_worlds_equal_gymnasiums_own_vector_of_single_environments(mode):
    ours = EcoVectorEnv(WORLDS, task="evade", autoreset_mode=mode, **SHORT)
    theirs = gymnasium.make_vec(
        "eco1/Evade-v0", WORLDS, "sync", vector_kwargs={"autoreset_mode": AutoresetMode(mode)}, **SHORT
    )
    ours.action_space.seed(5)
    np.testing.assert_array_equal(ours.reset(seed=7)[0], theirs.reset(seed=7)[0])
    ended = 0
    for actions in actions_for(ours, 65):  # three episodes and a little
        one, other = ours.step(actions), theirs.step(actions)
        for mine, reference in zip(one[:4], other[:4], strict=True):
            np.testing.assert_array_equal(mine, reference)
        np.testing.assert_array_equal(one[4]["success"], other[4]["success"])
        np.testing.assert_array_equal(one[4]["return"], other[4]["return"].astype(np.float32))
        assert ("final_obs" in one[4]) == ("final_obs" in other[4])
        if "final_obs" in one[4]:
            np.testing.assert_array_equal(np.stack(one[4]["final_obs"]), np.stack(other[4]["final_obs"]))
            np.testing.assert_array_equal(one[4]["_final_obs"], other[4]["_final_obs"])
            np.testing.assert_array_equal(
                one[4]["final_info"]["return"], other[4]["final_info"]["return"].astype(np.float32)
            )
        ended += int((one[2] | one[3]).sum())
    assert ended == 3 * WORLDS


def test_the_world_is_the_same_on_any_number_of_threads():
    def lives(threads):
        envs = EcoVectorEnv(80, task="hunt", threads=threads, autoreset_mode="SameStep", **SHORT)
        envs.reset(seed=0)
        return np.stack([np.concatenate([s.ravel(), r]) for s, r, *_ in map(envs.step, actions_for(envs, 25))])

    np.testing.assert_array_equal(lives(1), lives(2))


def test_an_action_held_for_five_steps_equals_five_actions():
    slow, fast = (EcoVectorEnv(2, task="forage", hold=hold, actions="discrete") for hold in (5, 1))
    slow.reset(seed=0)
    fast.reset(seed=0)
    for action in ([[4, 0], [7, 3]], [[1, 3], [2, 3]]):
        one = slow.step(action)
        rewards = sum(fast.step(action)[1] for _ in range(5))
        np.testing.assert_allclose(one[1], rewards, atol=1e-6)
    names = [n for n, name in enumerate(slow.state_names) if "acceleration" not in name and name != "turn_rate"]
    np.testing.assert_allclose(one[0][:, names], slow.worlds.desk.state[:, names])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"task": "hunnt"}, "Did you mean 'hunt'"),
        ({"task": "hunt", "biome": "savana"}, "Did you mean 'savanna'"),
        ({"task": "hunt", "species": "leon"}, "Did you mean 'lion'"),
        ({"task": "hunt", "observations": "pixels"}, "Allowed: both, image, state"),
        ({"task": "hunt", "actions": "discreet"}, "Did you mean 'discrete'"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(settings, words):
    with pytest.raises(UnknownNameError, match=words):
        EcoVectorEnv(1, **settings)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"species": "plains_zebra"}, "'plains_zebra' cannot hunt in savanna. Allowed there: african_wild_dog"),
        ({"num_envs": 0}, "worlds must be at least 1, got 0"),
        ({"hold": 0}, "hold must be at least 1"),
        ({"seconds": float("nan")}, "seconds must be finite"),
        ({"autoreset_mode": AutoresetMode.DISABLED}, "allowed: AutoresetMode.NEXT_STEP"),
        ({"render_mode": "human"}, "allowed: None and 'rgb_array'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, words):
    with pytest.raises(ConfigError, match=words):
        EcoVectorEnv(**{"task": "hunt", **settings})


@pytest.mark.parametrize(
    ("actions", "given", "words"),
    [
        ("continuous", lambda shape: np.full(shape, np.nan), "finite; got .* in row 0"),
        ("continuous", lambda shape: np.zeros((shape[0], 2)), "shape"),
        ("continuous", lambda shape: np.full(shape, "left"), "numbers"),
        ("discrete", lambda _: [[0, 0], [9, 0]], r"move from 0 to 8 .* got \[9, 0\] in row 1"),
        ("discrete", lambda _: [[0, -1], [0, 0]], "behaviour from 0 to"),
        ("discrete", lambda _: [[0.5, 0], [0, 0]], "move from 0 to 8"),
    ],
)
def test_what_is_no_action_is_refused_and_changes_nothing(actions, given, words):
    envs = EcoVectorEnv(2, task="forage", actions=actions)
    envs.reset(seed=0)
    before = envs.worlds.tables.floats.copy()
    with pytest.raises(ConfigError, match=words):
        envs.step(given(envs.action_space.shape))
    np.testing.assert_array_equal(envs.worlds.tables.floats, before)


def test_a_step_before_the_first_reset_is_refused():
    with pytest.raises(ConfigError, match=r"Next: env.reset\(seed=0\)"):
        EcoVectorEnv(1, task="forage").step(None)
    with pytest.raises(ConfigError, match="one per world: 2; got 3"):
        EcoVectorEnv(2, task="forage").reset(seed=[1, 2, 3])

"""PPO runs on our worlds, and what it is compared with is measured rightly."""

import csv

import numpy as np
import pytest

from eco1.core.errors import ConfigError
from eco1.environments.vector_env import EcoVectorEnv
from eco1.recipes.bench_env import bench_env, speed_rows
from eco1.recipes.env_references import played, reference_returns, reference_row, summary
from eco1.recipes.ppo import PpoConfig, ppo_rows, train_ppo
from eco1.recipes.sb3_worlds import Sb3Worlds


def test_a_small_run_learns_to_graze_and_writes_what_it_saw(tmp_path):
    config = PpoConfig(
        task="forage", out=tmp_path, steps=16_384, envs=32, batch=512, lr=2e-3, evaluations=2, episodes=16
    )  # fmt: skip
    result = train_ppo(config)
    assert [point.steps for point in result.curve] == [0, 8192, 16_384]
    assert result.curve[-1].mean > result.curve[0].mean + 0.5
    with result.csv.open() as file:
        assert [float(row["mean"]) for row in csv.DictReader(file)] == [point.mean for point in result.curve]
    assert result.png.read_bytes().startswith(b"\x89PNG")
    assert result.policy.exists()
    assert [row["policy"] for row in ppo_rows(result)][1] == "thomsons_gazelle itself"


def test_the_adapter_hands_over_what_an_episode_ended_with():
    envs = EcoVectorEnv(4, task="forage", actions="discrete", seconds=0.5, autoreset_mode="SameStep")
    worlds, total = Sb3Worlds(envs, seed=3), np.zeros(4)
    worlds.reset()
    for step in range(1, 11):
        seen, reward, done, infos = worlds.step(np.tile([1, 3], (4, 1)))
        total += reward
        assert done.all() == (step % 5 == 0)
        if done.all():
            np.testing.assert_allclose([info["episode"]["r"] for info in infos], total, atol=1e-5)
            assert all(info["TimeLimit.truncated"] for info in infos)
            assert not np.allclose([info["terminal_observation"] for info in infos], seen)
            total[:] = 0


def test_the_adapter_refuses_worlds_that_begin_anew_too_late():
    with pytest.raises(ConfigError, match="SameStep"):
        Sb3Worlds(EcoVectorEnv(1, task="forage"), seed=0)


def test_a_policy_is_judged_by_one_whole_episode_in_every_world():
    envs = EcoVectorEnv(8, task="forage", actions="discrete", seconds=2.0)
    graze = [1, envs.behaviors.index("graze")]
    result = played(envs, lambda _: np.tile(graze, (8, 1)))
    envs.reset(seed=1_000_000)
    total = sum(envs.step(np.tile(graze, (8, 1)))[1] for _ in range(20))
    assert result.mean == pytest.approx(total.mean(), abs=1e-3)
    assert result.low <= result.mean <= result.high


def test_intervals_are_those_of_the_mean():
    result = summary(np.arange(100.0), np.arange(100) < 25)
    assert result.success == 0.25
    assert result.high - result.low == pytest.approx(2 * 1.96 * np.arange(100.0).std() / 10, rel=0.1)


def test_references_name_who_was_measured():
    result = reference_returns("hunt", episodes=4, seconds=2.0)
    assert reference_row(result)["animal"] == "cheetah"
    with pytest.raises(ConfigError, match="at least 2 episodes"):
        reference_returns("hunt", episodes=1)


def test_a_small_bench_of_environments_adds_up():
    result = bench_env(worlds=16, threads=1, steps=2, repeats=3, episodes=2)
    assert 0 < result.ours.lowest <= result.ours.median <= result.ours.best
    assert result.animals_per_world == 3
    assert speed_rows(result)[0]["environment"] == "eco1 forage"
    assert len(result.references) == 6
    with pytest.raises(ConfigError, match="at least 1 step"):
        bench_env(steps=0)


def test_settings_that_train_nothing_are_refused():
    with pytest.raises(ConfigError, match="--envs must be at least 1"):
        train_ppo(PpoConfig(envs=0))

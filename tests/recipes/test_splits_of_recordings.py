"""What is learned from and what is judged on."""

import shutil
from dataclasses import replace

import numpy as np
import pytest

from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Action, Episode, EpisodeInfo, Observation
from eco1.data.store import write_episode
from eco1.evaluation.evaluate import EvaluationSize
from eco1.recipes.fit import FitConfig, fit
from eco1.recipes.judge import JudgeConfig, judge
from eco1.recipes.splits import folder_split, learning_split
from eco1.recipes.tracks import import_tracks

TINY = EvaluationSize(train_windows=40, test_windows=6, social_windows=2)


def fake_episode(frames: int = 20) -> Episode:
    simulator = FakeSimulator(animals=4)
    state, seen = simulator.reset(0), []
    for _ in range(frames):
        seen.append(simulator.observe(state)[0])
        state = simulator.step(state, None)
    info = EpisodeInfo(
        biome="plain", seed=0, world=0, dt_s=0.1, species_names=simulator.species_names,
        behavior_names=simulator.behavior_names, provenance={},
    )  # fmt: skip
    return Episode(info=info, observation=Observation.stack(seen))


def test_one_recording_is_split_in_time(tmp_path):
    split = learning_split(write_episode(tmp_path / "free.zarr", fake_episode()))
    assert [len(part[0].observation.alive) for part in (split.train, split.held_out)] == [16, 4]


def test_one_recording_in_which_animals_were_led_is_never_judged_on(tmp_path):
    free = fake_episode()
    seen = free.observation
    told = Action(velocity_mps=seen.velocity_mps, behavior=seen.behavior, controlled=np.ones_like(seen.alive))
    path = write_episode(tmp_path / "led.zarr", replace(free, action=told))
    with pytest.raises(ConfigError, match=rf"led\.zarr animals were led.*eco1 record --out {tmp_path} --first-seed"):
        learning_split(path)


def test_recordings_in_which_animals_were_led_are_learned_from_but_not_judged_on(tmp_path):
    free = fake_episode()
    seen = free.observation
    told = Action(velocity_mps=seen.velocity_mps, behavior=seen.behavior, controlled=np.ones_like(seen.alive))
    for seed in range(10):
        episode = free if seed < 4 else replace(free, action=told)
        write_episode(tmp_path / f"{seed}.zarr", replace(episode, info=replace(free.info, seed=seed)))
    split = folder_split(tmp_path)
    assert (len(split.train), len(split.held_out)) == (9, 1)
    assert int(split.held_out[0].stem) < 4
    for seed in range(4):
        shutil.rmtree(tmp_path / f"{seed}.zarr")
    with pytest.raises(ConfigError, match=f"In all 6 episodes of {tmp_path} animals were led.*--senses text --first"):
        folder_split(tmp_path, "text")


@pytest.mark.slow
def test_one_animal_alone_is_imported_learned_and_judged(tmp_path):
    turn = np.cumsum(np.random.default_rng(0).normal(0, 0.1, 900))
    x, y = np.cumsum([np.cos(turn), np.sin(turn)], axis=1) * 5
    rows = [f"{k / 25:.2f},ada,{x[k]:.3f},{y[k]:.3f}" for k in range(900)]
    (tmp_path / "one.csv").write_text("\n".join(["time,id,x,y", *rows]))
    path = import_tracks(
        tmp_path / "one.csv", tmp_path / "one", species="fish", fps=None, body_length=40.0, units_per_m=1000.0
    )
    checkpoint = fit(FitConfig(episodes=path, out=tmp_path / "model", steps=2, batch=1, calibration_batches=2))
    report, _ = judge(checkpoint, path, JudgeConfig(size=TINY, history_s=1.0))
    scores = report["motion"]["horizons"][0]["scores"]
    assert {"still", "constant velocity", "ridge", "model"} <= scores.keys()
    assert np.isfinite(scores["model"]["fde_m"])

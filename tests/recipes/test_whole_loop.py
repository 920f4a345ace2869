"""The way from a world to a judged, filmed, learned world, at its smallest."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch

from eco1.core.errors import ConfigError
from eco1.data.store import list_episodes, read_episode
from eco1.evaluation.evaluate import EvaluationSize
from eco1.models.registry import build_model
from eco1.recipes.films import film_run
from eco1.recipes.fit import FitConfig, fit
from eco1.recipes.judge import JudgeConfig, judge, report_rows
from eco1.recipes.listing import everything, overview
from eco1.recipes.live import load_brain
from eco1.recipes.play import insight
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.simulate import simulate
from eco1.recipes.splits import learning_split, undisturbed
from eco1.sim.ecosystem import Ecosystem
from eco1.training.checkpoint import load_checkpoint

TINY = EvaluationSize(
    train_windows=40,
    test_windows=6,
    social_windows=2,
    train_questions=200,
    test_questions=60,
    probe_rows=200,
    samples=2,
)


@pytest.fixture(scope="module", name="recordings")
def _recordings(tmp_path_factory):
    out = tmp_path_factory.mktemp("recordings") / "savanna"
    record(RecordConfig(out=out, episodes=3, seconds=12, worlds=1, animals=24, burn_in_s=5), quiet=True)
    return out


@pytest.fixture(scope="module", name="checkpoint")
def _checkpoint(recordings, tmp_path_factory):
    config = FitConfig(
        episodes=recordings, out=tmp_path_factory.mktemp("model"), steps=3, batch=1, calibration_batches=2
    )
    return fit(config)


def test_a_recording_holds_what_happened_and_where(recordings):
    paths = list_episodes(recordings)
    assert len(paths) == 3
    episode = read_episode(paths[0])
    assert episode.observation.alive.shape == (120, 24)
    assert episode.hidden is not None
    assert episode.landscape is not None
    assert episode.info.provenance["source"] == "simulation"


def test_recording_the_same_world_again_gives_the_same_episode(recordings, tmp_path):
    again = RecordConfig(out=tmp_path, episodes=1, seconds=12, animals=24, burn_in_s=5)
    (path,) = record(again, quiet=True)
    first, second = read_episode(list_episodes(recordings)[0]), read_episode(path)
    assert (first.observation.position_m == second.observation.position_m).all()


def test_seeds_that_are_judged_are_never_learned(recordings):
    split = learning_split(recordings)
    assert {e.info.seed for e in split.train}.isdisjoint(e.info.seed for e in split.held_out)


def test_detours_are_learned_from_and_never_judged_on(recordings, tmp_path):
    shutil.copytree(recordings, tmp_path / "both")
    led = RecordConfig(
        out=tmp_path / "both", episodes=2, seconds=12, animals=24, burn_in_s=5, first_seed=100, detours_per_minute=20
    )
    for path in record(led, quiet=True):
        told = read_episode(path).action
        assert told is not None
        assert 0.05 < told.controlled.mean() < 0.6
    split = learning_split(tmp_path / "both")
    assert [e.info.seed for e in split.train if e.action is not None] == [100, 101]
    assert all(e.action is None for e in split.held_out)
    assert len(undisturbed(split.train)) == len(split.train) - 2
    only_led = tmp_path / "led"
    only_led.mkdir()
    for path in (tmp_path / "both").glob("*s001*"):
        path.rename(only_led / path.name)
    with pytest.raises(ConfigError, match="without"):
        learning_split(only_led)


@pytest.mark.slow
def test_a_checkpoint_is_judged_against_baselines(checkpoint, recordings):
    report, path = judge(checkpoint, recordings, JudgeConfig(size=TINY, closed_loop_s=4.0, seeds=1, history_s=1.0))
    assert json.loads(path.read_text()) == report
    assert {"still", "constant velocity", "ridge", "model"} <= report["motion"]["horizons"][0]["scores"].keys()
    assert report["anticipation"] is not None
    assert report["probes"] is not None
    assert report["realism"] is not None
    assert len(report_rows(report)) > 5


@pytest.mark.slow
def test_a_model_leads_the_animals_of_a_recording_half_of_the_time(checkpoint, tmp_path):
    led = RecordConfig(out=tmp_path, episodes=1, seconds=3, animals=24, burn_in_s=2, led_by=checkpoint)
    (episode,) = (read_episode(path) for path in record(led, quiet=True))
    assert episode.action is not None
    assert episode.info.provenance["led_by"] == str(checkpoint)
    alive = episode.observation.alive
    assert 0.3 < episode.action.controlled[alive].mean() < 0.7
    assert not episode.action.controlled[~alive].any()
    moved = np.linalg.norm(episode.action.velocity_mps[episode.action.controlled], axis=-1)
    assert moved.max() > 0


@pytest.mark.slow
def test_a_learned_world_can_be_filmed_and_looked_into(checkpoint, tmp_path):
    film = film_run(tmp_path / "film.mp4", checkpoint, "savanna", 0.4, 1)
    assert film.stat().st_size > 1000
    brain = load_brain(checkpoint)
    world = Ecosystem("savanna", animals=16)
    memory, _ = brain.act(brain.initial(1), world.observe(world.reset(0)), None)
    looked = insight(brain)
    assert looked.routing(memory).shape == (16, 8)
    assert looked.imagine(memory, 30).shape == (16, 30, 3)


@pytest.mark.slow
def test_training_resumes_where_it_stopped(recordings, tmp_path):
    whole = FitConfig(episodes=recordings, out=tmp_path / "whole", steps=2, batch=1, calibration_batches=2)
    fit(whole)
    with pytest.raises(ConfigError, match="Resume it"):
        fit(whole)
    lines = (tmp_path / "whole" / "metrics.jsonl").read_text().splitlines()
    assert json.loads(lines[-1])["step"] == 2


@pytest.mark.slow
def test_a_run_learns_on_from_another(checkpoint, recordings, tmp_path):
    before = load_checkpoint(checkpoint, build_model).model
    again = FitConfig(episodes=recordings, out=tmp_path / "on", steps=1, batch=1, lr=1e-9, start_from=checkpoint)
    after = load_checkpoint(fit(again), build_model).model
    for name, value in before.state_dict().items():
        assert torch.allclose(value, after.state_dict()[name], atol=1e-3), name
    noisier = load_checkpoint(fit(replace(again, out=tmp_path / "noisier", model={"dropout": 0.1})), build_model).model
    assert noisier.config == replace(before.config, dropout=0.1)
    with pytest.raises(ConfigError, match="begin from nothing"):
        fit(replace(again, out=tmp_path / "other", model={"layers": 1}))


def test_census_counts_every_species():
    census = simulate("savanna", 2.0, 0, 64, quiet=True)
    assert len(census) == 12
    assert sum(kind.at_start for kind in census) == 58
    assert all(kind.at_end == kind.at_start + kind.born - kind.died for kind in census)


@pytest.mark.parametrize("what", ["species", "biomes", "behaviors"])
def test_overviews_name_everything(what):
    assert len(overview(what)) == len(everything(what))

"""Eco-1 living in the savanna by its senses."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from tests.models.tiny_eco1 import PIXELS, tiny

from eco1.brains.sense_brain import SenseBrain
from eco1.catalog.loader import load_ethogram
from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.fakes import FakeBrain
from eco1.data.store import open_senses, read_episode
from eco1.models.eco import EcoConfig, EcoModel
from eco1.recipes.live import load_brain
from eco1.recipes.lives import LifeConfig
from eco1.recipes.one_life import live_once
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.sensed_life import life_rows, live_by_senses, recordings_of, rival_rows, sensed_life
from eco1.recipes.sensed_world import SensedWorld, only_followed
from eco1.recipes.watching import SimulatedSenses
from eco1.sim.ecosystem import Ecosystem
from eco1.training.sealing import save_checkpoint

ANIMALS = 16


@pytest.fixture(scope="module", name="model")
def _model():
    world = Ecosystem("savanna", animals=ANIMALS)
    return tiny(
        species_names=("aardvark", *world.species_names), species_rows=40, behavior_names=load_ethogram().names,
        environment_names=("savanna",),
    )  # fmt: skip


@pytest.fixture(scope="module", name="episodes")
def _episodes(tmp_path_factory):
    out = tmp_path_factory.mktemp("savanna")
    record(RecordConfig(out=out, episodes=3, seconds=4, animals=ANIMALS, burn_in_s=1), quiet=True)
    return out


def world_of(*senses: str, worlds: int = 1) -> SensedWorld:
    inner = Ecosystem("savanna", worlds=worlds, animals=ANIMALS, threads=1)
    return SensedWorld(inner, SimulatedSenses(senses=senses, size_px=PIXELS), burn_in_s=0.5)


def test_a_sensed_world_is_the_world_with_senses():
    world, plain = world_of("video", "audio", worlds=2), Ecosystem("savanna", worlds=2, animals=ANIMALS, threads=1)
    state, bare = world.reset(5), plain.reset(5)
    for _ in range(5):
        bare = plain.step(bare)
    for _ in range(3):
        state, bare = world.step(state, None), plain.step(bare)
    seen = world.observe(state)
    assert np.array_equal(seen.position_m, plain.observe(bare).position_m)
    assert seen.senses.video["follow"].rgb.shape == (2, PIXELS, PIXELS, 3)
    assert seen.senses.audio["camera"].samples.shape[:2] == (2, 2)
    assert only_followed(seen).sum(1).tolist() == [1, 1]
    eye, place = seen.senses.video["follow"].eye_m, seen.position_m[only_followed(seen)]
    assert np.linalg.norm(eye - place, axis=1).max() < 30


def test_whom_the_camera_follows_is_known_without_instruments():
    bare, whole = (world.observe(world.reset(5)) for world in (world_of(), world_of("video")))
    assert np.array_equal(bare.followed, whole.followed)


def test_a_life_is_the_brains_and_can_be_recorded_and_repeated(model, tmp_path):
    brain = SenseBrain(model, ("video", "audio"), biome="savanna", precision="fp32")
    world = world_of(*brain.instruments)
    seen, driven = live_once(world, brain, 5, 3.0, tmp_path)
    again, _ = live_once(world, brain, 5, 3.0)
    assert np.array_equal(seen.position_m, again.position_m)
    row = world.reset(5).seen.followed[0]
    assert not driven[: 2 * (brain.frames - 1)].any()
    assert driven[2 * (brain.frames - 1) :, row].mean() > 0.9
    assert not np.delete(driven, row, axis=1).any()
    (path,) = tmp_path.glob("*.zarr")
    kept = read_episode(path)
    assert np.array_equal(kept.observation.position_m, seen.position_m)
    assert np.array_equal(kept.action.controlled, driven)
    assert "video/follow/rgb" in open_senses(path).arrays


def test_without_a_brain_animals_are_left_alone():
    world, plain = world_of(), Ecosystem("savanna", animals=ANIMALS, threads=1)
    seen, followed = live_once(world, None, 5, 1.0)
    state = plain.reset(5)
    for _ in range(5 + 9):
        state = plain.step(state)
    assert np.array_equal(seen.position_m[-1], plain.observe(state).position_m[0])
    assert (followed.sum(1) == 1).all()
    _, driven = live_once(world, FakeBrain(), 5, 1.0)
    assert np.array_equal(driven, followed)


def test_a_model_of_senses_leads_all_animals_of_a_recording_by_motion(model, tmp_path):
    folder = save_checkpoint(tmp_path / "last", model)
    assert load_brain(folder, "reef").biome == "", "it does not know the place"
    led = RecordConfig(out=tmp_path / "led", episodes=1, seconds=3, animals=ANIMALS, burn_in_s=0, led_by=folder)
    (episode,) = (read_episode(path) for path in record(led, quiet=True))
    assert 0.2 < episode.action.controlled[episode.observation.alive].mean() < 0.7
    assert not episode.action.controlled[:6].any(), "it has not seen enough yet"


def test_lives_by_each_sense_and_baselines_are_compared_with_lives_left_alone(model, episodes):
    config = LifeConfig(senses=("video", "motion"), seconds=2.5, seeds=1, animals=ANIMALS, burn_in_s=0.5)
    report = live_by_senses(model, recordings_of(episodes, None), replace(config, first_seed=5))
    others = ["constant velocity", "markov", "zoo-nano", "left alone"]
    assert (report.lives, report.compared) == (1, 4)
    assert list(report.scores) == ["video", "motion", "video+motion", *others]
    for score in report.scores.values():
        assert 0 <= score.behavior <= 1
        assert np.isfinite([score.speed, score.turning, *score.mean_speed, *score.mean_turning]).all()
    assert report.scores["left alone"].animal_seconds == pytest.approx(2.4)
    assert report.scores["video"].animal_seconds < 2.4
    assert [row["driven by"] for row in life_rows(report)] == list(report.scores)
    speeds = [report.scores[name].speed for name in ("zoo-nano", "video")]
    assert report.nearer["video"]["speed"].mean == pytest.approx(speeds[0] - speeds[1])
    assert [row["driven by"] for row in rival_rows(report)] == ["video", "motion", "video+motion"]


def test_what_cannot_be_compared_is_refused(episodes, tmp_path):
    with pytest.raises(EpisodeError, match="eco1 record --biome reef"):
        recordings_of(episodes, "reef")
    torch.manual_seed(0)
    scene_model = EcoModel(EcoConfig.nano(species_names=("lion",), behavior_names=("stand",), dt_s=0.1))
    folder = save_checkpoint(tmp_path / "last", scene_model)
    with pytest.raises(ConfigError, match="Only a model of senses can live by them"):
        sensed_life(folder, episodes)

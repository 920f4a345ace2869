"""What other libraries read back is what was recorded."""

import json
from dataclasses import replace

import av
import minari
import numpy as np
import pytest
import xarray
from small_episodes import episode_of
from small_senses import WORDS, record_senses, senses_of

from eco1.core.errors import ConfigError, Eco1Error, EpisodeError, UnknownNameError
from eco1.core.records import Episode
from eco1.data.export.lives import lives_of
from eco1.data.export.mp4 import boxes
from eco1.data.export.trajectories import feature_names, trajectories_of
from eco1.data.store import open_senses, read_episode, write_episode
from eco1.recipes.export import export


def eventful(frames: int = 40) -> Episode:
    """Row 0 dies at frame 20 and its row is taken over at 30; row 1 is first alive at frame 5."""
    episode = episode_of(frames)
    seen = episode.observation
    seen.alive[20:30, 0] = False
    seen.identity[30:, 0] = 100
    seen.species[30:, 0] = 1
    seen.alive[:5, 1] = False
    return replace(episode, info=replace(episode.info, provenance={"source": "simulation", "licence": "Apache-2.0"}))


@pytest.fixture(name="path")
def _path(tmp_path):
    return write_episode(tmp_path / "plains" / "e.zarr", eventful())


def test_lives_are_the_stretches_of_one_living_animal():
    lives = [(one.name, one.first, one.last, one.born, one.died) for one in lives_of(eventful()) if one.row < 3]
    assert lives == [
        ("walker_0", 0, 19, False, True),
        ("stroller_100", 30, 39, True, False),
        ("stroller_1", 5, 39, True, False),
        ("walker_2", 0, 39, False, False),
    ]


def test_tracked_animals_come_into_view_and_leave_it():
    episode = eventful()
    tracked = replace(episode, info=replace(episode.info, provenance={"source": "tracks.csv"}))
    assert not any(one.born or one.died for one in lives_of(tracked))


def test_the_action_leads_from_one_observation_to_the_next():
    episode = eventful()
    seen = episode.observation
    trajectory = next(one for one in trajectories_of(episode) if one.life.name == "walker_2")
    assert trajectory.observations.shape == (40, len(feature_names(6)))
    assert len(trajectory.velocity_mps) == len(trajectory.behavior) == 39
    ahead, left, up = trajectory.velocity_mps.T
    cos, sin = np.cos(seen.heading_rad[:-1, 2]), np.sin(seen.heading_rad[:-1, 2])
    in_the_world = np.stack([cos * ahead - sin * left, sin * ahead + cos * left, up], -1)
    assert np.allclose(in_the_world, seen.velocity_mps[1:, 2], atol=1e-5)
    assert np.array_equal(trajectory.behavior, seen.behavior[1:, 2])
    speed = trajectory.observations[:, feature_names(6).index("speed")]
    assert np.array_equal(speed == 0, (seen.velocity_mps[:, 2] == 0).all(-1))


def test_what_an_animal_perceived_does_not_depend_on_pieces(monkeypatch):
    whole = [one.observations for one in trajectories_of(eventful())]
    monkeypatch.setattr("eco1.data.export.trajectories._FRAMES", 7)
    for one, other in zip(whole, trajectories_of(eventful()), strict=True):
        assert np.allclose(one, other.observations, atol=1e-5)


def test_minari_reads_every_step_of_one_species(path, tmp_path, monkeypatch):
    out = export(path.parent, "minari", tmp_path / "out", "walker")
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(out))
    dataset = minari.load_dataset("plain-walker-v0")
    lives = {one.life.name: one for one in trajectories_of(read_episode(path), "walker")}
    assert list(lives) == ["walker_0", "walker_2", "walker_4"]
    assert dataset.total_steps == 19 + 39 + 39
    for episode, one in zip(dataset.iterate_episodes(), lives.values(), strict=True):
        assert np.array_equal(episode.observations, one.observations)
        assert np.array_equal(episode.actions["velocity_mps"], one.velocity_mps)
        assert np.array_equal(episode.actions["behavior"], one.behavior)
        assert episode.terminations[-1] == (one.life.name == "walker_0") != episode.truncations[-1]
        assert not episode.terminations[:-1].any()
        assert dataset.observation_space.contains(episode.observations[0])
        assert dataset.action_space.contains({k: v[0] for k, v in episode.actions.items()})
    assert "walk" in dataset.storage.metadata["description"]


def test_movement_finds_the_poses_of_every_animal(path, tmp_path):
    (file,) = export(path.parent, "movement", tmp_path / "out").iterdir()
    seen = eventful().observation
    with xarray.open_dataset(file, engine="h5netcdf") as poses:
        assert poses.position.dims == ("time", "space", "keypoints", "individuals")
        assert poses.confidence.dims == ("time", "keypoints", "individuals")
        about = {"ds_type": "poses", "time_unit": "seconds", "source_software": "eco1", "fps": 10.0}
        assert {key: poses.attrs[key] for key in about} == about
        assert list(poses.space.values) == ["x", "y", "z"]
        assert np.allclose(poses.time, np.arange(40) / 10)
        middle = poses.position.sel(keypoints="centre", individuals="walker_2")
        assert np.allclose(middle, seen.position_m[:, 2])
        head, tail = (poses.position.sel(keypoints=k, individuals="walker_2").values for k in ("head", "tail"))
        assert np.allclose(np.arctan2(*(head - tail).T[1::-1]), seen.heading_rad[:, 2], atol=1e-4)
        assert np.allclose(np.linalg.norm(head - tail, axis=1), seen.body_length_m[:, 2], atol=1e-4)
        dead = poses.sel(individuals="walker_0")
        assert np.isnan(dead.position[20:]).all()
        assert dead.confidence.sum() == 20 * 3
        assert (dead.behavior[20:] == -1).all()
        assert poses.behavior.attrs["flag_meanings"] == "unknown stand walk"


def test_a_film_and_its_tracks_show_what_the_camera_saw(tmp_path):
    path = record_senses(tmp_path / "plains" / "e.zarr", 70, height=31, width=48)
    out = export(path, "mp4", tmp_path / "out")
    assert {file.name for file in out.iterdir()} == {
        f"e-{camera}.{kind}" for camera in ("herd", "tower") for kind in ("mp4", "json")
    }
    with av.open(str(out / "e-herd.mp4")) as film:
        pictures = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
        assert film.streams.video[0].average_rate == 10
    rgb = open_senses(path).arrays["video/herd/rgb"][:]
    assert len(pictures) == 70
    assert pictures[0].shape == (32, 48, 3)
    for frame in (0, 69):  # noise loses most of its colour: the light of a picture tells it from every other
        light, shown = (images.astype(float).mean(-1).ravel() for images in (rgb[frame], pictures[frame][:31]))
        assert np.corrcoef(light, shown)[0, 1] > 0.8
    about = json.loads((out / "e-herd.json").read_text())
    seen = episode_of(70).observation
    life = about["lives"][3]
    assert (life["name"], life["first_frame"], len(life["box_px"])) == ("stroller_3", 0, 70)
    assert np.allclose(life["position_m"], seen.position_m[:, 3], atol=1e-3)
    assert life["behavior"] == seen.behavior[:, 3].tolist()
    ys, xs = np.nonzero(senses_of(69, height=31, width=48).video["herd"].instance == 3)
    assert life["box_px"][69] == [xs.min(), ys.min(), xs.max() + 1, ys.max() + 1]
    assert about["captions"][0]["text"] == WORDS.captions[0].text
    assert about["dt_s"] == 0.1


def test_a_box_is_around_what_is_seen_and_nowhere_when_nothing_is():
    labels = np.full((2, 5, 7), -1, np.int16)
    labels[1, 2, 3] = labels[1, 4, 1] = 1
    labels[1, 0, 0] = 9  # a row that does not exist
    assert boxes(labels, 2).tolist() == [[[-1] * 4, [-1] * 4], [[-1] * 4, [1, 2, 4, 5]]]


def test_agents_of_pettingzoo_are_born_and_die(path, tmp_path):
    out = export(path, "pettingzoo", tmp_path / "out")
    (index,) = json.loads((out / "index.json").read_text())["episodes"]
    lives = {one.life.name: one for one in trajectories_of(read_episode(path))}
    assert [agent["agent"] for agent in index["agents"]] == list(lives)
    for agent in index["agents"]:
        with np.load(out / agent["file"]) as arrays:
            one = lives[agent["agent"]]
            assert np.array_equal(arrays["observations"], one.observations)
            assert np.array_equal(arrays["velocity_mps"], one.velocity_mps)
            assert np.array_equal(arrays["behavior"], one.behavior)
            assert arrays["terminations"][-1] == agent["died"] == (agent["agent"] == "walker_0")
            assert arrays["truncations"][-1] != agent["died"]
            assert arrays["observations"].shape[1] == len(index["observation"])
            assert len(arrays["observations"]) == agent["last_frame"] - agent["first_frame"] + 1
    assert {agent["agent"] for agent in index["agents"] if agent["born"]} == {"stroller_1", "stroller_100"}


@pytest.mark.parametrize(
    ("to", "species", "error", "says"),
    [
        ("minari", None, ConfigError, "--species lion"),
        ("minari", "wolker", UnknownNameError, "Unknown species 'wolker' .*Did you mean 'walker'"),
        ("movement", "lion", UnknownNameError, "Unknown species 'lion'"),
        ("mp4", None, EpisodeError, "No camera recorded .*eco1 film"),
    ],
)
def test_what_cannot_be_exported_leaves_nothing(path, tmp_path, to, species, error, says):
    with pytest.raises(error, match=says):
        export(path, to, tmp_path / "out", species)
    assert [entry.name for entry in tmp_path.iterdir()] == ["plains"]


def test_where_nobody_lives_nothing_can_be_exported_of_them(tmp_path):
    episode = episode_of(3)
    episode.observation.alive[:] = False
    path = write_episode(tmp_path / "e.zarr", episode)
    with pytest.raises(UnknownNameError, match="nobody lives in it"):
        export(path, "minari", tmp_path / "out", "walker")


def test_an_export_is_never_overwritten(path, tmp_path):
    assert export(path, "pettingzoo") == path.parent / "e-pettingzoo"
    with pytest.raises(Eco1Error, match="never overwritten"):
        export(path, "pettingzoo")


def test_worlds_of_different_size_do_not_fit_into_one_minari_dataset(tmp_path):
    for animals in (4, 6):
        write_episode(tmp_path / "plains" / f"e{animals}.zarr", episode_of(5, animals))
    with pytest.raises(ConfigError, match="of 2 kinds"):
        export(tmp_path / "plains", "minari", tmp_path / "out", "walker")

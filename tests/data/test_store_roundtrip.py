"""What is written is what is read."""

import json
from contextlib import ExitStack
from dataclasses import replace

import numpy as np
import pytest
import zarr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from small_episodes import action_of, assert_same, episode_of, hidden_of, info_of, landscape_of

from eco1.core.errors import EpisodeError, UnknownNameError
from eco1.core.fakes import FakeSimulator
from eco1.core.records import Episode, Observation, empty_surroundings
from eco1.data.array_writer import CHUNK_FRAMES
from eco1.data.store import EpisodeRecorder, list_episodes, read_episode, read_manifest, write_episode


@pytest.mark.parametrize("frames", [1, CHUNK_FRAMES - 1, CHUNK_FRAMES, 2 * CHUNK_FRAMES + 7])
def test_an_episode_of_any_length_comes_back_as_it_was(tmp_path, frames):
    episode = episode_of(frames)
    again = read_episode(write_episode(tmp_path / "e.zarr", episode))
    assert again.info == episode.info
    assert_same(episode.observation, again.observation)
    assert_same(episode.hidden, again.hidden)
    assert_same(episode.landscape, again.landscape)
    assert again.action is None


def test_what_animals_were_told_comes_back_as_it_was(tmp_path):
    episode = replace(episode_of(9), action=action_of(9, 6))
    path = write_episode(tmp_path / "e.zarr", episode)
    assert read_manifest(path).has_action
    assert_same(episode.action, read_episode(path).action)


@settings(max_examples=15)
@given(data=st.data(), frames=st.integers(1, 5), animals=st.integers(1, 4))
def test_any_numbers_come_back_bit_for_bit(tmp_path_factory, data, frames, animals):
    def some(dtype, *tail):
        return data.draw(hnp.arrays(dtype, (frames, animals, *tail)))

    seen = Observation(
        position_m=some(np.float32, 3),
        velocity_mps=some(np.float32, 3),
        heading_rad=some(np.float32),
        alive=some(bool),
        carcass=some(bool),
        identity=some(np.int64),
        species=some(np.int16),
        behavior=some(np.int16),
        body_length_m=some(np.float32),
        surroundings=empty_surroundings(frames, animals),
    )
    path = tmp_path_factory.mktemp("any") / "e.zarr"
    again = read_episode(write_episode(path, Episode(info=info_of(), observation=seen)))
    for name, array in vars(seen).items():
        assert array.tobytes() == getattr(again.observation, name).tobytes(), name
    assert again.hidden is None
    assert again.landscape is None


def test_the_recorder_copies_what_it_is_given(tmp_path):
    episode = episode_of(3)
    step = episode.observation[0].map(np.copy)
    with EpisodeRecorder(tmp_path / "e.zarr", info_of()) as recorder:
        recorder.append(step)
        step.position_m[:] = 99
        recorder.append(step)
    again = read_episode(tmp_path / "e.zarr").observation
    assert np.array_equal(again.position_m[0], episode.observation.position_m[0])
    assert (again.position_m[1] == 99).all()


def test_several_worlds_are_recorded_side_by_side(tmp_path):
    simulator = FakeSimulator(worlds=3)
    state, seen = simulator.reset(1), []
    with ExitStack() as stack:
        recorders = [
            stack.enter_context(EpisodeRecorder(tmp_path / f"w{w}.zarr", info_of(1, w), landscape_of()))
            for w in range(3)
        ]
        for _ in range(10):
            seen.append(simulator.observe(state))
            for world, recorder in enumerate(recorders):
                recorder.append(seen[-1][world])
            state = simulator.step(state, None)
    whole = Observation.stack(seen)
    for world, path in enumerate(list_episodes(tmp_path)):
        again = read_episode(path)
        assert again.info.world == world
        assert_same(whole[:, world], again.observation)


def test_the_group_is_plain_zarr_that_explains_itself(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(4))
    group = zarr.open_group(path, mode="r")
    assert group.metadata.zarr_format == 3
    assert group.attrs["format"] == "eco1-episode"
    assert group.attrs["version"] == 3
    assert group.attrs["units"]["animals/velocity_mps"] == "m/s"
    assert set(group.attrs["units"]) == set(group.attrs["crc32"])
    assert group["animals/position_m"].shape == (4, 6, 3)
    assert json.loads((path / "zarr.json").read_text())["node_type"] == "group"


def test_the_manifest_tells_length_and_contents(tmp_path):
    manifest = read_manifest(write_episode(tmp_path / "e.zarr", episode_of(25)))
    assert (manifest.frames, manifest.animals, manifest.has_hidden) == (25, 6, True)
    assert manifest.duration_s == pytest.approx(2.5)


def test_species_indices_are_remapped_by_name(tmp_path):
    episode = episode_of(4)
    path = write_episode(tmp_path / "e.zarr", episode)
    names = ("lion", "stroller", "walker")
    again = read_episode(path, names)
    assert again.info.species_names == names
    old = np.array(episode.info.species_names)[episode.observation.species]
    assert (np.array(names)[again.observation.species] == old).all()


def test_only_species_that_occur_have_to_be_known(tmp_path):
    episode = episode_of(4)
    walkers = np.zeros_like(episode.observation.species)
    empty_rows = episode.observation.alive.copy()
    empty_rows[:, 0] = False
    walkers[:, 0] = -1
    seen = replace(episode.observation, species=walkers, alive=empty_rows)
    path = write_episode(tmp_path / "e.zarr", replace(episode, observation=seen))
    again = read_episode(path, ("lion", "walker")).observation
    assert (again.species[:, 1:] == 1).all()
    assert (again.species[:, 0] == 0).all()


def test_a_missing_species_is_named_with_its_nearest_match(tmp_path):
    path = write_episode(tmp_path / "e.zarr", episode_of(4))
    with pytest.raises(UnknownNameError, match=r"Unknown species 'stroller' .* Did you mean 'strollers'\?"):
        read_episode(path, ("walker", "strollers"))


def test_an_index_outside_the_species_list_is_refused(tmp_path):
    episode = episode_of(4)
    seen = replace(episode.observation, species=np.full_like(episode.observation.species, 7))
    path = write_episode(tmp_path / "e.zarr", replace(episode, observation=seen))
    with pytest.raises(EpisodeError, match="index 7"):
        read_episode(path, ("walker", "stroller"))


def test_steps_that_differ_in_shape_are_refused(tmp_path):
    def record(*steps):
        with EpisodeRecorder(tmp_path / "e.zarr", info_of()) as recorder:
            for step in steps:
                recorder.append(*step)

    six, five = episode_of(2, 6), episode_of(2, 5)
    with pytest.raises(EpisodeError, match="Step 1"):
        record((six.observation[0],), (five.observation[0],))
    with pytest.raises(EpisodeError, match="Step 1"):
        record((six.observation[0],), (six.observation[1], hidden_of(1, 6)[0]))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_found_before_recording(tmp_path):
    info = info_of()
    info.provenance["from"] = tmp_path  # the contract says text
    with pytest.raises(TypeError, match="Path"):
        EpisodeRecorder(tmp_path / "e.zarr", info).__enter__()
    assert list(tmp_path.iterdir()) == []

"""Batches are what seed and number say, whoever makes them."""

import multiprocessing
import os
import signal
import threading
from dataclasses import replace

import numpy as np
import pytest
from small_episodes import action_of, assert_same, episode_of, info_of

from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.records import SURROUNDINGS, Action, Clip
from eco1.data.augment import Augmentation
from eco1.data.clips import ClipSampler
from eco1.data.kept import Memory
from eco1.data.store import write_episode
from eco1.data.workers import WorkerPool


def same_clip(one: Clip, other: Clip) -> None:
    assert_same(one.observation, other.observation)
    assert np.array_equal(one.dt_s, other.dt_s)
    assert (one.hidden is None) == (other.hidden is None)
    if one.hidden is not None:
        assert_same(one.hidden, other.hidden)


def first(sampler: ClipSampler, count: int) -> list[Clip]:
    return [next(sampler) for _ in range(count)]


@pytest.fixture
def paths(tmp_path):
    return [write_episode(tmp_path / f"{k}.zarr", episode_of(30 + 5 * k, 4 + k, seed=k)) for k in range(3)]


def test_a_clip_is_a_cut_of_an_episode(paths):
    episode = episode_of(30, 4, seed=0)
    clip = ClipSampler(paths[:1], frames=8, batch=5, seed=1, with_hidden=True).batch_at(0)
    assert clip.observation.position_m.shape == (5, 8, 4, 3)
    assert clip.hidden is not None
    assert clip.dt_s.tolist() == pytest.approx([0.1] * 5)
    for row in range(5):
        cut = clip.observation.position_m[row]
        starts = [t for t in range(23) if np.array_equal(episode.observation.position_m[t : t + 8], cut)]
        assert len(starts) == 1
        assert np.array_equal(episode.hidden.drives[starts[0] : starts[0] + 8], clip.hidden.drives[row])


def test_all_cuts_occur_and_none_beyond_the_end():
    frames = np.arange(12, dtype=np.float32)
    episode = episode_of(12, 2)
    position = np.broadcast_to(frames[:, None, None], (12, 2, 3)).copy()
    episode = replace(episode, observation=replace(episode.observation, position_m=position))
    clip = ClipSampler([episode], frames=5, batch=300, seed=0).batch_at(0)
    starts = clip.observation.position_m[:, 0, 0, 0]
    assert sorted(set(starts.tolist())) == list(range(8))
    assert (np.diff(clip.observation.position_m[:, :, 0, 0], axis=1) == 1).all()


def test_rows_are_padded_with_the_dead_to_the_largest_episode(paths):
    clip = ClipSampler(paths, frames=6, batch=40, seed=0, with_hidden=True).batch_at(0)
    seen = clip.observation
    assert seen.alive.shape == (40, 6, 6)
    counts = seen.alive.all(1).sum(-1)
    assert set(counts.tolist()) == {4, 5, 6}
    padding = ~seen.alive
    assert not seen.carcass[padding].any()
    assert (seen.body_length_m[padding] == 1).all()
    assert (seen.identity[padding] == -1).all()
    assert np.isnan(seen.surroundings[padding][:, SURROUNDINGS.index("barrier_x_m")]).all()
    assert (seen.surroundings[padding][:, SURROUNDINGS.index("daylight")] == 0).all()
    assert (clip.hidden.target[padding] == -1).all()


def test_a_stride_plays_faster(paths):
    clip = ClipSampler(paths, frames=6, batch=30, seed=0, strides=(1, 3)).batch_at(0)
    assert set(clip.dt_s.round(3).tolist()) == {np.float32(0.1).round(3), np.float32(0.3).round(3)}
    moved = np.linalg.norm(np.diff(clip.observation.position_m[:, :, 0], axis=1), axis=-1).max(1)
    assert moved == pytest.approx(clip.dt_s * 1.5, rel=1e-3)


def test_batches_depend_on_seed_and_number_alone(paths):
    def sampler(seed=7, **more):
        return ClipSampler(paths, frames=6, batch=4, seed=seed, augmentation=Augmentation(), **more)

    reference = first(sampler(), 5)
    tight = sampler(cache_bytes=0)
    for number in (4, 0, 2):
        same_clip(reference[number], tight.batch_at(number))
    assert tight.position == 3
    same_clip(reference[3], next(tight))
    assert not np.array_equal(reference[0].observation.position_m, sampler(seed=8).batch_at(0).observation.position_m)
    assert not np.array_equal(reference[0].observation.position_m, reference[1].observation.position_m)


def test_episodes_in_memory_and_on_disk_give_the_same_clips(paths):
    episodes = [episode_of(30 + 5 * k, 4 + k, seed=k) for k in range(3)]
    for one, other in zip(first(ClipSampler(paths, 6, 4, 1), 3), first(ClipSampler(episodes, 6, 4, 1), 3), strict=True):
        same_clip(one, other)


def test_workers_give_the_same_sequence_and_go_away(paths):
    alone = ClipSampler(paths, frames=6, batch=4, seed=3, augmentation=Augmentation(), with_hidden=True)
    with ClipSampler(
        paths, frames=6, batch=4, seed=3, augmentation=Augmentation(), with_hidden=True, workers=2
    ) as helped:
        for _ in range(7):
            same_clip(next(alone), next(helped))
        same_clip(alone.batch_at(20), helped.batch_at(20))  # resumed elsewhere
        same_clip(next(alone), next(helped))
        assert len(multiprocessing.active_children()) == 2
    assert multiprocessing.active_children() == []


def test_a_clip_tells_who_was_told_and_nothing_where_nobody_was():
    led, free = replace(episode_of(30), action=action_of(30, 6)), episode_of(30, seed=1)
    clip = ClipSampler([led, free], frames=6, batch=30, seed=0).batch_at(0)
    told = clip.action.controlled.reshape(30, -1).any(-1)
    assert 0 < told.sum() < 30
    assert (clip.action.velocity_mps[~told] == 0).all()
    assert (clip.action.behavior[~told] == -1).all()
    assert ClipSampler([free], frames=6, batch=2, seed=0).batch_at(0).action is None


def test_what_animals_were_told_is_turned_with_the_scene():
    free = episode_of(30)
    told = Action(
        velocity_mps=free.observation.velocity_mps,
        behavior=free.observation.behavior,
        controlled=free.observation.alive,
    )
    sampler = ClipSampler([replace(free, action=told)], frames=6, batch=8, seed=0, augmentation=Augmentation())
    clip = sampler.batch_at(0)
    np.testing.assert_array_equal(clip.action.velocity_mps, clip.observation.velocity_mps)


def test_trouble_in_a_worker_reaches_the_caller(paths):
    sampler = ClipSampler(paths, frames=6, batch=4, seed=3, workers=1)
    chunk = next(file for file in paths[0].rglob("*") if file.is_file() and "heading_rad/c" in str(file))
    chunk.write_bytes(b"nonsense")
    with sampler, pytest.raises(EpisodeError, match="damaged"):
        first(sampler, 50)
    assert multiprocessing.active_children() == []


def test_a_killed_worker_is_reported(paths):
    with ClipSampler(paths, frames=6, batch=4, seed=3, workers=1) as sampler:
        next(sampler)
        (worker,) = multiprocessing.active_children()
        os.kill(worker.pid, signal.SIGKILL)
        with pytest.raises(RuntimeError, match="killed"):
            first(sampler, 50)
    assert multiprocessing.active_children() == []


class Half:
    """Makes batches of which no more than half gets through: the process dies in the middle of handing one over."""

    def batch_at(self, _number):
        return self

    def __reduce__(self):
        threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGKILL)).start()
        return bytes, (bytes(1 << 22),)  # more than a pipe holds


def test_a_worker_killed_in_the_middle_of_a_batch_is_reported():
    pool = WorkerPool(Half, 1, 0)
    try:
        multiprocessing.active_children()[0].join()
        assert pool.has_next(), "something came"
        with pytest.raises(RuntimeError, match="killed"):
            pool.next()
    finally:
        pool.close()


def test_samplers_that_share_a_memory_read_an_episode_once(paths):
    memory = Memory(10**9, with_senses=False)
    one, other = (ClipSampler(paths, frames=6, batch=4, seed=3, memory=memory) for _ in range(2))
    batch, size = one.batch_at(0), memory.episodes.size_bytes
    again = other.batch_at(0)
    assert memory.episodes.size_bytes == size > 0
    assert np.array_equal(batch.observation.position_m, again.observation.position_m)


def test_species_of_different_lists_need_one_vocabulary(paths):
    episode = episode_of(30, 4)
    other = replace(episode, info=info_of(species_names=("stroller", "walker")))
    with pytest.raises(ConfigError, match="species_names"):
        ClipSampler([episode, other], frames=4, batch=2, seed=0)
    clip = ClipSampler([other], frames=4, batch=2, seed=0, species_names=("lion", "walker", "stroller")).batch_at(0)
    assert clip.observation.species[0, 0].tolist() == [2, 1, 2, 1]


def test_ethograms_may_grow_but_not_change():
    episode = episode_of(10, 2)
    longer = replace(episode, info=replace(episode.info, behavior_names=("stand", "walk", "run")))
    without = replace(episode, info=replace(episode.info, behavior_names=()))
    ClipSampler([episode, longer, without], frames=4, batch=2, seed=0)
    clash = replace(episode, info=replace(episode.info, behavior_names=("stand", "fly")))
    with pytest.raises(ConfigError, match="behaviour 1 is"):
        ClipSampler([longer, clash], frames=4, batch=2, seed=0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"frames": 0}, "frames=0"),
        ({"batch": 0}, "batch=0"),
        ({"seed": -1}, "seed=-1"),
        ({"strides": ()}, "strides"),
        ({"frames": 99}, r"spans 99 frames; the longest of 1 episodes has 20"),
        ({"strides": (1, 9)}, "with stride 9 spans 28 frames"),
    ],
)
def test_impossible_settings_are_refused(wrong, message):
    settings = {"frames": 4, "batch": 2, "seed": 0} | wrong
    with pytest.raises(ConfigError, match=message):
        ClipSampler([episode_of(20, 2)], **settings)


def test_no_episodes_or_no_hidden_state_are_refused():
    with pytest.raises(ConfigError, match="no episodes"):
        ClipSampler([], frames=4, batch=2, seed=0)
    with pytest.raises(ConfigError, match="hidden"):
        ClipSampler([episode_of(20, 2, hidden=False)], frames=4, batch=2, seed=0, with_hidden=True)


def test_ranks_read_every_so_many_th_batch_ahead(paths):
    alone = ClipSampler(paths, frames=4, batch=2, seed=1)
    with ClipSampler(paths, frames=4, batch=2, seed=1, workers=2, every=3) as third:
        for number in (1, 4, 7, 10):
            same_clip(third.batch_at(number), alone.batch_at(number))
            assert third.position == number + 3

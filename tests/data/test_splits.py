"""What is held out is never trained on."""

from dataclasses import replace

import numpy as np
import pytest
from small_episodes import episode_of, info_of

from eco1.core.errors import ConfigError
from eco1.data.splits import split_by_seed, split_in_time
from eco1.data.store import write_episode


def test_all_worlds_of_a_seed_fall_on_one_side(tmp_path):
    small = episode_of(2, 2)
    paths = [
        write_episode(tmp_path / f"{seed}-{world}.zarr", replace(small, info=info_of(seed, world)))
        for seed in range(5)
        for world in range(2)
    ]
    split = split_by_seed(paths)
    seeds = [{path.name.split("-")[0] for path in side} for side in (split.train, split.held_out)]
    assert (len(seeds[0]), len(seeds[1])) == (4, 1)
    assert not seeds[0] & seeds[1]
    assert sorted(split.train + split.held_out) == sorted(paths)
    assert split_by_seed(reversed(paths)).held_out == tuple(reversed(split.held_out))


def test_a_seed_stays_held_out_beside_more():
    episodes = [replace(episode_of(2, 2), info=info_of(seed)) for seed in range(200)]
    sides = [{e.info.seed for e in side} for side in (split_by_seed(episodes).train, split_by_seed(episodes).held_out)]
    assert len(sides[1]) == 40
    for fewer in (episodes[:20], episodes[3:150:2], episodes[90:110]):
        split = split_by_seed(fewer)
        assert {e.info.seed for e in split.train} <= sides[0]
        assert {e.info.seed for e in split.held_out} <= sides[1]


@pytest.mark.parametrize("share", [0.01, 0.99])
def test_both_sides_get_at_least_one_seed(share):
    episodes = [replace(episode_of(2, 2), info=info_of(seed)) for seed in range(3)]
    split = split_by_seed(episodes, share)
    assert min(len(split.train), len(split.held_out)) == 1


def test_one_seed_cannot_be_split():
    with pytest.raises(ConfigError, match="at least 2 seeds"):
        split_by_seed([episode_of(2, 2), episode_of(2, 2, world=1)])


def test_a_recording_is_split_in_time_with_a_gap():
    episode = episode_of(100, 2)
    split = split_in_time(episode, share=0.8, gap_frames=10)
    train, held_out = split.train[0], split.held_out[0]
    assert np.array_equal(train.observation.position_m, episode.observation.position_m[:70])
    assert np.array_equal(held_out.observation.position_m, episode.observation.position_m[80:])
    assert np.array_equal(held_out.hidden.drives, episode.hidden.drives[80:])
    assert split_in_time(replace(episode, hidden=None)).train[0].hidden is None


@pytest.mark.parametrize(("share", "gap"), [(0.0, 0), (1.0, 0), (1.5, 0), (0.5, 5), (0.5, -1), (0.05, 0)])
def test_empty_parts_are_refused(share, gap):
    with pytest.raises(ConfigError):
        split_in_time(episode_of(10, 2), share, gap)

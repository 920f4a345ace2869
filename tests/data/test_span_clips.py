"""Clips of given stretches, and stretches that are none."""

import numpy as np
import pytest
from small_episodes import episode_of
from small_senses import record_senses

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.core.fakes import FakeSimulator
from eco1.data.span_clips import Span, SpanCutter

NAMES = FakeSimulator.species_names


@pytest.fixture(scope="module", name="paths")
def _paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spans")
    return [record_senses(folder / f"e{seed}.zarr", 40, seed=seed) for seed in (0, 1)]


def test_each_stretch_is_of_its_own_episode_and_pace(paths):
    cutter = SpanCutter(paths, 8, species_names=NAMES, senses=["video/herd/rgb"])
    clip = cutter.clip([Span(episode=1, start_s=0.8, end_s=2.4), Span(episode=0, start_s=0.1, end_s=0.9)])
    assert clip.dt_s.tolist() == pytest.approx([0.2, 0.1])
    assert np.array_equal(clip.observation.position_m[0], episode_of(40, seed=1).observation.position_m[9:24:2])
    assert np.array_equal(clip.observation.position_m[1], episode_of(40, seed=0).observation.position_m[1:9])
    assert clip.senses.video["herd"].rgb.shape == (2, 8, 8, 12, 3)


@pytest.mark.parametrize(("start_s", "end_s"), [(-0.1, 1.0), (1.0, 1.0), (2.0, 1.0), (3.0, 4.5)])
def test_what_is_no_stretch_of_the_episode_is_said(paths, start_s, end_s):
    cutter = SpanCutter(paths, 8, species_names=NAMES)
    with pytest.raises(ConfigError, match="the episode lasts from 0 s to 4 s"):
        cutter.clip([Span(episode=0, start_s=start_s, end_s=end_s)])


def test_an_episode_shorter_than_a_clip_and_an_unknown_sense_are_named(paths, tmp_path):
    short = record_senses(tmp_path / "short.zarr", 5)
    with pytest.raises(ConfigError, match="The episode has 5 frames; a clip has 8"):
        SpanCutter([*paths, short], 8, species_names=NAMES).clip([Span(episode=2, start_s=0.0, end_s=0.5)])
    with pytest.raises(UnknownNameError, match="'video/hurd'"):
        SpanCutter(paths, 8, species_names=NAMES, senses=["video/hurd"])

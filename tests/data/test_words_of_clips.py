"""Clips bring along what is said of their stretch of time, and how much of a recording stays in memory."""

from dataclasses import replace

import numpy as np
import pytest
from small_episodes import episode_of
from small_senses import WORDS, record_senses

from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.senses import Caption, Description, SensedClip
from eco1.data.augment import Augmentation
from eco1.data.clips import ClipSampler
from eco1.data.cut_senses import spoken_between
from eco1.data.kept import Memory
from eco1.data.sensed import open_senses


@pytest.fixture(scope="module", name="path")
def _path(tmp_path_factory):
    return record_senses(tmp_path_factory.mktemp("words") / "e.zarr", 30)


def begins_of(clip: SensedClip) -> np.ndarray:
    """When each clip begins, told by where the animals are."""
    episode = episode_of(30).observation.position_m
    return np.array([np.abs(episode - seen).sum((1, 2)).argmin() for seen in clip.observation.position_m[:, 0]]) * 0.1


def test_words_come_with_times_relative_to_the_cut(path):
    clip = ClipSampler([path], 5, 32, seed=0, senses=["text"]).batch_at(0)
    assert isinstance(clip, SensedClip)
    assert clip.biome == ("plain",) * 32
    begins = begins_of(clip)
    assert len({round(float(begin), 3) for begin in begins}) > 5
    for begin, said in zip(begins, clip.said, strict=True):
        (event,), (caption,), (question,) = WORDS.events, WORDS.captions, WORDS.questions
        assert [e.start_s for e in said.events] == pytest.approx([event.start_s - begin] if begin < 0.39 else [])
        assert [c.end_s for c in said.captions] == pytest.approx([caption.end_s - begin] if begin < 0.49 else [])
        assert all(c.text == caption.text and c.rows == caption.rows for c in said.captions)
        assert [q.start_s for q in said.questions] == pytest.approx([question.start_s - begin] if begin < 0.11 else [])


def test_at_stride_two_a_clip_is_told_of_twice_the_time(path):
    clip = ClipSampler([path], 5, 32, seed=0, strides=(2,), senses=["text"]).batch_at(0)
    assert clip.dt_s == pytest.approx(0.2)
    assert isinstance(clip, SensedClip)
    for begin, said in zip(begins_of(clip), clip.said, strict=True):
        assert len(said.captions) == (begin < 0.49)


def test_questions_are_told_only_when_all_of_their_stretch_is_there():
    inside = spoken_between(WORDS, 0.1, 0.4)
    assert [(q.start_s, q.end_s) for q in inside.questions] == [pytest.approx((0.0, 0.3))]
    assert spoken_between(WORDS, 0.2, 5.0).questions == ()
    assert spoken_between(WORDS, 0.0, 0.3).questions == ()
    late = spoken_between(WORDS, 0.2, 0.3)
    assert (late.events[0].start_s, late.captions[0].start_s) == pytest.approx((-0.1, -0.2))
    assert spoken_between(WORDS, 0.5, 1.0) == Description()  # what ends when the stretch begins is over


def test_without_being_asked_for_no_words_come(path):
    clip = ClipSampler([path], 5, 2, seed=0, senses=["audio"]).batch_at(0)
    assert isinstance(clip, SensedClip)
    assert clip.said == ()


def test_what_has_no_words_is_said(path, tmp_path):
    silent = record_senses(tmp_path / "silent.zarr", 8, words=Description())
    with pytest.raises(EpisodeError, match=r"has no words.*--senses video text"):
        ClipSampler([silent], 5, 1, seed=0, senses=["text"]).batch_at(0)
    with pytest.raises(ConfigError, match="in memory have no words"):
        ClipSampler([episode_of(8)], 5, 1, seed=0, senses=["text"]).batch_at(0)
    with pytest.raises(ConfigError, match="words speak of north"):
        ClipSampler([path], 5, 1, seed=0, senses=["text"], augmentation=Augmentation())


def test_questions_alone_are_words_too(tmp_path):
    asked = record_senses(tmp_path / "asked.zarr", 8, words=replace(WORDS, captions=()))
    clip = ClipSampler([asked], 8, 1, seed=0, senses=["text"]).batch_at(0)
    assert isinstance(clip, SensedClip)
    assert clip.said[0] == replace(WORDS, captions=())


def test_chunks_are_kept_within_a_bound_give_the_same_bytes_and_nobody_can_write_into_them(path):
    whole = open_senses(path).arrays["video/herd/rgb"][:]
    size = whole.nbytes
    for bound in (0, size, 10 * size):
        kept = Memory(2 * bound, with_senses=True).chunks
        arrays = open_senses(path, kept).arrays
        for _ in range(2):
            assert np.array_equal(arrays["video/herd/rgb"][3:20:2], whole[3:20:2])
            assert np.array_equal(arrays["video/tower/rgb"][:], open_senses(path).arrays["video/tower/rgb"][:])
            assert kept.size_bytes <= bound
    with pytest.raises(ValueError, match="read-only"):
        arrays["video/herd/rgb"][3:4][:] = 9


def test_a_caption_that_spans_everything_spans_every_cut():
    words = Description(captions=(Caption(kind="summary", start_s=0, end_s=9, rows=(), text="All is quiet."),))
    assert spoken_between(words, 4.0, 5.0).captions[0].start_s == -4.0

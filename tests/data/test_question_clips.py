"""Every question comes with a clip that shows what it is about."""

from dataclasses import replace

import numpy as np
import pytest
from small_episodes import episode_of
from small_senses import record_senses

from eco1.core.errors import ConfigError, EpisodeError, UnknownNameError
from eco1.core.fakes import FakeSimulator
from eco1.core.senses import Description, Question
from eco1.data.question_clips import QuestionSampler

NAMES = FakeSimulator.species_names
FRAMES = 45


def asking(kind: str, start_s: float, end_s: float) -> Question:
    return Question(kind=kind, start_s=start_s, end_s=end_s, question=f"{kind}?", answer="A", choices=("A", "B"))


ASKED = (
    asking("count", 0.0, 4.5),
    asking("count", 1.0, 4.0),
    asking("order", 2.0, 2.3),
    asking("order", 0.7, 1.8),
    asking("future", 0.0, 0.3),
    asking("future", 4.1, 4.5),
)


@pytest.fixture(scope="module", name="path")
def _path(tmp_path_factory):
    return record_senses(tmp_path_factory.mktemp("asked") / "e.zarr", FRAMES, words=Description(questions=ASKED))


def sampler(path, frames, batch=4, seed=0, **more):
    return QuestionSampler([path], frames, batch, seed, species_names=NAMES, **more)


def cuts_of(path, frames) -> list[tuple[slice, Question]]:
    """Return the frames of each question's clip, told by where the animals are and how far apart in time."""
    one, positions = sampler(path, frames), episode_of(FRAMES).observation.position_m
    clip, cuts = one.clip(one.asked), []
    for seen, dt_s in zip(clip.observation.position_m, clip.dt_s, strict=True):
        first, last = (int(np.abs(positions - seen[t]).sum((1, 2)).argmin()) for t in (0, -1))
        cuts.append(slice(first, last + 1, round(float(dt_s) * 10)))
    return list(zip(cuts, [asked.question for asked in one.asked], strict=True))


@pytest.mark.parametrize("frames", [1, 2, 5, 8, 16, 45])
def test_a_clip_lies_in_the_recording_and_ends_with_its_question(path, frames):
    for cut, question in cuts_of(path, frames):
        last = round(question.end_s * 10)
        shown = range(FRAMES)[cut]
        assert len(shown) == frames
        assert cut.start >= 0
        assert cut.stop <= FRAMES
        assert shown[-1] == max(last - 1, frames - 1)


@pytest.mark.parametrize("frames", [2, 5, 8])
def test_a_clip_spans_its_question_where_there_is_room_before_it(path, frames):
    late = [(cut, question) for cut, question in cuts_of(path, frames) if question.start_s > 0]
    assert len(late) == 4
    for cut, question in late:
        first, last = round(question.start_s * 10), round(question.end_s * 10)
        assert cut.start < first + cut.step  # each frame stands for as many as lie between two
        assert cut.step < (last - first) / frames + 1  # no wider apart than that takes


def test_without_room_before_it_a_clip_begins_late_rather_than_ending_late(path):
    assert cuts_of(path, 8)[0][0] == slice(2, 45, 6)
    assert cuts_of(path, 31)[0][0] == slice(14, 45, 1)  # 45 frames: 31 two apart would begin before the recording


def test_batches_are_reproducible_and_hold_the_question_and_its_frames(path):
    one, other = sampler(path, 5, 16), sampler(path, 5, 16)
    for number in (3, 0):
        clip, same = one.batch_at(number), other.batch_at(number)
        assert clip.said == same.said
        assert np.array_equal(clip.observation.position_m, same.observation.position_m)
    assert one.batch_at(1).said != one.batch_at(0).said
    assert sampler(path, 5, 16, seed=1).batch_at(0).said != one.batch_at(0).said
    episode, clip = episode_of(FRAMES).observation, one.clip(one.asked)
    for row, (cut, question) in enumerate(cuts_of(path, 5)):
        assert clip.said[row] == Description(questions=(question,))
        assert np.array_equal(clip.observation.position_m[row], episode.position_m[cut])
        assert clip.dt_s[row] == pytest.approx(0.1 * cut.step)


def test_kinds_are_equally_likely_and_may_be_chosen(path):
    drawn = [said.questions[0].kind for said in sampler(path, 5, 300).batch_at(0).said]
    assert all(70 < drawn.count(kind) < 130 for kind in ("count", "order", "future"))
    assert {asked.question.kind for asked in sampler(path, 5, kinds=["order"]).asked} == {"order"}


def test_senses_come_along(path):
    clip = sampler(path, 5, 2, senses=["video/herd/rgb"]).batch_at(0)
    assert clip.senses.video["herd"].rgb.shape == (2, 5, 8, 12, 3)
    assert len(clip.said) == 2


def test_what_cannot_be_asked_is_said(path, tmp_path):
    mute = record_senses(tmp_path / "mute.zarr", 20, words=Description())
    with pytest.raises(EpisodeError, match=r"No episode has questions.*eco1 record"):
        sampler(mute, 5)
    with pytest.raises(UnknownNameError, match=r"Unknown kind of question 'ordre'. Did you mean 'order'"):
        sampler(path, 5, kinds=["ordre"])
    with pytest.raises(ConfigError, match="the longest of 1 episodes has 45"):
        sampler(path, 46)


def test_further_questions_come_with_what_was_recorded_and_with_all_about_the_same_stretch(path):
    more = (*ASKED, asking("count", 0.0, 4.5), asking("place", 1.0, 4.0))
    calls = []

    def questions_of(place):
        calls.append(place)
        return more

    source = sampler(path, 5, batch=40, questions_of=questions_of)
    said = [each.questions for each in source.batch_at(0).said]
    assert calls == [path]  # once, however often it is asked about
    together = {tuple(sorted(each.kind for each in asked)) for asked in said if len(asked) > 1}
    assert together == {("count", "count"), ("count", "place")}
    assert all(len({(each.start_s, each.end_s) for each in asked}) == 1 for asked in said)
    assert source.asked == sampler(path, 5).asked


def test_kinds_of_which_few_come_along_are_drawn_more_often(path):
    def many(_place):
        return (*ASKED, *(replace(ASKED[0], question=f"count {k}?") for k in range(6)))

    one = sampler(path, 5, 64, questions_of=many)
    kinds = [said.questions[0].kind for number in range(4) for said in one.batch_at(number).said]
    assert kinds.count("future") > 2 * kinds.count("count") > 0
    even = [said.questions[0].kind for number in range(4) for said in sampler(path, 5, 64).batch_at(number).said]
    assert even.count("future") < 1.5 * even.count("count")

"""Questions to learn from are worked out once."""

import pytest

from eco1.data.question_clips import recorded_questions
from eco1.recipes import further_questions
from eco1.recipes.record import RecordConfig, record
from eco1.recipes.watching import SimulatedSenses


@pytest.fixture(scope="module", name="episode")
def _episode(tmp_path_factory):
    config = RecordConfig(out=tmp_path_factory.mktemp("told") / "savanna", episodes=1, seconds=20, threads=1)
    (place,) = record(config, SimulatedSenses(senses=("text",)), quiet=True)
    return place


@pytest.fixture(name="asked")
def _asked(tmp_path, monkeypatch):
    """Episodes that questions were worked out for, with an empty cache."""
    worked_out, ask = [], further_questions.captioner.ask
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(further_questions.captioner, "ask", lambda *given: worked_out.append(1) or ask(*given))
    further_questions.many_questions.cache_clear()
    yield worked_out
    further_questions.many_questions.cache_clear()


def again(episode):
    further_questions.many_questions.cache_clear()
    return further_questions.many_questions(episode)


def test_they_are_kept_for_the_next_run(episode, asked, tmp_path):
    first = further_questions.many_questions(episode)
    assert len(first) > 2 * len(recorded_questions(episode)) > 0
    assert first[: len(recorded_questions(episode))] == recorded_questions(episode)
    assert again(episode) == first
    assert len(asked) == 1
    (kept,) = (tmp_path / "cache").rglob("*.json.gz")
    whole = kept.read_bytes()
    for damage in (b"", whole[:40], whole[:40] + bytes(40) + whole[80:], b"no gzip"):
        kept.write_bytes(damage)
        assert again(episode) == first
    assert len(asked) == 5
    assert again(episode) == first
    assert len(asked) == 5


def test_without_room_they_are_worked_out_again(episode, asked, tmp_path):
    (tmp_path / "cache").write_text("a file where a folder should be")
    assert again(episode) == again(episode)
    assert len(asked) == 2

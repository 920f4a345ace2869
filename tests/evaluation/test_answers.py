"""Answers counted by kind."""

import math

import numpy as np
import pytest

from eco1.core.senses import Question
from eco1.evaluation.answers import evaluate_answers


def asked(kind: str, answer: str, choices: str = "ABCD") -> Question:
    return Question(kind=kind, start_s=0, end_s=1, question="?", answer=answer, choices=tuple(choices))


def test_each_kind_is_counted_by_itself_and_all_together():
    questions = [(0, asked("count", "A")), (0, asked("count", "B")), (1, asked("actor", "B", "AB"))]
    found = evaluate_answers(questions, [(0.0, -1, -2, -3), (0.0, -1, -2, -3), (-5.0, -4.0)])
    assert list(found) == ["actor", "all", "count"]
    assert {kind: score.questions for kind, score in found.items()} == {"actor": 1, "all": 3, "count": 2}
    assert {kind: score.right.mean for kind, score in found.items()} == pytest.approx(
        {"actor": 1.0, "all": 2 / 3, "count": 0.5}
    )
    assert found["actor"].chance == 0.5
    assert found["all"].chance == pytest.approx((0.25 + 0.25 + 0.5) / 3)
    assert math.isnan(found["count"].right.low)  # of one episode there is no spread


def test_the_interval_is_over_episodes():
    rng = np.random.default_rng(0)
    right_in = rng.random(40) < 0.5  # all questions of an episode are answered rightly, or none
    questions = [(episode, asked("count", "A")) for episode in range(40) for _ in range(50)]
    scores = [(1.0, 0, 0, 0) if right_in[episode] else (0.0, 1, 0, 0) for episode, _ in questions]
    score = evaluate_answers(questions, scores)["count"]
    assert score.right.mean == pytest.approx(right_in.mean())
    assert score.right.low < score.right.mean < score.right.high
    assert score.right.high - score.right.low > 0.2  # 2000 independent answers would give 0.04


def test_a_question_without_scores_is_no_small_matter():
    with pytest.raises(ValueError, match="shorter"):
        evaluate_answers([(0, asked("count", "A"))], [])

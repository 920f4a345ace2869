"""All texts of a clip lie behind its prefix, and only answers are to be told."""

import math

import pytest
import torch

from eco1.models.multimodal.lessons import Lessons, lay_out
from eco1.models.multimodal.telling import Told

CPU = torch.device("cpu")
SAID = Told(prompt=(2,), answer=(7, 8, 1), rows=(0, 3))
ASKED = Told(prompt=(3, 9, 4), answer=(6, 1), wrong=((5, 1), (5, 5, 1)))


def error_of(lessons: Lessons, log_p: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    """The error when nothing but their likelihoods tells choices apart."""
    return lessons.error(log_p, lessons.of_texts(log_p))


def test_texts_lie_one_after_the_other_and_answers_are_told_by_what_stands_before_them():
    tasks = [[SAID, Told(prompt=(3, 9, 4), answer=(6, 1))], [], [Told(prompt=(2,), answer=(5, 1), rows=(9,))]]
    lessons = lay_out(tasks, 4, CPU)
    assert lessons.tokens.tolist() == [[2, 7, 8, 1, 3, 9, 4, 6, 1], [0] * 9, [2, 5, 1, *[0] * 6]]
    assert lessons.branch.tolist() == [[1, 1, 1, 1, 2, 2, 2, 2, 2], [-1] * 9, [1, 1, 1, *[-1] * 6]]
    assert (lessons.clip.tolist(), lessons.topic_place.tolist()) == ([0, 0, 2], [0, 6, 0])
    assert lessons.marks.tolist() == [[True, False, False, True], [False] * 4, [False] * 4]  # there is no row 9
    assert lessons.answer.tolist() == [7, 8, 1, 6, 1, 5, 1]
    assert lessons.answer_text.tolist() == [0, 0, 0, 1, 1, 2, 2]
    assert lessons.answer_place.tolist() == [0, 1, 2, 6, 7, 0, 1]
    assert lessons.last_place.tolist() == [2, 7, 1]
    assert lessons.right.all()


def test_every_choice_is_a_text_and_those_of_a_question_belong_together():
    lessons = lay_out([[SAID], [ASKED, SAID]], 4, CPU)
    assert lessons.tokens[1].tolist() == [3, 9, 4, 6, 1, 3, 9, 4, 5, 1, 3, 9, 4, 5, 5, 1, 2, 7, 8, 1]
    assert lessons.branch[1].tolist() == [1] * 5 + [2] * 5 + [3] * 6 + [4] * 4
    assert lessons.task.tolist() == [0, 1, 1, 1, 2]
    assert lessons.right.tolist() == [True, True, False, False, True]
    assert lessons.topic_place.tolist() == [0, 2, 7, 12, 16]
    assert (lessons.asking_text.tolist(), lessons.asking_place.tolist()) == ([1, 2, 3], [1, 6, 11])


def test_there_is_room_for_so_many_tokens_and_a_question_comes_with_all_its_choices_or_not_at_all():
    long, short = Told(prompt=(2,), answer=(7, 8, 9, 1)), Told(prompt=(3,), answer=(6, 1))
    lessons = lay_out([[long, short], [short, long]], 2, CPU, room=4)
    assert lessons.tokens.tolist() == [[2, 7, 8, 9], [3, 6, 1, 0]]
    assert lessons.answer.tolist() == [7, 8, 9, 6, 1]
    assert lay_out([[SAID, ASKED]], 2, CPU, room=19).tokens.shape == (1, 4)
    assert lay_out([[SAID, ASKED]], 2, CPU, room=20).tokens.shape == (1, 20)
    assert lay_out([[ASKED]], 2, CPU, room=6).tokens.tolist() == [[3, 9, 4, 6, 1]]


def test_without_texts_there_is_nothing_to_tell():
    lessons = lay_out([[], []], 3, CPU)
    assert lessons.tokens.shape[0] == 2
    assert (lessons.branch == -1).all()
    assert len(lessons.answer) == len(lessons.clip) == 0


def test_right_answers_are_to_be_likely_and_likelier_than_other_choices():
    lessons = lay_out([[SAID, ASKED]], 4, CPU)
    log_p = -torch.arange(1.0, 11.0)  # three of what is said, two right, two and three wrong
    error, rightly = error_of(lessons, log_p)
    of_choices = [-(4 + 5.0), -(6 + 7.0), -(8 + 9 + 10.0)]
    among = math.log(sum(math.exp(each - of_choices[0]) for each in of_choices))
    assert error.item() == pytest.approx((1 + 2 + 3 + 4 + 5) / 5 + among)
    assert rightly == 1.0
    error, rightly = error_of(lessons, log_p.flip(0))
    assert rightly == 0.0
    error, rightly = error_of(lay_out([[SAID]], 4, CPU), -torch.ones(3))
    assert (error.item(), rightly) == (1.0, None)


def test_answers_of_questions_that_lie_apart_are_weighed_by_themselves():
    together = lay_out([[ASKED], [SAID], [ASKED]], 4, CPU)
    log_p = torch.linspace(-3, -1, len(together.answer))
    alone = [error_of(lay_out([[ASKED]], 4, CPU), part)[0] for part in (log_p[:7], log_p[10:])]
    ranked = [each - -part[:2].mean() for each, part in zip(alone, (log_p[:7], log_p[10:]), strict=True)]
    told = -torch.cat([log_p[:2], log_p[7:10], log_p[10:12]]).mean()
    assert error_of(together, log_p)[0].item() == pytest.approx((told + torch.stack(ranked).mean()).item())

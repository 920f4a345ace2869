"""All texts of a clip lie behind its prefix, and only answers are to be told."""

import torch

from eco1.models.multimodal.lessons import lay_out
from eco1.models.multimodal.telling import Told

CPU = torch.device("cpu")


def test_texts_lie_one_after_the_other_and_answers_are_told_by_what_stands_before_them():
    tasks = [
        [Told(prompt=(2,), answer=(7, 8, 1), rows=(0, 3)), Told(prompt=(3, 9, 4), answer=(6, 1))],
        [],
        [Told(prompt=(2,), answer=(5, 1), rows=(9,))],
    ]
    lessons = lay_out(tasks, 4, CPU)
    assert lessons.tokens.tolist() == [[2, 7, 8, 1, 3, 9, 4, 6, 1], [0] * 9, [2, 5, 1, *[0] * 6]]
    assert lessons.branch.tolist() == [[1, 1, 1, 1, 2, 2, 2, 2, 2], [-1] * 9, [1, 1, 1, *[-1] * 6]]
    assert (lessons.clip.tolist(), lessons.begins.tolist()) == ([0, 0, 2], [0, 4, 0])
    assert lessons.marks.tolist() == [[True, False, False, True], [False] * 4, [False] * 4]  # there is no row 9
    assert lessons.answer.tolist() == [7, 8, 1, 6, 1, 5, 1]
    assert lessons.answer_clip.tolist() == [0] * 5 + [2] * 2
    assert lessons.answer_place.tolist() == [0, 1, 2, 6, 7, 0, 1]


def test_there_is_room_for_so_many_tokens_and_the_first_text_is_cut():
    long, short = Told(prompt=(2,), answer=(7, 8, 9, 1)), Told(prompt=(3,), answer=(6, 1))
    lessons = lay_out([[long, short], [short, long]], 2, CPU, room=4)
    assert lessons.tokens.tolist() == [[2, 7, 8, 9], [3, 6, 1, 0]]
    assert lessons.answer.tolist() == [7, 8, 9, 6, 1]


def test_without_texts_there_is_nothing_to_tell():
    lessons = lay_out([[], []], 3, CPU)
    assert lessons.tokens.shape[0] == 2
    assert (lessons.branch == -1).all()
    assert len(lessons.answer) == len(lessons.clip) == 0

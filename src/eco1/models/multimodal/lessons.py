"""Texts about clips laid out for one reading: behind each clip's prefix come all its texts, blind to each other.

Perceiving a clip costs more than reading a sentence about it, so a clip should teach more than one sentence.

Shape letters: b clips, t tokens, k texts, n animals, a tokens of answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor

from eco1.models.multimodal.telling import Told
from eco1.models.multimodal.words import padded

_ROOM = 192  # tokens of the texts of a clip
_NOBODYS = -1  # the branch of tokens that only fill up a row


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """Tokens behind the prefixes, the branch of each (from 1), and where texts begin and answers are to be told."""

    tokens: Int[Tensor, "b t"]
    branch: Int[Tensor, "b t"]
    clip: Int[Tensor, " k"]
    begins: Int[Tensor, " k"]
    marks: Bool[Tensor, "k n"]
    answer_clip: Int[Tensor, " a"]
    answer_place: Int[Tensor, " a"]
    answer: Int[Tensor, " a"]


def lay_out(tasks: Sequence[Sequence[Told]], animals: int, device: torch.device, room: int = _ROOM) -> Lessons:
    """Return the texts of each clip one after the other, as many as there is room for; the first is cut to fit.

    The token that tells the first of an answer stands just before it: ``answer_place`` is there.
    """
    rows: list[list[int]] = []
    branches: list[list[int]] = []
    texts: list[tuple[int, int, tuple[int, ...]]] = []
    answers: list[tuple[int, int, int]] = []
    for clip, told in enumerate(tasks):
        row: list[int] = []
        branch: list[int] = []
        for number, task in enumerate(told, start=1):
            text = [*task.prompt, *task.answer][: room if not row else None]
            if len(row) + len(text) > room:
                break
            texts.append((clip, len(row), task.rows))
            first = len(row) + len(task.prompt)
            known = text[len(task.prompt) :]
            answers += [(clip, first + step - 1, token) for step, token in enumerate(known)]
            row += text
            branch += [number] * len(text)
        rows.append(row)
        branches.append(branch)
    length = max(map(len, rows), default=0)
    told_of = torch.tensor([(clip, place) for clip, place, _ in texts], dtype=torch.long).view(-1, 2)
    wanted = torch.tensor(answers, dtype=torch.long).view(-1, 3)
    return Lessons(
        tokens=padded(rows, length, device)[0],
        branch=torch.tensor([each + [_NOBODYS] * (max(length, 1) - len(each)) for each in branches], device=device),
        clip=told_of[:, 0].to(device),
        begins=told_of[:, 1].to(device),
        marks=_marks([about for _, _, about in texts], animals).to(device),
        answer_clip=wanted[:, 0].to(device),
        answer_place=wanted[:, 1].to(device),
        answer=wanted[:, 2].to(device),
    )


def _marks(rows: Sequence[tuple[int, ...]], animals: int) -> Bool[Tensor, "k n"]:
    marks = torch.zeros(len(rows), animals, dtype=torch.bool)
    for line, about in zip(marks, rows, strict=True):
        line[[row for row in about if row < animals]] = True
    return marks

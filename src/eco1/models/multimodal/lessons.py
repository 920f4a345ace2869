"""Texts about clips laid out for one reading: behind each clip's prefix come all its texts, blind to each other.

Perceiving a clip costs more than reading a sentence about it, so a clip should teach more than one sentence.

Shape letters: b clips, t tokens, k texts, n animals, p tokens of questions, a tokens of answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.models.multimodal.telling import Told, asking
from eco1.models.multimodal.words import padded

_ROOM = 256  # tokens of the texts of a clip
_NOBODYS = -1  # the branch of tokens that only fill up a row


@dataclass(frozen=True, kw_only=True)
class Lessons:
    """Tokens behind the prefixes, the branch of each (from 1), where texts ask, and are to tell answers.

    A question comes with a text for each choice, of which the first is right; whatever else is told is one right text.
    ``task`` numbers what belongs together. The last token of a prompt, which tells the first of its answer, stands at
    the ``topic_place`` of its text; what tells a token of an answer stands at its ``answer_place``.
    """

    tokens: Int[Tensor, "b t"]
    branch: Int[Tensor, "b t"]
    clip: Int[Tensor, " k"]
    topic_place: Int[Tensor, " k"]
    marks: Bool[Tensor, "k n"]
    task: Int[Tensor, " k"]
    right: Bool[Tensor, " k"]
    asking_text: Int[Tensor, " p"]
    asking_place: Int[Tensor, " p"]
    answer_text: Int[Tensor, " a"]
    answer_place: Int[Tensor, " a"]
    answer: Int[Tensor, " a"]

    def of_texts(self, log_p: Float[Tensor, " a"]) -> Float[Tensor, " k"]:
        """Return the sum over the tokens of each text's answer."""
        return log_p.new_zeros(len(self.task)).index_add(0, self.answer_text, log_p)

    @property
    def last_place(self) -> Int[Tensor, " k"]:
        """Return where all but the end of each text has been read; 0 where no answer fits in."""
        return torch.zeros_like(self.task).scatter_reduce(0, self.answer_text, self.answer_place, "amax")

    def error(
        self, log_p: Float[Tensor, " a"], of_text: Float[Tensor, " k"]
    ) -> tuple[Float[Tensor, ""], Float[Tensor, ""] | None]:
        """Return how unlikely right answers are, and the share of questions whose right choice scores highest.

        The error is the mean over right tokens of -log p, and, where there are choices, the mean over questions of the
        -log of the right one's share among them: Liu et al. (2022), arXiv 2205.05638, section 3.2, but without dividing
        by the length, as choices are told apart in the same way afterwards. None where nothing was asked.

        Args:
            log_p: of each token of an answer.
            of_text: the score of each text, to be compared with those of the other choices.
        """
        told = -log_p[self.right[self.answer_text]].mean()
        _, place, count = torch.unique_consecutive(self.task, return_inverse=True, return_counts=True)
        first = count.cumsum(0) - count
        choices = log_p.new_full((len(count), int(count.max())), -torch.inf)
        choices = choices.index_put((place, torch.arange(len(place), device=place.device) - first[place]), of_text)
        asked = choices[count > 1]
        if not len(asked):
            return told, None
        chosen = asked.log_softmax(-1)[:, 0]
        return told - chosen.mean(), (asked.argmax(-1) == 0).float().mean().detach()


@dataclass
class _Layout:
    """What is laid out so far."""

    room: int
    rows: list[list[int]] = field(default_factory=list)
    branches: list[list[int]] = field(default_factory=list)
    texts: list[tuple[int, int, int, bool]] = field(default_factory=list)
    about: list[tuple[int, ...]] = field(default_factory=list)
    asking: list[tuple[int, int]] = field(default_factory=list)
    answers: list[tuple[int, int, int]] = field(default_factory=list)
    tasks: int = 0

    def add_clip(self, told: Sequence[Told]) -> None:
        self.rows.append([])
        self.branches.append([])
        for task in told:
            if not self._add(task):
                return

    def _add(self, task: Told) -> bool:
        """Lay out a task with all its choices, or else not at all; what does not fit an empty row is cut."""
        row = self.rows[-1]
        texts = [(*task.prompt, *answer) for answer in (task.answer, *task.wrong)]
        if len(row) + sum(map(len, texts)) > self.room:
            if row:
                return False
            texts = [texts[0][: self.room]]
        for number, text in enumerate(texts):
            for step, token in enumerate(text[len(task.prompt) :]):
                self.answers.append((len(self.texts), len(row) + len(task.prompt) + step - 1, token))
            self.asking += [(len(self.texts), len(row) + place) for place in asking(text)]
            topic = len(row) + min(len(task.prompt), len(text)) - 1
            self.texts.append((len(self.rows) - 1, topic, self.tasks, number == 0))
            self.about.append(task.rows)
            self.branches[-1] += [self.branches[-1][-1] + 1 if self.branches[-1] else 1] * len(text)
            row += text
        self.tasks += 1
        return True


def lay_out(tasks: Sequence[Sequence[Told]], animals: int, device: torch.device, room: int = _ROOM) -> Lessons:
    """Return the texts of each clip one after the other, as many as there is room for."""
    made = _Layout(room)
    for told in tasks:
        made.add_clip(told)
    length = max(max(map(len, made.rows), default=0), 1)
    texts = torch.tensor(made.texts, dtype=torch.long, device=device).view(-1, 4)
    asked = torch.tensor(made.asking, dtype=torch.long, device=device).view(-1, 2)
    answers = torch.tensor(made.answers, dtype=torch.long, device=device).view(-1, 3)
    branches = [each + [_NOBODYS] * (length - len(each)) for each in made.branches]
    return Lessons(
        tokens=padded(made.rows, length, device)[0],
        branch=torch.tensor(branches, device=device),
        clip=texts[:, 0],
        topic_place=texts[:, 1],
        marks=_marks(made.about, animals).to(device),
        task=texts[:, 2],
        right=texts[:, 3].bool(),
        asking_text=asked[:, 0],
        asking_place=asked[:, 1],
        answer_text=answers[:, 0],
        answer_place=answers[:, 1],
        answer=answers[:, 2],
    )


def _marks(rows: Sequence[tuple[int, ...]], animals: int) -> Bool[Tensor, "k n"]:
    marks = torch.zeros(len(rows), animals, dtype=torch.bool)
    for line, about in zip(marks, rows, strict=True):
        line[[row for row in about if row < animals]] = True
    return marks

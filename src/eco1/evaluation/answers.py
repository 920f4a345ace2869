"""How often questions of each kind are answered rightly.

Shape letters: o choices.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from eco1.core.senses import Question
from eco1.evaluation.bootstrap import Interval, Resampler


@dataclass(frozen=True, kw_only=True)
class AnswerScore:
    """Share answered rightly with its 95 % interval over episodes, beside guessing among the choices."""

    questions: int
    right: Interval
    chance: float


def evaluate_answers(
    asked: Iterable[tuple[int, Question]], scores: Sequence[Sequence[float]]
) -> dict[str, AnswerScore]:
    """Return the score of each kind of question, and of ``all``.

    Args:
        asked: the number of the episode and the question.
        scores: of each question's choices; the highest is the answer given.
    """
    rows: defaultdict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for (episode, question), given in zip(asked, scores, strict=True):
        right = float(question.choices[int(np.argmax(given))] == question.answer)
        row = episode, right, 1.0 / len(question.choices)
        rows[question.kind].append(row)
        rows["all"].append(row)
    return {kind: _score(found) for kind, found in sorted(rows.items())}


def _score(rows: list[tuple[int, float, float]]) -> AnswerScore:
    episode, right, chance = (np.array(column) for column in zip(*rows, strict=True))
    interval = Resampler(episode.astype(np.int64)).mean(right.astype(np.float64))
    return AnswerScore(questions=len(rows), right=interval, chance=float(chance.mean()))

"""Scores for action anticipation: top-1, mean class recall@5, and which family of behaviours is taken for which.

Damen et al. (2020), arXiv 2006.13256, section 4.4. The present behaviour is no allowed answer (the question is which
*new* one begins), so its score is ignored for models and baselines alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int64

from eco1.catalog.loader import load_ethogram
from eco1.catalog.records import FAMILIES
from eco1.core.errors import ConfigError
from eco1.core.protocols import Anticipator
from eco1.evaluation.onsets import Questions

#: Classes with fewer questions than this are left out of the mean class recall.
FEWEST_PER_CLASS = 10
_BATCH = 32


@dataclass(frozen=True, kw_only=True)
class FamilyConfusion:
    """``counts[i][j]``: questions whose answer is of family i and whose top-1 reply is of family j."""

    families: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, kw_only=True)
class TransitionScore:
    """How often one transition was asked, and named."""

    before: str
    after: str
    questions: int
    top1: float


@dataclass(frozen=True, kw_only=True)
class AnticipationScore:
    """One anticipator on all questions. ``families`` is None when behaviours are not in the ethogram."""

    questions: int
    top1: float
    recall_at_5: float
    classes: int
    per_species_top1: dict[str, float]
    transitions: tuple[TransitionScore, ...]
    families: FamilyConfusion | None


@dataclass(frozen=True, kw_only=True)
class AnticipationReport:
    """Every anticipator by name, the model under ``model``."""

    ahead_s: float
    scores: dict[str, AnticipationScore]


def evaluate_anticipation(
    anticipators: Mapping[str, Anticipator], questions: Questions, *, ahead_s: float
) -> AnticipationReport:
    """Ask every anticipator every question.

    Raises:
        ConfigError: when there is no question.
    """
    if len(questions) == 0:
        raise ConfigError("The test episodes hold no onset of a new behaviour to ask about. Record longer episodes.")
    scores = {name: score_answers(answers(a, questions), questions) for name, a in anticipators.items()}
    return AnticipationReport(ahead_s=ahead_s, scores=scores)


def answers(anticipator: Anticipator, questions: Questions) -> Float32[np.ndarray, "q c"]:
    """Return the scores given to every behaviour, minus infinity for the present one."""
    behaviors = len(questions.episodes[0].info.behavior_names)
    scores = np.empty((len(questions), behaviors), np.float32)
    for clip, number, row in questions.batches(_BATCH):
        scores[number] = anticipator.anticipate(clip)[row, questions.animal[number], :behaviors]
    scores[np.arange(len(questions)), questions.before] = -np.inf
    return scores


def score_answers(scores: Float32[np.ndarray, "q c"], questions: Questions) -> AnticipationScore:
    """Judge scores against what came."""
    info = questions.episodes[0].info
    order = np.argsort(-scores, axis=1, kind="stable")
    right = order[:, 0] == questions.after
    in_five = (order[:, :5] == questions.after[:, None]).any(1)
    counts = np.bincount(questions.after, minlength=scores.shape[1])
    hits = np.bincount(questions.after, weights=in_five, minlength=scores.shape[1])
    enough = counts >= FEWEST_PER_CLASS
    return AnticipationScore(
        questions=len(questions),
        top1=float(right.mean()),
        recall_at_5=float((hits[enough] / counts[enough]).mean()) if enough.any() else float("nan"),
        classes=int(enough.sum()),
        per_species_top1={
            info.species_names[s]: float(right[questions.species == s].mean()) for s in np.unique(questions.species)
        },
        transitions=_transitions(right, questions),
        families=_families(order[:, 0], questions),
    )


def _transitions(right: np.ndarray, questions: Questions) -> tuple[TransitionScore, ...]:
    """Return every transition asked at least ``FEWEST_PER_CLASS`` times, the most frequent first."""
    names = questions.episodes[0].info.behavior_names
    pairs, which, counts = np.unique(
        np.stack([questions.before, questions.after], 1), axis=0, return_inverse=True, return_counts=True
    )
    hits = np.bincount(which, weights=right, minlength=len(pairs))
    return tuple(
        TransitionScore(
            before=names[pairs[i, 0]],
            after=names[pairs[i, 1]],
            questions=int(counts[i]),
            top1=float(hits[i] / counts[i]),
        )
        for i in np.argsort(-counts, kind="stable")
        if counts[i] >= FEWEST_PER_CLASS
    )


def _families(reply: Int64[np.ndarray, " q"], questions: Questions) -> FamilyConfusion | None:
    ethogram = load_ethogram()
    known = {b.name: FAMILIES.index(b.family) for b in ethogram.behaviors}
    names = questions.episodes[0].info.behavior_names
    if not set(names) <= set(known):
        return None
    family = np.array([known[name] for name in names])
    counts = np.zeros((len(FAMILIES), len(FAMILIES)), np.int64)
    np.add.at(counts, (family[questions.after], family[reply]), 1)
    return FamilyConfusion(families=FAMILIES, counts=tuple(tuple(int(c) for c in row) for row in counts))

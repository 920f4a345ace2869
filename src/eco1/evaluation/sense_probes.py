"""What frozen features of pictures, video, sounds and points tell, beside an untrained encoder and the raw numbers.

Linear probes read the mean over tokens (what is asked of a patch: that patch), attentive ones look at all tokens. All
get the same clips, and choose strength or stopping time on the same held clips.

Shape letters: m clips, n tokens, d width.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float32, Float64, Int64
from torch import Tensor
from torch.nn import functional

from eco1.evaluation.attentive import fit_attentive
from eco1.evaluation.linear import fit_logistic, fit_ridge_probe, r2
from eco1.evaluation.sense_rows import SenseRows, Truth
from eco1.models.nn.rank import effective_rank, some_numbers, some_of

_VALIDATION_SHARE = 0.2
_FEWEST = 8  # of a class in training: a rarer one is not asked about
_MOST_PATCHES = 20_000
_MOST_ROWS_OF_RANK = 4_096


@dataclass(frozen=True, kw_only=True)
class SenseScore:
    """What one reader tells of one thing: accuracy for a class, R2 for a number; None where it was not asked."""

    linear: float | None
    attentive: float | None


@dataclass(frozen=True, kw_only=True)
class SenseReport:
    """Scores by reader and task, RankMe of each reader's tokens, and what is right by guessing the commonest.

    What too few clips have (a class in training, a patch of known depth) is not asked about.
    """

    train_clips: int
    test_clips: int
    chance: dict[str, float | None]
    rank_me: dict[str, float]
    width: dict[str, int]
    scores: dict[str, dict[str, SenseScore]]


def evaluate_sense_probes(known: SenseRows, asked: SenseRows) -> SenseReport:
    """Fit probes on the known clips (in the order they were drawn) and judge them on the asked ones."""
    scores: dict[str, dict[str, SenseScore]] = {}
    for name, tokens in known.tokens.items():
        middle, spread = tokens.mean((0, 1)), tokens.std((0, 1)) + 1e-6
        a, b = ((part - middle) / spread for part in (tokens, asked.tokens[name]))
        scores[name] = _clip_scores(a, b, known.truth, asked.truth)
        a, b = ((part - middle) / spread for part in (known.patches[name], asked.patches[name]))
        scores[name] |= _patch_scores(a, b, known.truth, asked.truth)
    classes = {"species": (known.truth.species, asked.truth.species)}
    classes["behavior"] = known.truth.behavior, asked.truth.behavior
    return SenseReport(
        train_clips=len(known.truth.species),
        test_clips=len(asked.truth.species),
        chance={task: _chance(*both) for task, both in classes.items()},
        rank_me={name: _rank(tokens) for name, tokens in asked.tokens.items()},
        width={name: tokens.shape[-1] for name, tokens in asked.tokens.items()},
        scores=scores,
    )


def _clip_scores(tokens: np.ndarray, test: np.ndarray, a: Truth, b: Truth) -> dict[str, SenseScore]:
    return {
        "species": _named(tokens, a.species, test, b.species),
        "behavior": _named(tokens, a.behavior, test, b.behavior),
        "count": _counted(tokens, a.count, test, b.count),
    }


def _patch_scores(tokens: np.ndarray, test: np.ndarray, a: Truth, b: Truth) -> dict[str, SenseScore]:
    found: dict[str, SenseScore] = {}
    for task, truth, wanted in (("depth", a.depth, b.depth), ("flow", a.flow, b.flow)):
        if truth is not None and wanted is not None:
            found[task] = SenseScore(linear=_of_patches(tokens, truth, test, wanted), attentive=None)
    return found


def _named(
    tokens: Float32[np.ndarray, "m n d"], truth: Int64[np.ndarray, " m"], test: np.ndarray, wanted: np.ndarray
) -> SenseScore:
    """Return how often a class is named rightly."""
    classes = _askable(truth)
    mine, theirs = np.isin(truth, classes), np.isin(wanted, classes)
    if not theirs.any():
        return SenseScore(linear=None, attentive=None)
    label, right = np.searchsorted(classes, truth[mine]), np.searchsorted(classes, wanted[theirs])
    held = _held(len(label))
    linear = fit_logistic(tokens[mine].mean(1), label, held, test[theirs].mean(1))
    known = torch.from_numpy(label)

    def loss(output: Tensor, rows: Tensor) -> Tensor:
        return functional.cross_entropy(output, known[rows])

    attentive = fit_attentive(tokens[mine], loss, len(classes), held, test[theirs]).argmax(-1)
    return SenseScore(linear=float((linear == right).mean()), attentive=float((attentive == right).mean()))


def _counted(
    tokens: Float32[np.ndarray, "m n d"], truth: Float64[np.ndarray, " m"], test: np.ndarray, wanted: np.ndarray
) -> SenseScore:
    """Return the share of variance of log(1 + count) that is explained."""
    level, goal, held = np.log1p(truth), np.log1p(wanted), _held(len(truth))
    linear = fit_ridge_probe(tokens.mean(1), level[:, None], held, test.mean(1))[:, 0]
    known = torch.from_numpy((level - level.mean()) / (level.std() + 1e-9)).float()

    def loss(output: Tensor, rows: Tensor) -> Tensor:
        return functional.mse_loss(output[:, 0], known[rows])

    attentive = fit_attentive(tokens, loss, 1, held, test)[:, 0].astype(np.float64)
    return SenseScore(linear=r2(goal, linear), attentive=r2(goal, attentive * level.std() + level.mean()))


def _of_patches(tokens: np.ndarray, truth: np.ndarray, test: np.ndarray, wanted: np.ndarray) -> float | None:
    """Return the mean over outputs of the variance explained patch by patch."""
    rows, known = _patches(tokens, truth)
    asked, goal = _patches(test, wanted)
    if len(rows) < _FEWEST or not len(asked):
        return None
    guess = fit_ridge_probe(rows, known, _held(len(rows)), asked)
    return float(np.mean([r2(goal[:, k], guess[:, k]) for k in range(goal.shape[1])]))


def _patches(tokens: np.ndarray, truth: np.ndarray) -> tuple[Float32[np.ndarray, "r d"], Float64[np.ndarray, "r c"]]:
    rows, known = tokens.reshape(-1, tokens.shape[-1]), truth.reshape(-1, truth.shape[-1])
    real = np.flatnonzero(np.isfinite(known).all(-1))
    real = real[some_numbers(len(real), _MOST_PATCHES).numpy()]
    return rows[real], known[real].astype(np.float64)


def _askable(truth: Int64[np.ndarray, " m"]) -> Int64[np.ndarray, " c"]:
    names, counts = np.unique(truth[truth >= 0], return_counts=True)
    return names[counts >= _FEWEST]


def _chance(truth: Int64[np.ndarray, " m"], wanted: Int64[np.ndarray, " q"]) -> float | None:
    classes = _askable(truth)
    if not np.isin(wanted, classes).any():
        return None
    commonest = np.bincount(truth[truth >= 0]).argmax()
    return float((wanted[np.isin(wanted, classes)] == commonest).mean())


def _held(rows: int) -> Bool[np.ndarray, " m"]:
    """Return which rows decide about strength and stopping: the last ones."""
    return np.arange(rows) >= rows * (1 - _VALIDATION_SHARE)


def _rank(tokens: Float32[np.ndarray, "m n d"]) -> float:
    flat = torch.from_numpy(tokens.reshape(-1, tokens.shape[-1]))
    return float(effective_rank(some_of(flat, _MOST_ROWS_OF_RANK)))

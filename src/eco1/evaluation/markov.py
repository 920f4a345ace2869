"""Anticipators that any model has to beat: the commonest behaviour, and Markov chains.

They are fitted on the very questions that are asked of models, from other episodes.

Shape letters: Q questions, B clips, N animals, P species, C behaviours, K time bins.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64, Int16, Int64

from eco1.core.records import Clip
from eco1.evaluation.onsets import Questions, run_length

#: Upper edges, in seconds, of the bins of time already spent in a behaviour; the last bin is open.
TIME_BINS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
#: Laplace's rule of succession adds one of each; spread over the behaviours, so that rare rows are not drowned.
SMOOTHING = 1.0


@dataclass(frozen=True, kw_only=True)
class MajorityAnticipator:
    """Always names the behaviour that most often begins."""

    share: Float64[np.ndarray, " c"]

    def anticipate(self, history: Clip) -> Float32[np.ndarray, "b n c"]:
        """Return how often each behaviour begins, whatever is seen."""
        shape = (*history.observation.behavior[:, -1].shape, len(self.share))
        return np.broadcast_to(self.share, shape).astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class MarkovAnticipator:
    """Knows the species and its present behaviour: ``transition[p, i, j]`` is the chance that j follows i, never i."""

    transition: Float64[np.ndarray, "p c c"]

    def anticipate(self, history: Clip) -> Float32[np.ndarray, "b n c"]:
        """Return the transition row of each animal's species and behaviour."""
        species, behavior = _state(history, self.transition.shape)
        return self.transition[species, behavior].astype(np.float32)


@dataclass(frozen=True, kw_only=True)
class TimedMarkovAnticipator:
    """Knows also for how long the behaviour has been seen, as far as the history reaches back."""

    transition: Float64[np.ndarray, "p c k c"]

    def anticipate(self, history: Clip) -> Float32[np.ndarray, "b n c"]:
        """Return the transition row of each animal's species, behaviour and time spent in it."""
        species, behavior = _state(history, self.transition.shape)
        return self.transition[species, behavior, time_bin(history)].astype(np.float32)


def fit_majority(train: Questions) -> MajorityAnticipator:
    """Count which behaviours begin."""
    counts = np.bincount(train.after, minlength=_sizes(train)[1]).astype(np.float64)
    return MajorityAnticipator(share=(counts + 1) / (counts + 1).sum())


def fit_markov(train: Questions) -> MarkovAnticipator:
    """Count transitions of each species, backed by those of all species together."""
    species, behaviors = _sizes(train)
    counts = np.zeros((species, behaviors, behaviors))
    np.add.at(counts, (train.species, train.before, train.after), 1)
    return MarkovAnticipator(transition=_backed(counts, _laplace(counts.sum(0))[None]))


def fit_timed_markov(train: Questions) -> TimedMarkovAnticipator:
    """Count transitions by time already spent, backed by the plain chain of the species."""
    species, behaviors = _sizes(train)
    counts = np.zeros((species, behaviors, len(TIME_BINS_S) + 1, behaviors))
    bins = question_time_bins(train)
    np.add.at(counts, (train.species, train.before, bins, train.after), 1)
    return TimedMarkovAnticipator(transition=_backed(counts, fit_markov(train).transition[:, :, None]))


def question_time_bins(questions: Questions) -> Int64[np.ndarray, " q"]:
    """Return each question's bin of time already spent in the behaviour, as seen in its history."""
    bins = np.zeros(len(questions), np.int64)
    for clip, number, row in questions.batches(64):
        bins[number] = time_bin(clip)[row, questions.animal[number]]
    return bins


def time_bin(history: Clip) -> Int64[np.ndarray, "b n"]:
    """Return the bin of ``TIME_BINS_S`` in which the time already spent in the present behaviour falls."""
    seen = history.observation
    spent = np.stack(
        [
            run_length(seen.behavior[b], seen.alive[b], seen.identity[b])[-1] * history.dt_s[b]
            for b in range(len(history.dt_s))
        ]
    )
    return np.searchsorted(np.array(TIME_BINS_S) - 1e-6, spent, side="right").astype(np.int64)


def _state(history: Clip, shape: tuple[int, ...]) -> tuple[Int16[np.ndarray, "b n"], Int16[np.ndarray, "b n"]]:
    seen = history.observation
    species = np.clip(seen.species[:, -1], 0, shape[0] - 1)
    return species, np.clip(seen.behavior[:, -1], 0, shape[1] - 1)


def _sizes(questions: Questions) -> tuple[int, int]:
    info = questions.episodes[0].info
    return len(info.species_names), len(info.behavior_names)


def _laplace(counts: np.ndarray) -> np.ndarray:
    """Return smoothed shares (C, C) with nothing on the diagonal."""
    allowed = 1.0 - np.eye(len(counts))
    smoothed = counts * allowed + SMOOTHING / max(1, len(counts) - 1) * allowed
    return smoothed / np.maximum(smoothed.sum(-1, keepdims=True), 1e-12)


def _backed(counts: np.ndarray, prior: np.ndarray) -> np.ndarray:
    """Return shares with ``SMOOTHING`` pseudo-counts spread as the prior says."""
    smoothed = counts + SMOOTHING * prior
    return smoothed / np.maximum(smoothed.sum(-1, keepdims=True), 1e-12)

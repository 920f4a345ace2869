"""Does the closed loop look like the recording? Distances between distributions, and a classifier that tries to tell.

Both start from the same states, so that only what the animals do differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np

from eco1.evaluation.closed_loop import Rollout
from eco1.evaluation.collective import STATISTICS, CollectiveSamples, collective_samples
from eco1.evaluation.distances import jensen_shannon, normalised_wasserstein_1
from eco1.evaluation.motion_features import MotionWindows, join_windows, motion_windows
from eco1.evaluation.two_sample import TwoSampleReport, two_sample_test

_WORLDS_PER_SEED = 1 << 20


@dataclass(frozen=True, kw_only=True)
class DistributionGap:
    """One statistic of the loop against the recording.

    ``wasserstein`` in standard deviations of the recording, ``jensen_shannon`` in bits (``distances``).
    """

    loop_mean: float
    recorded_mean: float
    wasserstein: float
    jensen_shannon: float


@dataclass(frozen=True, kw_only=True)
class RealismScore:
    """One way of driving the animals. A statistic is missing where no sample of it exists."""

    gaps: dict[str, DistributionGap]
    mean_wasserstein: float
    two_sample: TwoSampleReport


@dataclass(frozen=True, kw_only=True)
class RealismReport:
    """Scores by name. ``control`` compares the recordings of one half of the seeds with the other half's: the floor."""

    seconds: float
    worlds: int
    control: RealismScore | None
    scores: dict[str, RealismScore]


def evaluate_realism(recorded: Sequence[Rollout], loops: Mapping[str, Sequence[Rollout]], dt_s: float) -> RealismReport:
    """Compare loops with the built-in animals' runs of the same seeds.

    Raises:
        ConfigError: when there are fewer than two worlds.
        MissingExtraError: when scikit-learn is not installed.
    """
    halves = _world_halves(recorded)
    worlds = sum(len(r.observation.alive[0]) for r in recorded)
    return RealismReport(
        seconds=(len(recorded[0].observation.alive) - 1) * dt_s,
        worlds=worlds,
        control=compare_loops(*halves, dt_s) if worlds >= 4 else None,
        scores={name: compare_loops(recorded, loop, dt_s) for name, loop in loops.items()},
    )


def compare_loops(recorded: Sequence[Rollout], loop: Sequence[Rollout], dt_s: float) -> RealismScore:
    """Return every distance between a recording and a loop."""
    real, made = _samples(recorded, dt_s), _samples(loop, dt_s)
    gaps: dict[str, DistributionGap] = {}
    for name in STATISTICS:
        sample: np.ndarray = getattr(made, name)
        reference: np.ndarray = getattr(real, name)
        if len(sample) and len(reference):
            gaps[name] = DistributionGap(
                loop_mean=float(sample.mean()),
                recorded_mean=float(reference.mean()),
                wasserstein=normalised_wasserstein_1(sample, reference),
                jensen_shannon=jensen_shannon(sample, reference),
            )
    return RealismScore(
        gaps=gaps,
        mean_wasserstein=float(np.mean([gap.wasserstein for gap in gaps.values()])),
        two_sample=two_sample_test(_windows(recorded, dt_s), _windows(loop, dt_s)),
    )


def _samples(rollouts: Sequence[Rollout], dt_s: float) -> CollectiveSamples:
    parts = [collective_samples(rollout.observation, dt_s) for rollout in rollouts]
    joined = {f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(CollectiveSamples)}
    return CollectiveSamples(**joined)


def _windows(rollouts: Sequence[Rollout], dt_s: float) -> MotionWindows:
    return join_windows(
        [
            motion_windows(r.observation, dt_s, r.seed * _WORLDS_PER_SEED + np.arange(len(r.observation.alive[0])))
            for r in rollouts
        ]
    )


def _world_halves(recorded: Sequence[Rollout]) -> tuple[list[Rollout], list[Rollout]]:
    """Return every other seed; with a single seed, every other of its worlds."""
    if len(recorded) > 1:
        return list(recorded[0::2]), list(recorded[1::2])
    only = recorded[0]
    evens = Rollout(seed=2 * only.seed, observation=only.observation[:, 0::2])
    odds = Rollout(seed=2 * only.seed + 1, observation=only.observation[:, 1::2])
    return [evens], [odds]

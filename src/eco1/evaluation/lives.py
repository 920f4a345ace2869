"""Do single animals that are driven live as those of their species do: what they do, how fast, how they turn?

Shape letters: T frames, N animals, M samples, C behaviours.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from eco1.core.angles import wrap
from eco1.core.errors import ConfigError
from eco1.core.records import Observation
from eco1.evaluation.distances import normalised_wasserstein_1


@dataclass(frozen=True, kw_only=True)
class LifeSamples:
    """Samples of some animals: speed in body lengths a second, |turning| in rad/s, and frames in each behaviour."""

    speed: Float64[np.ndarray, " m1"]
    turning: Float64[np.ndarray, " m2"]
    behavior: Float64[np.ndarray, " c"]

    @property
    def frames(self) -> int:
        """Return how many frames of single animals these are."""
        return len(self.speed)


@dataclass(frozen=True, kw_only=True)
class LifeScore:
    """How far driven animals are from others to compare with, mean over species weighted by how long each was driven.

    ``behavior`` is the total variation between shares of time in each behaviour, 0 (same) to 1; ``speed`` and
    ``turning`` are earth mover's distances in standard deviations of the others. Means are those of the driven, then of
    the others, weighted alike.
    """

    animal_seconds: float
    behavior: float
    speed: float
    turning: float
    mean_speed: tuple[float, float]
    mean_turning: tuple[float, float]


def life_samples(
    observation: Observation, chosen: Bool[np.ndarray, "t n"], dt_s: float, behaviors: int
) -> dict[int, LifeSamples]:
    """Return samples by species index from a recording (T, N): frames in which an animal is ``chosen`` and alive.

    Speed and turning are those that the frame before led to, so both frames have to be chosen.
    """
    chosen = chosen & observation.alive
    on = chosen[1:] & chosen[:-1] & (observation.identity[1:] == observation.identity[:-1])
    now = observation[1:]
    length = np.maximum(now.body_length_m, 1e-6).astype(np.float64)
    speed = np.linalg.norm(now.velocity_mps.astype(np.float64), axis=-1) / length
    turning = np.abs(wrap(np.diff(observation.heading_rad.astype(np.float64), axis=0))) / dt_s
    known = on & (now.behavior >= 0)
    return {
        int(kind): LifeSamples(
            speed=speed[on & (now.species == kind)],
            turning=turning[on & (now.species == kind)],
            behavior=np.bincount(now.behavior[known & (now.species == kind)], minlength=behaviors).astype(np.float64),
        )
        for kind in np.unique(now.species[on])
    }


def joined(parts: Iterable[Mapping[int, LifeSamples]]) -> dict[int, LifeSamples]:
    """Return the samples of several recordings."""
    found: dict[int, list[LifeSamples]] = {}
    for part in parts:
        for kind, samples in part.items():
            found.setdefault(kind, []).append(samples)
    return {
        kind: LifeSamples(
            speed=np.concatenate([one.speed for one in every]),
            turning=np.concatenate([one.turning for one in every]),
            behavior=np.sum([one.behavior for one in every], axis=0),
        )
        for kind, every in found.items()
    }


def life_score(driven: Mapping[int, LifeSamples], others: Mapping[int, LifeSamples], dt_s: float) -> LifeScore:
    """Compare driven animals with others of their species; species of which there are no others do not count.

    Raises:
        ConfigError: when none of the driven species is among them.
    """
    both = [(driven[kind], others[kind]) for kind in driven if kind in others]
    if not both:
        raise ConfigError(
            f"None of the {len(driven)} species that were driven is among those to compare with. "
            "Drive in more worlds: eco1 eval --lives 24."
        )
    weight = np.array([one.frames for one, _ in both], np.float64)

    def mean(values: list[float]) -> float:
        return float(np.average(values, weights=weight))

    return LifeScore(
        animal_seconds=float(weight.sum() * dt_s),
        behavior=mean([_total_variation(one.behavior, other.behavior) for one, other in both]),
        speed=mean([normalised_wasserstein_1(one.speed, other.speed) for one, other in both]),
        turning=mean([normalised_wasserstein_1(one.turning, other.turning) for one, other in both]),
        mean_speed=(mean([float(a.speed.mean()) for a, _ in both]), mean([float(b.speed.mean()) for _, b in both])),
        mean_turning=(
            mean([float(a.turning.mean()) for a, _ in both]),
            mean([float(b.turning.mean()) for _, b in both]),
        ),
    )


def _total_variation(one: Float64[np.ndarray, " c"], other: Float64[np.ndarray, " c"]) -> float:
    """Return half the sum of differences of shares; 1 where nothing is known of one of them."""
    if not one.sum() or not other.sum():
        return 1.0
    return float(np.abs(one / one.sum() - other / other.sum()).sum() / 2)

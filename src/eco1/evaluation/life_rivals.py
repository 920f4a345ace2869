"""Who lives more as others do: by how much two who drove in the same worlds differ, and how sure that is."""

from collections.abc import Mapping, Sequence

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.random import generator
from eco1.evaluation.bootstrap import Interval
from eco1.evaluation.lives import LifeSamples, joined, life_score

_ROUNDS, _STREAM = 200, 7_002
_NUMBERS = ("behavior", "speed", "turning")

#: Of each life, the samples by species.
Lives = Sequence[Mapping[int, LifeSamples]]


def nearer_by(mine: Lives, rival: Lives, others: Mapping[int, LifeSamples], dt_s: float) -> dict[str, Interval]:
    """Return by how much less than a rival's my lives are from others, with 95 % intervals of a paired bootstrap.

    Lives are drawn anew, the same of both (Efron 1979, DOI 10.1214/aos/1176344552). The others stay as they are.

    Args:
        mine: lives of one who drove.
        rival: those of another, in the same worlds.
        others: all samples to compare with, by species.
        dt_s: time between frames.

    Raises:
        ConfigError: when there is not one life of each for one of the other.
    """
    if len(mine) != len(rival):
        raise ConfigError(f"{len(mine)} lives cannot be paired with {len(rival)} of a rival; drive both as often.")
    pairs = [pair for pair in zip(mine, rival, strict=True) if all(life.keys() & others.keys() for life in pair)]

    def differences(picked: Sequence[int]) -> list[float]:
        lives = ([pairs[k][whose] for k in picked] for whose in (0, 1))
        ours, theirs = (life_score(joined(each), others, dt_s) for each in lives)
        return [getattr(theirs, name) - getattr(ours, name) for name in _NUMBERS]

    count, rng = len(pairs), generator(0, _STREAM)
    found = differences(range(count))
    rounds = np.array([differences(rng.integers(count, size=count).tolist()) for _ in range(_ROUNDS)])
    low, high = np.quantile(rounds, (0.025, 0.975), axis=0) if count > 1 else np.full((2, len(_NUMBERS)), np.nan)
    return {name: Interval(mean=found[k], low=float(low[k]), high=float(high[k])) for k, name in enumerate(_NUMBERS)}

"""Forecasters that any model has to beat: standing still, constant velocity, and velocity that dies away.

Shape letters: B clips, S steps, N animals, C candidates.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Float64

from eco1.core.records import Clip
from eco1.evaluation.body_frame import mean_step
from eco1.evaluation.future import FuturePairs, collect_pairs
from eco1.evaluation.windows import Windows

_GRID = 21
_REFINEMENTS = 2
#: The slowest and fastest decay looked at, as velocity kept per frame.
_KEPT_LOW, _KEPT_HIGH = 0.0, 1.02
_FEWEST_PAIRS = 30


@dataclass(frozen=True, kw_only=True)
class StandingStill:
    """Everything stays where it was last seen."""

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return the last position, repeated."""
        return np.repeat(history.observation.position_m[:, -1:], steps, axis=1)


@dataclass(frozen=True, kw_only=True)
class ConstantVelocity:
    """Everything keeps the mean velocity of its last ``over`` frames."""

    over: int = 1

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return straight lines."""
        reach = np.arange(1, steps + 1, dtype=np.float64)
        return _along(history, self.over, np.broadcast_to(reach[None, :, None], (1, steps, 1)))


@dataclass(frozen=True, kw_only=True)
class DampedVelocity:
    """Velocity shrinks by a factor every frame: ``v[k] = kept**k * v[0]``, one factor for each species.

    ``kept`` holds a factor per species index; ``over`` is the number of frames the first velocity is averaged over.
    """

    kept: Float64[np.ndarray, " species"]
    over: int

    def forecast(self, history: Clip, steps: int) -> Float32[np.ndarray, "b steps n 3"]:
        """Return straight lines that slow down."""
        species = np.clip(history.observation.species[:, -1], 0, len(self.kept) - 1)
        return _along(history, self.over, np.moveaxis(damped_reach(self.kept, steps)[species], -1, 1))


def damped_reach(kept: Float64[np.ndarray, "*c"], steps: int) -> Float64[np.ndarray, "*c steps"]:
    """Return how many first steps' worth of way is covered after 1 .. ``steps`` frames: the sum of ``kept**j``."""
    return np.cumsum(kept[..., None] ** np.arange(1, steps + 1), axis=-1)


def fit_constant_velocity(train: Windows, *, history_frames: int, steps: int) -> ConstantVelocity:
    """Choose over how many of the last frames to average, by mean distance on the training windows."""
    candidates = over_candidates(history_frames)
    straight = np.arange(1, steps + 1, dtype=np.float64)[None]
    errors = [_Miss(collect_pairs(train, history_frames, steps, over)).mean(straight) for over in candidates]
    return ConstantVelocity(over=candidates[int(np.argmin(errors))])


def fit_damped_velocity(train: Windows, *, history_frames: int, steps: int) -> DampedVelocity:
    """Choose the damping of each species, and the averaging, by mean distance on the training windows."""
    best: tuple[float, DampedVelocity] | None = None
    for over in over_candidates(history_frames):
        pairs = collect_pairs(train, history_frames, steps, over)
        kept = np.full(pairs.species_count, fit_kept(pairs))
        for species in np.unique(pairs.species):
            chosen = pairs.of(int(species))
            if len(chosen.species) >= _FEWEST_PAIRS:
                kept[species] = fit_kept(chosen)
        error = _Miss(pairs).mean(damped_reach(kept, steps)[pairs.species])
        if best is None or error < best[0]:
            best = (error, DampedVelocity(kept=kept, over=over))
    assert best is not None
    return best[1]


def fit_kept(pairs: FuturePairs) -> float:
    """Return the velocity kept per frame that gives the least mean distance."""
    miss, steps = _Miss(pairs), pairs.future_m.shape[1]
    low, high = _KEPT_LOW, _KEPT_HIGH
    best = 1.0
    for _ in range(_REFINEMENTS + 1):
        grid = np.linspace(low, high, _GRID)
        errors = [miss.mean(damped_reach(np.array([kept]), steps)) for kept in grid]
        at = int(np.argmin(errors))
        best = float(grid[at])
        low, high = grid[max(at - 1, 0)], grid[min(at + 1, _GRID - 1)]
    return best


def over_candidates(history_frames: int) -> tuple[int, ...]:
    """Return the averaging spans worth trying: one frame, half and all of the history."""
    whole = max(history_frames - 1, 1)
    return tuple(sorted({1, max(1, whole // 2), whole}))


class _Miss:
    """Mean distance between where animals went and any reach along their mean step, its products taken only once."""

    def __init__(self, pairs: FuturePairs) -> None:
        future, step = pairs.future_m.astype(np.float64), pairs.step_m.astype(np.float64)
        self._future_square = (future**2).sum(-1)
        self._along = np.einsum("msx,mx->ms", future, step)
        self._step_square = (step**2).sum(-1)[:, None]

    def mean(self, reach: Float64[np.ndarray, "m steps"]) -> float:
        """Return the mean distance in metres; ``reach`` (M|1, S) counts mean steps."""
        square = self._future_square - 2 * reach * self._along + reach**2 * self._step_square
        return float(np.sqrt(np.maximum(square, 0)).mean())


def _along(history: Clip, over: int, reach: np.ndarray) -> np.ndarray:
    """Go ``reach`` (B|1, S, N|1) mean steps on from the last position."""
    step = mean_step(history, over)[:, None]
    last = history.observation.position_m[:, -1:].astype(np.float64)
    return (last + step * reach[..., None]).astype(np.float32)

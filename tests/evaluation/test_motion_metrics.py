from dataclasses import dataclass

import numpy as np
import pytest
from made_up_episodes import episode, straight

from eco1.core.errors import ConfigError
from eco1.core.records import Clip
from eco1.evaluation.baselines import ConstantVelocity, StandingStill
from eco1.evaluation.motion import evaluate_motion
from eco1.evaluation.remembering import RememberingForecaster
from eco1.evaluation.social import AloneForecaster
from eco1.evaluation.windows import check_alike, cut_windows, frames_in


def walker(animals: int = 1) -> np.ndarray:
    """One metre a frame to the east."""
    position = np.zeros((12, animals, 2))
    position[..., 0] = np.arange(12)[:, None]
    return position


@dataclass(frozen=True)
class Guesses:
    """Two futures: one stands, one goes right for the first animal and wrong for the others."""

    def sample_futures(self, history: Clip, steps: int, samples: int, generator: None) -> np.ndarray:
        last = history.observation.position_m[:, None, -1:]
        still = np.repeat(np.repeat(last, steps, 2), samples, 1)
        still[:, 1, :, 0, 0] += np.arange(1, steps + 1)
        still[:, 1, :, 1:, 0] -= np.arange(1, steps + 1)[:, None]
        return still


def test_ade_and_fde_of_a_hand_made_walk():
    windows = cut_windows([episode(walker(), provenance={"units_per_m": "100"})], frames=7, stride=1)
    report = evaluate_motion({"still": StandingStill()}, {}, windows, history_frames=3)
    score = report.scores["still"]
    assert report.horizon_s == pytest.approx(0.4)
    assert report.windows == report.animals == 6
    assert score.ade_m.mean == pytest.approx((1 + 2 + 3 + 4) / 4)
    assert score.fde_m == pytest.approx(4)
    assert score.ade_body_lengths == pytest.approx(1.25)
    assert score.ade_px == pytest.approx(250)
    assert score.per_species["walker"].animals == 6


def test_min_ade_is_chosen_for_each_animal():
    windows = cut_windows([episode(walker(3))], frames=7, stride=6)
    report = evaluate_motion({"still": StandingStill()}, {"model": Guesses()}, windows, history_frames=3, samples=2)
    # The first animal is hit by the second sample, the others fare best with the one that stands.
    assert report.scores["model min2"].ade_m.mean == pytest.approx((0 + 2.5 + 2.5) / 3)
    assert report.scores["model min2"].ade_px is None
    assert report.below_best["model min2"].mean == pytest.approx(1 / 3)


def test_animals_that_die_on_the_way_do_not_count():
    alive = np.ones((12, 2), bool)
    alive[6:, 1] = False
    windows = cut_windows([episode(walker(2), alive=alive)], frames=12, stride=1)
    report = evaluate_motion({"still": StandingStill()}, {}, windows, history_frames=3)
    assert report.animals == 1


def test_exact_model_lies_a_whole_share_below_the_best_baseline():
    episodes = [episode(straight(40, seed=s), seed=s) for s in range(6)]
    windows = cut_windows(episodes, frames=20, stride=4)
    forecasters = {"still": StandingStill(), "model": ConstantVelocity(over=1)}
    report = evaluate_motion(forecasters, {}, windows, history_frames=5)
    assert report.resampled == "episodes"
    assert report.best_baseline == "still"
    assert report.below_best["model"].mean == pytest.approx(1, abs=1e-4)
    interval = report.scores["still"].ade_m
    assert interval.low < interval.mean < interval.high


def test_alone_forecaster_hides_the_others_and_keeps_the_order():
    seen: list[int] = []

    class Counter:
        def forecast(self, history: Clip, steps: int) -> np.ndarray:
            seen.append(history.observation.position_m.shape[2])
            return ConstantVelocity(over=1).forecast(history, steps)

    windows = cut_windows([episode(straight(20, 5)), episode(straight(20, 5, seed=1))], frames=12, stride=4)
    clip = next(windows.batches(3)).clip
    together = ConstantVelocity(over=1).forecast(clip, 4)
    np.testing.assert_array_equal(AloneForecaster(inner=Counter()).forecast(clip, 4), together)
    assert set(seen) == {1}


def test_windows_are_the_same_always_and_batch_by_rows():
    windows = cut_windows([episode(straight(30, 3)), episode(straight(30, 5))], frames=10, stride=5, limit=6)
    assert len(windows) == 6
    shapes = [batch.clip.observation.alive.shape for batch in windows.batches(2)]
    assert shapes == [(2, 10, 3), (1, 10, 3), (2, 10, 5), (1, 10, 5)]


def test_split_keeps_late_windows_apart_from_early_ones():
    early, late = cut_windows([episode(straight(60))], frames=10, stride=1).split(0.2)
    assert max(first for _, first in early.starts) + 10 <= min(first for _, first in late.starts)


def test_too_short_and_unlike_episodes_are_refused():
    with pytest.raises(ConfigError, match="100 frames are needed"):
        cut_windows([episode(straight(60))], frames=100, stride=1)
    with pytest.raises(ConfigError, match="different frame rates"):
        check_alike([episode(straight()), episode(straight(), dt_s=0.04)])
    with pytest.raises(ConfigError, match="different species"):
        check_alike([episode(straight()), episode(straight(), species_names=("fish",))])
    with pytest.raises(ConfigError, match="empty list"):
        check_alike([])


def test_frames_in_a_time_span():
    assert frames_in(0.5, 1 / 28) == 14
    assert frames_in(0.01, 0.1) == 1


def test_a_slow_model_is_asked_once_for_all_horizons():
    asked: list[int] = []

    class Slow:
        def forecast(self, history: Clip, steps: int) -> np.ndarray:
            asked.append(steps)
            return ConstantVelocity(over=1).forecast(history, steps)

    model = RememberingForecaster(Slow(), 8)
    windows = cut_windows([episode(straight(30, 3))], frames=12, stride=9)
    far = evaluate_motion({"model": model}, {}, windows, history_frames=4)
    near = evaluate_motion({"model": model}, {}, windows.shortened(6), history_frames=4)
    assert asked == [8]
    assert near.windows == far.windows == 3
    assert near.horizon_s == pytest.approx(0.2)

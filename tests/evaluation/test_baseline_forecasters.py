import numpy as np
import pytest
from made_up_episodes import autoregressive, clip_of, episode, slowing, straight

from eco1.core.errors import ConfigError
from eco1.evaluation.baseline_set import fit_motion_baselines
from eco1.evaluation.baselines import ConstantVelocity, StandingStill, damped_reach, fit_damped_velocity
from eco1.evaluation.motion import evaluate_motion
from eco1.evaluation.ridge import fit_ridge
from eco1.evaluation.windows import cut_windows, first_frames


def test_constant_velocity_is_exact_on_straight_ways():
    whole = clip_of(episode(straight(20)))
    future = ConstantVelocity(over=3).forecast(first_frames(whole, 8), 12)
    np.testing.assert_allclose(future, whole.observation.position_m[:, 8:], atol=1e-4)


def test_standing_still_stands():
    whole = clip_of(episode(straight(20)))
    future = StandingStill().forecast(first_frames(whole, 8), 3)
    np.testing.assert_array_equal(future[:, 2], whole.observation.position_m[:, 7])


def test_reach_is_the_sum_of_powers():
    np.testing.assert_allclose(damped_reach(np.array([0.5]), 3), [[0.5, 0.75, 0.875]])


def test_damping_of_each_species_is_found():
    steps = np.concatenate([slowing(0.9, animals=6), slowing(0.7, animals=6, seed=1)], axis=1)
    recording = episode(steps, species=np.repeat([0, 1], 6).astype(np.int16))
    fitted = fit_damped_velocity(cut_windows([recording], frames=16, stride=1), history_frames=6, steps=10)
    np.testing.assert_allclose(fitted.kept, [0.9, 0.7], atol=5e-3)
    assert fitted.over == 1


def test_ridge_reaches_the_noise_floor_of_autoregressive_motion():
    train = [episode(autoregressive(seed=s), seed=s) for s in range(3)]
    test = [episode(autoregressive(seed=9), seed=9)]
    baselines = fit_motion_baselines(cut_windows(train, frames=9, stride=1), history_frames=6)
    report = evaluate_motion(baselines, {}, cut_windows(test, frames=9, stride=1), history_frames=6)
    error = {name: score.ade_m.mean for name, score in report.scores.items()}
    # Mean length of 2-d noise after 1, 2, 3 frames: the impulse response sums of the process are 1, 2.6, 4.36.
    response = np.cumsum([1, 1.6, 1.6 * 1.6 - 0.8])
    floor = 0.02 * np.sqrt(np.pi / 2) * np.mean([np.sqrt((response[:k] ** 2).sum()) for k in (1, 2, 3)])
    assert error["ridge"] < 1.05 * floor
    assert error["ridge"] < 0.65 * error["constant velocity"]
    assert report.best_baseline == "ridge"


def test_ridge_turns_with_the_animal():
    train = episode(autoregressive())
    ridge = fit_ridge(cut_windows([train], frames=12, stride=1), history_frames=6, steps=6)
    turned = episode(autoregressive()[..., ::-1] * np.array([-1.0, 1.0]))  # a quarter turn
    plain = ridge.forecast(first_frames(clip_of(train), 30), 6)
    around = ridge.forecast(first_frames(clip_of(turned), 30), 6)
    np.testing.assert_allclose(around[..., 0], -plain[..., 1], atol=1e-4)
    np.testing.assert_allclose(around[..., 1], plain[..., 0], atol=1e-4)


def test_ridge_samples_scatter_as_widely_as_it_errs():
    train = [episode(autoregressive(seed=s), seed=s) for s in range(3)]
    ridge = fit_ridge(cut_windows(train, frames=12, stride=1), history_frames=6, steps=6)
    clip = next(cut_windows([episode(autoregressive(seed=9))], frames=12, stride=1).batches(64)).clip
    history, truth = first_frames(clip, 6), clip.observation.position_m[:, 6:]
    futures = ridge.sample_futures(history, 6, 5, None)
    assert futures.shape == (64, 5, 6, 8, 3)
    scatter = (futures - ridge.forecast(history, 6)[:, None])[:, :, -1].std()
    error = (truth - ridge.forecast(history, 6))[:, -1].std()
    assert scatter == pytest.approx(error, rel=0.2)
    np.testing.assert_array_equal(futures, ridge.sample_futures(history, 6, 5, None))


def test_ridge_manages_with_a_short_history():
    ridge = fit_ridge(cut_windows([episode(straight())], frames=12, stride=1), history_frames=6, steps=6)
    assert np.isfinite(ridge.forecast(first_frames(clip_of(episode(straight())), 2), 6)).all()


def test_ridge_refuses_a_longer_horizon_than_fitted():
    ridge = fit_ridge(cut_windows([episode(straight())], frames=12, stride=1), history_frames=6, steps=6)
    with pytest.raises(ConfigError, match="fitted for 6 frames ahead, 7"):
        ridge.forecast(clip_of(episode(straight())), 7)


def test_row_taken_over_by_another_animal_does_not_count_as_a_leap():
    whole = clip_of(episode(straight(20)))
    seen = whole.observation
    seen.identity[:, 5:, 0] = 99
    seen.position_m[:, :5, 0] += 500
    future = ConstantVelocity(over=7).forecast(first_frames(whole, 8), 12)
    np.testing.assert_allclose(future, seen.position_m[:, 8:], atol=1e-4)


def test_nobody_present_throughout_is_said():
    alive = np.zeros((30, 2), bool)
    recording = episode(straight(30, 2), alive=alive)
    with pytest.raises(ConfigError, match="No animal is present"):
        fit_ridge(cut_windows([recording], frames=12, stride=1), history_frames=6, steps=6)

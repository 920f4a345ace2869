"""Forecasts, sampled futures and anticipation."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from small_worlds import cut, ready, school, untrained, wanderers

from eco1.models.eco import EcoConfig, EcoModel


def test_forecasts_turn_with_the_world():
    clip, angle = wanderers(), 1.1
    matrix = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]], np.float32)
    shift = np.array([50, -20, 3], np.float32)
    seen = clip.observation
    around = seen.surroundings.copy()
    around[..., :2] = around[..., :2] @ matrix[:2, :2].T
    turned = replace(
        seen,
        position_m=seen.position_m @ matrix.T + shift,
        velocity_mps=seen.velocity_mps @ matrix.T,
        heading_rad=seen.heading_rad + np.float32(angle),
        surroundings=around,
    )
    before, after = ready().forecast(clip, 20), ready().forecast(replace(clip, observation=turned), 20)
    np.testing.assert_allclose(after, before @ matrix.T + shift, atol=1e-2)
    assert after.dtype == np.float32


def test_before_anything_was_measured_the_path_coasts():
    torch.manual_seed(0)
    model = EcoModel(EcoConfig.nano(species_names=("a", "b"), behavior_names=("x",), dt_s=0.1)).eval()
    clip = wanderers()
    seen = replace(clip.observation, behavior=np.zeros_like(clip.observation.behavior))
    path = model.forecast(replace(clip, observation=seen), 30)
    reach = (1 - np.exp(-np.array([0.2, 1.0, 3.0])))[:, None, None]
    expected = seen.position_m[:, -1:] + reach * seen.velocity_mps[:, -1:]
    np.testing.assert_allclose(path[:, [1, 9, 29]], expected, atol=2e-3)


def test_an_untrained_model_starts_at_ridge_regression():
    train, test = [school(s) for s in range(6)], school(50)
    model = EcoModel(EcoConfig.nano(species_names=("fish",), behavior_names=(), dt_s=0.1, climbs=False)).eval()
    model.calibrate(train)
    history = cut(test, (slice(None), slice(0, 14)))
    truth = test.observation.position_m[:, 14:]
    now, velocity = history.observation.position_m[:, -1:], history.observation.velocity_mps[:, -1:]
    seconds = np.arange(1, 31, dtype=np.float32)[:, None, None] * 0.1
    error = np.linalg.norm(model.forecast(history, 30) - truth, axis=-1).mean()
    straight = np.linalg.norm(now + velocity * seconds - truth, axis=-1).mean()
    still = np.linalg.norm(now - truth, axis=-1).mean()
    assert error < 0.97 * min(straight, still)
    assert model.loss(test, None).terms["forecast"].item() == pytest.approx(1.0, abs=0.15)


def test_paths_go_on_past_the_last_knot():
    model, clip = ready(), wanderers()
    path = model.forecast(clip, 40)
    step = np.diff(path, axis=1)
    np.testing.assert_allclose(step[:, 30:], np.repeat(step[:, 29:30], 9, axis=1), atol=1e-4)
    np.testing.assert_allclose(model.forecast(clip, 7), path[:, :7], atol=1e-5)
    np.testing.assert_allclose(model.imagined_paths(model.remember(clip), 7), path[:, :7], atol=1e-5)


def test_futures_are_reproducible_distinct_and_joint():
    model, clip = ready(), wanderers()
    draw = [model.sample_futures(clip, 12, 3, torch.Generator().manual_seed(s)) for s in (1, 1, 2)]
    assert draw[0].shape == (2, 3, 12, 5, 3)
    np.testing.assert_array_equal(draw[0], draw[1])
    assert np.abs(draw[0] - draw[2]).max() > 1e-3
    assert np.abs(draw[0][:, 0] - draw[0][:, 1]).max() > 1e-3
    mode = model.sample_futures(clip, 12, 2, None)
    np.testing.assert_allclose(mode[:, 0], mode[:, 1], atol=1e-6)


def test_futures_equal_stepwise_imagination():
    model, clip = ready(), wanderers()
    z = model.remember(clip)
    futures = model.sample_futures(clip, 6, 1, torch.Generator().manual_seed(5))
    generator = torch.Generator().manual_seed(5)
    for step in range(6):
        z = model.predict(z, None, generator)
        np.testing.assert_allclose(model.decode(z).position_m, futures[:, 0, step], atol=1e-4)


def test_imagination_keeps_to_the_speeds_that_were_seen():
    model, clip = ready(), wanderers()
    z = model.remember(clip)
    generator = torch.Generator().manual_seed(0)
    for _ in range(60):
        z = model.predict(z, None, generator)
        speed = np.linalg.norm(model.decode(z).velocity_mps[..., :2], axis=-1)
        assert speed.max() <= 1.5 * 1.001
    assert np.isfinite(model.decode(z).position_m).all()


def test_the_dead_stay_where_they_are():
    clip = wanderers()
    clip.observation.alive[0, 30:, 2] = False
    clip.observation.carcass[0, 30:, 2] = True
    place = clip.observation.position_m[0, -1, 2]
    np.testing.assert_array_equal(ready().forecast(clip, 5)[0, :, 2], np.tile(place, (5, 1)))
    futures = ready().sample_futures(clip, 5, 2, torch.Generator().manual_seed(0))
    np.testing.assert_array_equal(futures[0, :, :, 2], np.tile(place, (2, 5, 1)))


def test_anticipation_names_something_new():
    clip = wanderers()
    scores = ready().anticipate(clip)
    assert scores.shape == (2, 5, 3)
    np.testing.assert_allclose(scores.sum(-1), 1, atol=1e-5)
    now = clip.observation.behavior[:, -1]
    assert np.take_along_axis(scores, now[..., None].astype(int), -1).max() < 1e-6


def test_unknown_behaviours_stay_unknown():
    clip = wanderers()
    seen = replace(clip.observation, behavior=np.full_like(clip.observation.behavior, -1))
    clip, model = replace(clip, observation=seen), ready()
    assert (model.act(model.remember(clip), torch.Generator().manual_seed(0)).behavior == -1).all()
    terms = model.loss(clip, None).terms
    assert terms["behavior"] == 0
    assert terms["anticipation"] == 0
    assert np.isfinite(model.anticipate(clip)).all()


def test_a_model_can_be_blind_to_others_from_the_start():
    model = untrained(max_neighbours=0, max_strangers=0)
    losses = model.loss(wanderers(), torch.Generator().manual_seed(0))
    assert all(term.isfinite() for term in losses.terms.values())

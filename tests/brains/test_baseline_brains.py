from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
import torch

from eco1.brains.baselines import ForecasterBrain, WanderingBrain, fit_wandering
from eco1.brains.drive import drive
from eco1.brains.labels import MarkovBehavior, fit_markov_behavior
from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeForecaster, FakeSimulator
from eco1.core.records import Episode, EpisodeInfo, Observation


class MeanVelocity:
    """Goes on with the mean velocity of the whole history it is shown."""

    def __init__(self):
        self.seen = []

    def forecast(self, history, steps):
        self.seen.append(history)
        position = history.observation.position_m
        step = (position[:, -1] - position[:, 0]) / (position.shape[1] - 1)
        return position[:, -1:] + step[:, None] * np.arange(1, steps + 1, dtype=np.float32)[None, :, None, None]


def fake_episode(steps: int = 400, seed: int = 0) -> Episode:
    simulator = FakeSimulator(animals=6)
    state, seen = simulator.reset(seed), []
    for _ in range(steps):
        seen.append(simulator.observe(state)[0])
        state = simulator.step(state, None)
    info = EpisodeInfo(
        biome="plain", seed=seed, world=0, dt_s=0.1, species_names=simulator.species_names,
        behavior_names=simulator.behavior_names, provenance={},
    )  # fmt: skip
    return Episode(info=info, observation=Observation.stack(seen))


def run(brain, steps=10, **options):
    simulator = FakeSimulator(worlds=2, animals=4)
    return list(islice(drive(simulator, simulator.reset(1), brain, **options), steps))


def test_a_forecast_of_standing_still_stands_still():
    moments = run(ForecasterBrain(forecaster=FakeForecaster(), frames=3))
    assert np.array_equal(moments[1].observation.position_m, moments[-1].observation.position_m)


def test_a_forecaster_goes_where_it_expects_to_be():
    moments = run(ForecasterBrain(forecaster=MeanVelocity(), frames=4))
    first = moments[0].observation
    expected = first.position_m + np.float32(0.9) * first.velocity_mps
    assert np.allclose(moments[9].observation.position_m, expected, atol=1e-3)


def test_a_history_is_whole_from_the_first_decision_and_for_newborns():
    forecaster = MeanVelocity()
    brain = ForecasterBrain(forecaster=forecaster, frames=4)
    simulator = FakeSimulator(worlds=1, animals=3)
    seen = simulator.observe(simulator.reset(0))
    memory, _ = brain.act(brain.initial(1), seen, None)
    history = forecaster.seen[-1].observation
    assert history.position_m.shape == (1, 4, 3, 3)
    ago = np.float32([0.3, 0.2, 0.1, 0])[None, :, None, None]
    assert np.allclose(history.position_m, seen.position_m[:, None] - ago * seen.velocity_mps[:, None], atol=1e-5)
    far = replace(seen, position_m=seen.position_m + 100, identity=np.array([[0, 1, 9]]))
    brain.act(memory, far, None)
    history = forecaster.seen[-1].observation
    assert np.allclose(history.position_m[0, 2, :2], seen.position_m[0, :2])
    assert np.allclose(history.position_m[0, 2, 2], far.position_m[0, 2] - 0.1 * far.velocity_mps[0, 2], atol=1e-4)
    assert history.alive.all()
    assert (history.identity == far.identity[:, None]).all()


def test_a_wanderer_is_fitted_to_what_it_saw():
    """The fake walks at 1.5 m/s, stands still in one frame of ten and turns by 0.04 rad a frame."""
    brain = fit_wandering([fake_episode()])
    assert brain.kept == pytest.approx([0.9, 0.9], abs=0.03)
    expected = 0.9 * 1.5**2 / 2 * (1 - 0.9**2)
    assert brain.kick_mps == pytest.approx(np.sqrt([expected, expected]), rel=0.1)


def test_a_wanderer_rolls_dice_and_repeats_itself():
    brain = WanderingBrain(kept=np.array([0.5, 0.5]), kick_mps=np.array([1.0, 0.0]))
    first, again = (run(brain, seed=4)[-1].observation for _ in range(2))
    assert np.array_equal(first.position_m, again.position_m)
    speed = np.linalg.norm(first.velocity_mps, axis=-1)
    assert (speed[:, 1::2] < 0.01).all()
    assert speed[:, ::2].mean() > 0.3


def test_labels_follow_the_chain_of_the_species():
    rule = fit_markov_behavior([fake_episode()])
    assert rule.transition[:, 1, 1] == pytest.approx([0.9, 0.9], abs=0.03)
    sure = MarkovBehavior(transition=np.array([[[0.0, 1.0], [1.0, 0.0]], [[1.0, 0.0], [0.0, 1.0]]]))
    seen = FakeSimulator(animals=4).observe(FakeSimulator(animals=4).reset(0))
    for generator in (None, torch.Generator().manual_seed(0)):
        assert sure.next_behavior(seen, generator).tolist() == [[0, 1, 0, 1]]


def test_draws_have_the_chances_of_the_chain():
    rule = MarkovBehavior(transition=np.full((2, 2, 2), [0.3, 0.7]))
    simulator = FakeSimulator(worlds=50, animals=40)
    drawn = rule.next_behavior(simulator.observe(simulator.reset(0)), torch.Generator().manual_seed(0))
    assert drawn.mean() == pytest.approx(0.7, abs=0.03)


def test_behaviours_never_seen_stay_as_they_are():
    episode = fake_episode(50)
    info = replace(episode.info, behavior_names=("stand", "walk", "fly"))
    assert fit_markov_behavior([replace(episode, info=info)]).transition[0, 2].tolist() == [0, 0, 1]


def test_nothing_to_fit_is_said():
    with pytest.raises(ConfigError, match="No episode"):
        fit_markov_behavior([])
    with pytest.raises(ConfigError, match="No episode"):
        fit_wandering([])

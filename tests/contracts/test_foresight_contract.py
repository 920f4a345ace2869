"""What every `Forecaster`, `FutureSampler` and `Anticipator` promises."""

from functools import partial

import numpy as np
import pytest
import torch
from tests.contracts.scenes import episodes, history
from tests.models.small_worlds import NAMES, cut, ready

from eco1.core.fakes import FakeAnticipator, FakeForecaster, FakeFutureSampler
from eco1.core.protocols import Anticipator, Forecaster, FutureSampler
from eco1.evaluation.baseline_set import fit_motion_baselines
from eco1.evaluation.markov import fit_majority, fit_markov, fit_timed_markov
from eco1.evaluation.onsets import Questions, find_questions
from eco1.evaluation.remembering import RememberingForecaster
from eco1.evaluation.social import AloneForecaster
from eco1.evaluation.windows import cut_windows
from eco1.models.ensemble import Ensemble

STEPS = 7
HISTORY_FRAMES = 6


def baseline(name: str) -> Forecaster:
    windows = cut_windows(episodes(), frames=HISTORY_FRAMES + STEPS, stride=1, limit=200)
    return fit_motion_baselines(windows, history_frames=HISTORY_FRAMES)[name]


def questions() -> Questions:
    return find_questions(episodes(), history_s=0.5)


FORECASTERS = {
    "fake": FakeForecaster,
    **{name: partial(baseline, name) for name in ("still", "constant velocity", "damped velocity", "ridge")},
    "remembering": lambda: RememberingForecaster(ready(), STEPS),
    "eco": ready,
    "eco alone": lambda: AloneForecaster(inner=ready()),
    "ensemble": lambda: Ensemble([ready(), ready()]),
}
SAMPLERS = {
    "fake": FakeFutureSampler,
    "eco": ready,
    "ensemble": lambda: Ensemble([ready(), ready()]),
}
ANTICIPATORS = {
    "fake": lambda: FakeAnticipator(len(NAMES["behavior_names"])),
    "eco": ready,
    "majority": lambda: fit_majority(questions()),
    "markov": lambda: fit_markov(questions()),
    "timed markov": lambda: fit_timed_markov(questions()),
}


@pytest.mark.parametrize("name", FORECASTERS)
def test_a_forecast_has_one_place_per_step_and_animal_and_each_world_its_own(name):
    forecaster, clip = FORECASTERS[name](), history()
    before = clip.observation.position_m.copy()
    path = forecaster.forecast(clip, STEPS)
    assert isinstance(forecaster, Forecaster)
    assert path.shape == (2, STEPS, 5, 3)
    assert np.isfinite(path).all()
    assert np.array_equal(clip.observation.position_m, before)
    single = forecaster.forecast(cut(clip, slice(0, 1)), STEPS)
    assert np.allclose(single, path[:1], atol=1e-3)


@pytest.mark.parametrize("name", SAMPLERS)
def test_futures_differ_from_each_other_and_can_be_repeated(name):
    sampler, clip = SAMPLERS[name](), history()
    futures, again = (sampler.sample_futures(clip, STEPS, 3, torch.Generator().manual_seed(5)) for _ in range(2))
    assert isinstance(sampler, FutureSampler)
    assert futures.shape == (2, 3, STEPS, 5, 3)
    assert np.isfinite(futures).all()
    assert np.array_equal(futures, again)
    assert not np.array_equal(futures[:, 0], futures[:, 1])


@pytest.mark.parametrize("name", ANTICIPATORS)
def test_every_behaviour_gets_a_score(name):
    anticipator = ANTICIPATORS[name]()
    scores = anticipator.anticipate(history())
    assert isinstance(anticipator, Anticipator)
    assert scores.shape == (2, 5, len(NAMES["behavior_names"]))
    assert np.isfinite(scores).all()

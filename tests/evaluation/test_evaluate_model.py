import json

import numpy as np
import pytest
from made_up_episodes import drives_of, episode, straight

from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeBrain, FakeSimulator
from eco1.core.records import Clip, Episode, EpisodeInfo
from eco1.evaluation.baselines import ConstantVelocity
from eco1.evaluation.closed_loop import roll_out
from eco1.evaluation.evaluate import EvaluationSize, evaluate_model
from eco1.evaluation.lived import ClosedLoop

SMALL = EvaluationSize(train_windows=60, test_windows=20, social_windows=4, probe_rows=200, samples=3)


class FakeModel:
    """Everything a model can be asked for, done in the simplest way."""

    def forecast(self, history: Clip, steps: int) -> np.ndarray:
        return ConstantVelocity(over=1).forecast(history, steps)

    def sample_futures(self, history: Clip, steps: int, samples: int, generator: None) -> np.ndarray:
        return np.stack([ConstantVelocity(over=k + 1).forecast(history, steps) for k in range(samples)], 1)

    def anticipate(self, history: Clip) -> np.ndarray:
        return 1 - np.eye(2, dtype=np.float32)[history.observation.behavior[:, -1]]

    def embed_clip(self, clip: Clip) -> np.ndarray:
        return np.concatenate([clip.observation.position_m, clip.observation.velocity_mps], -1)


class OnlyForecasts:
    def forecast(self, history: Clip, steps: int) -> np.ndarray:
        return ConstantVelocity(over=1).forecast(history, steps)


def savanna(seed: int) -> Episode:
    """A made-up recording with labels that last and a hidden state."""
    rng = np.random.default_rng(seed)
    behavior = np.repeat(rng.integers(0, 2, (10, 6)), 16, axis=0)
    return episode(
        straight(160, 6, seed=seed),
        behavior=behavior,
        drives=drives_of(rng.uniform(size=(160, 6))),
        intent=rng.integers(0, 3, (160, 6)),
        seed=seed,
    )


def test_everything_is_measured_and_written_as_json():
    loop = ClosedLoop(
        simulator=FakeSimulator(worlds=2), brain=FakeBrain(), seeds=(8, 9), burn_in_s=1.0, duration_s=9.0, warm_up_s=0.5
    )
    report = evaluate_model(
        FakeModel(), [savanna(s) for s in range(3)], [savanna(9)], history_s=1.0, size=SMALL, closed_loop=loop
    )
    assert report.skipped == {}
    assert report.motion is not None
    assert [round(h.horizon_s, 3) for h in report.motion.horizons] == [1, 3]
    names = {"still", "constant velocity", "damped velocity", "ridge", "ridge min3", "model", "model min3"}
    assert set(report.motion.horizons[0].scores) == names
    assert report.social is not None
    assert report.social.horizons[0].scores["model alone"].ade_m == report.social.horizons[0].scores["model"].ade_m
    assert report.anticipation is not None
    assert report.anticipation.scores["model"].top1 == 1  # there are only two behaviours
    assert report.probes is not None
    assert report.collapse is not None
    assert report.collapse.dimensions == 6
    assert report.realism is not None
    assert set(report.realism.scores) == names - {"ridge min3", "model min3"} | {"wandering"}
    read = json.loads(report.to_json())
    assert read["motion"]["horizons"][1]["best_baseline"] == report.motion.horizons[1].best_baseline
    assert read["realism"]["scores"]["model"]["two_sample"]["accuracy"] <= 1


def test_fish_have_no_labels_and_nothing_hidden():
    fish = [
        episode(straight(120, 5, seed=s), behavior=np.full((120, 5), -1), provenance={"units_per_m": "1000"})
        for s in range(2)
    ]
    report = evaluate_model(FakeModel(), fish[:1], fish[1:], history_s=0.5, horizons_s=(1.0,), size=SMALL)
    assert report.anticipation is None
    assert report.probes is None
    assert report.realism is None
    assert set(report.skipped) == {"anticipation", "probes", "realism"}
    assert report.motion is not None
    px = report.motion.horizons[0].scores["model"].ade_px
    assert px == pytest.approx(0, abs=0.2)
    assert json.loads(report.to_json())["probes"] is None


def test_a_model_that_only_forecasts_is_only_judged_by_that():
    report = evaluate_model(OnlyForecasts(), [savanna(0)], [savanna(1)], history_s=0.5, size=SMALL)
    assert report.skipped["anticipation"] == "the model cannot anticipate"
    assert set(report.skipped) == {"anticipation", "probes", "collapse", "realism"}


def test_the_same_evaluation_gives_the_same_numbers():
    reports = [evaluate_model(FakeModel(), [savanna(0)], [savanna(1)], history_s=0.5, size=SMALL) for _ in range(2)]
    assert reports[0].motion == reports[1].motion
    assert reports[0].probes == reports[1].probes


def test_too_short_episodes_are_refused():
    short = episode(straight(20))
    with pytest.raises(ConfigError, match="No episode is long enough"):
        evaluate_model(FakeModel(), [short], [short], history_s=0.5, size=SMALL)


def test_recordings_of_the_fake_world_are_evaluated_too():
    simulator = FakeSimulator(animals=6)
    parts = []
    for seed in (0, 1):
        seen = roll_out(simulator, None, seed, burn_in_s=0.0, duration_s=12.0).observation
        info = EpisodeInfo(
            biome="plain",
            seed=seed,
            world=0,
            dt_s=simulator.dt_s,
            species_names=simulator.species_names,
            behavior_names=simulator.behavior_names,
            provenance={},
        )
        parts.append(Episode(info=info, observation=seen[:, 0]))
    report = evaluate_model(OnlyForecasts(), parts[:1], parts[1:], history_s=0.5, size=SMALL)
    assert report.motion is not None
    assert set(report.motion.horizons[0].scores["ridge"].per_species) == {"walker", "stroller"}

import numpy as np
import pytest
from made_up_episodes import drives_of, episode, straight

from eco1.core.errors import ConfigError
from eco1.core.records import DRIVES, Clip
from eco1.evaluation.collapse import evaluate_collapse
from eco1.evaluation.linear import area_under_curve, fit_logistic, fit_ridge_probe, r2
from eco1.evaluation.probes import balanced, evaluate_probes


class Knowing:
    """A latent that holds what is hidden, turned and mixed with noise, or nothing but noise."""

    def __init__(self, *, knows: bool) -> None:
        self.knows = knows
        self.mix = np.random.default_rng(0).normal(size=(2, 16))

    def embed_clip(self, clip: Clip) -> np.ndarray:
        shape = clip.observation.alive.shape
        noise = np.random.default_rng(int(clip.observation.position_m.sum() * 1000) % 2**31).normal(size=(*shape, 16))
        if not self.knows:
            return noise.astype(np.float32)
        assert clip.hidden is not None
        truth = np.stack([clip.hidden.drives[..., 0], clip.hidden.intent], -1)
        return (truth @ self.mix + 0.01 * noise).astype(np.float32)


def recording(seed: int):
    rng = np.random.default_rng(seed)
    shape = (60, 10)
    drives = drives_of(rng.uniform(size=shape))
    return episode(straight(*shape, seed=seed), drives=drives, intent=rng.integers(0, len(DRIVES), shape), seed=seed)


@pytest.fixture(scope="module")
def recordings():
    return [recording(s) for s in range(4)], [recording(s) for s in (10, 11)]


def test_planted_truth_is_found_in_the_latent_and_not_in_the_raw_input(recordings):
    report = evaluate_probes(Knowing(knows=True), *recordings, history_s=0.5, rows=600)
    latent, window = report.scores["latent"], report.scores["raw window"]
    assert latent.r2["hunger"] > 0.95
    assert latent.fearful_auc > 0.98
    assert latent.intent_balanced_accuracy > 0.5
    assert window.r2["hunger"] < 0.1
    assert window.fearful_auc == pytest.approx(0.5, abs=0.12)
    assert window.inputs > report.scores["raw frame"].inputs
    assert report.test_rows > 100


def test_nothing_is_found_in_noise(recordings):
    score = evaluate_probes(Knowing(knows=False), *recordings, history_s=0.5, rows=600).scores["latent"]
    assert score.r2["fear"] < 0.05
    assert score.intent_accuracy < 0.3


def test_recordings_without_hidden_state_are_refused():
    with pytest.raises(ConfigError, match="hidden state"):
        evaluate_probes(Knowing(knows=False), [episode(straight())], [episode(straight())], history_s=0.5)


def test_r2_and_auc_by_hand():
    truth = np.array([0.0, 1, 2, 3])
    assert r2(truth, truth) == 1
    assert r2(truth, np.full(4, 1.5)) == 0
    assert np.isnan(r2(np.ones(4), truth))
    positive = np.array([True, False, True, False])
    assert area_under_curve(positive, np.array([3.0, 1, 2, 2])) == pytest.approx((1 + 1 + 1 + 0.5) / 4)
    assert np.isnan(area_under_curve(np.ones(4, bool), truth))


def test_balanced_accuracy_by_hand():
    assert balanced(np.array([0, 0, 0, 1]), np.array([0, 0, 0, 0])) == 0.5


def test_ridge_probe_finds_weights_and_strength_tames_many_inputs():
    rng = np.random.default_rng(0)
    inputs = rng.normal(size=(300, 200)).astype(np.float32)
    truth = (inputs[:, :1] * 2 + 5).astype(np.float64)
    held = np.arange(200) >= 150
    guess = fit_ridge_probe(inputs[:200], truth[:200], held, inputs[200:])
    assert r2(truth[200:, 0], guess[:, 0]) > 0.9


def test_logistic_probe_with_one_class_names_it():
    inputs = np.ones((10, 2), np.float32)
    named = fit_logistic(inputs, np.full(10, 3), np.arange(10) >= 8, inputs[:2])
    assert named.tolist() == [3, 3]


def test_collapse_report_shows_dead_features():
    latent = np.random.default_rng(0).normal(size=(500, 4)).astype(np.float32)
    latent[:, 2] = 1
    report = evaluate_collapse(latent)
    assert report.least_std == 0
    assert report.mean_std == pytest.approx(0.75, abs=0.05)
    assert report.rank_me == pytest.approx(4, abs=0.1)

import numpy as np
import pytest
from made_up_episodes import episode

from eco1.brains.baselines import ForecasterBrain
from eco1.core.errors import ConfigError
from eco1.core.fakes import FakeBrain, FakeForecaster, FakeSimulator
from eco1.evaluation.baselines import ConstantVelocity
from eco1.evaluation.closed_loop import roll_out, roll_out_seeds
from eco1.evaluation.collective import collective_samples, milling, polarisation
from eco1.evaluation.distances import jensen_shannon, normalised_wasserstein_1, wasserstein_1
from eco1.evaluation.motion_features import MotionWindows, motion_windows
from eco1.evaluation.realism import evaluate_realism
from eco1.evaluation.two_sample import two_sample_test


def test_wasserstein_by_hand():
    assert wasserstein_1(np.array([0.0, 0, 0]), np.array([1.0, 1, 1])) == pytest.approx(1)
    assert wasserstein_1(np.array([0.0, 1]), np.array([1.0, 0])) == 0
    assert wasserstein_1(np.array([0.0, 2]), np.array([1.0])) == pytest.approx(1)
    assert wasserstein_1(np.array([0.0, 1, 3]), np.array([5.0, 6, 8])) == pytest.approx(5)


def test_normalised_wasserstein_is_in_standard_deviations_of_the_recording():
    recording = np.array([0.0, 2, 0, 2])
    assert normalised_wasserstein_1(recording + 3, recording) == pytest.approx(3)


def test_jensen_shannon_by_hand():
    recording = np.arange(1000.0)
    assert jensen_shannon(recording, recording) == 0
    assert jensen_shannon(recording + 2000, recording) == pytest.approx(1)
    # Half of the sample lies where the recording does, half outside: H(m) - (H(p) + H(q)) / 2 in bits.
    half = np.concatenate([recording, recording + 2000])
    expected = 0.5 * (0.5 * np.log2(0.5 / 0.75) + 0.5 * np.log2(0.5 / 0.25)) + 0.5 * np.log2(1 / 0.75)
    assert jensen_shannon(half, recording) == pytest.approx(expected, abs=1e-6)
    assert jensen_shannon(np.zeros(5), np.zeros(9)) == 0


def ring(count: int = 8):
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    place = np.stack([np.cos(angle), np.sin(angle)], -1) * 3 + 10
    return place[None], (angle + np.pi / 2)[None], np.ones((1, count), bool)


def test_polarisation_and_milling_of_a_mill_and_of_a_flock():
    place, heading, there = ring()
    assert milling(place, heading, there) == pytest.approx(1)
    assert polarisation(place, heading, there) == pytest.approx(0, abs=1e-9)
    assert milling(place, np.zeros((1, 8)), there) == pytest.approx(0, abs=1e-9)
    assert polarisation(place, np.zeros((1, 8)), there) == pytest.approx(1)


def test_the_dead_do_not_count_in_orders():
    place, heading, there = ring()
    place[0, 3], there[0, 3] = (1e6, 0), False
    assert milling(place, heading, there) == pytest.approx(1, abs=0.05)


def test_samples_of_a_marching_row():
    position = np.zeros((30, 4, 2))
    position[..., 0] = np.arange(30)[:, None] * 0.4  # 4 m/s, bodies of 2 m
    position[..., 1] = np.array([0, 6, 12, 18])
    seen = episode(position).observation.map(lambda array: array[:, None])
    samples = collective_samples(seen, 0.1)
    np.testing.assert_allclose(samples.speed, 2, atol=1e-4)
    np.testing.assert_allclose(samples.turning[4:], 0, atol=1e-4)
    np.testing.assert_allclose(samples.nearest_neighbour, 3, atol=1e-4)
    np.testing.assert_allclose(samples.polarisation, 1, atol=1e-4)


def windows_of(shift: float, worlds: range, seed: int) -> MotionWindows:
    rng = np.random.default_rng(seed)
    world = np.repeat(np.array(worlds), 100)
    features = rng.normal(size=(len(world), 6)) + shift
    features[:, 0] = rng.integers(0, 3, len(world))
    return MotionWindows(features=features, world=world)


def test_two_samples_of_one_distribution_cannot_be_told_apart():
    report = two_sample_test(windows_of(0, range(10), 0), windows_of(0, range(10), 1))
    assert report.accuracy == pytest.approx(0.5, abs=0.05)
    assert report.rows == 2000


def test_two_samples_of_different_distributions_can():
    report = two_sample_test(windows_of(0, range(10), 0), windows_of(3, range(10), 1))
    assert report.accuracy > 0.97
    assert len(report.folds) == 5


def test_worlds_that_merely_differ_do_not_give_the_sides_away():
    rng = np.random.default_rng(2)
    sides = [windows_of(0, range(10), 0), windows_of(0, range(10), 1)]
    mark = rng.normal(size=(2, 10)) * 10  # every world of either side has a constant of its own
    for side, part in enumerate(sides):
        part.features[:, 1] = mark[side][part.world]
    assert two_sample_test(*sides).accuracy < 0.8


def test_two_sample_test_needs_two_worlds():
    with pytest.raises(ConfigError, match="at least two worlds"):
        two_sample_test(windows_of(0, range(1), 0), windows_of(0, range(1), 1))


def test_every_brain_starts_from_the_same_state():
    simulator = FakeSimulator(worlds=2)
    plain = roll_out(simulator, None, 3, burn_in_s=2.0, duration_s=1.0)
    driven = roll_out(simulator, FakeBrain(), 3, burn_in_s=2.0, duration_s=1.0)
    assert plain.observation.alive.shape == (11, 2, 6)
    np.testing.assert_array_equal(plain.observation.position_m[0], driven.observation.position_m[0])
    assert not np.array_equal(plain.observation.position_m[-1], driven.observation.position_m[-1])


def test_forecaster_brain_goes_where_its_forecaster_expects():
    simulator = FakeSimulator(worlds=2)
    still = ForecasterBrain(forecaster=FakeForecaster(), dt_s=0.1, frames=6)
    place = roll_out(simulator, still, 0, burn_in_s=1.0, duration_s=1.0).observation.position_m
    np.testing.assert_allclose(place, place[:1].repeat(len(place), 0), atol=1e-4)
    onward = ForecasterBrain(forecaster=ConstantVelocity(over=1), dt_s=0.1, frames=6)
    step = np.diff(roll_out(simulator, onward, 0, burn_in_s=1.0, duration_s=1.0).observation.position_m, axis=0)
    np.testing.assert_allclose(step, step[:1].repeat(len(step), 0), atol=1e-4)


def test_motion_windows_leave_out_those_who_die():
    seen = FakeSimulator(worlds=2, animals=6)
    observation = roll_out(seen, None, 0, burn_in_s=0.0, duration_s=6.0).observation
    observation.alive[10, 0, 2] = False
    windows = motion_windows(observation, 0.1, np.array([7, 8]))
    assert len(windows.world) == 2 * 12 - 1
    assert set(windows.world.tolist()) == {7, 8}


def test_realism_of_the_built_in_animals_and_of_a_poor_brain():
    simulator = FakeSimulator(worlds=4, animals=12)
    settings = {"burn_in_s": 1.0, "duration_s": 30.0}
    recorded = roll_out_seeds(simulator, None, (1, 2), **settings)
    poor = roll_out_seeds(simulator, FakeBrain(), (1, 2), **settings)
    report = evaluate_realism(recorded, {"built-in": recorded, "poor": poor}, simulator.dt_s)
    assert report.worlds == 8
    assert report.seconds == pytest.approx(30)
    same, worse = report.scores["built-in"], report.scores["poor"]
    assert same.mean_wasserstein == 0
    assert worse.two_sample.accuracy > 0.9
    assert worse.gaps["turning"].wasserstein > 0.5
    assert worse.gaps["turning"].loop_mean < 0.1 * worse.gaps["turning"].recorded_mean
    assert report.control is not None
    assert report.control.two_sample.accuracy == pytest.approx(0.5, abs=0.1)

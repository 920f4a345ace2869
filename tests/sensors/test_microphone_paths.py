"""The way from a source to two ears: delay, spreading, Doppler, the shadow of the head, and what the air takes."""

import numpy as np
import pytest

from eco1.core.senses import SAMPLE_RATE_HZ
from eco1.sensors.microphone.air import (
    DISTANCES_M,
    FITTED_DB,
    FITTED_HZ,
    absorption_db_per_m,
    absorption_filters,
    air_speed_mps,
    filter_loss_db,
)
from eco1.sensors.microphone.memory import FRAMES
from eco1.sensors.microphone.paths import BLOCK, TAPS, Medium, arrive, interpolation, plan

SPEED_MPS = 343.2
STEP = 1600
EARS_M = np.array([[-0.0875, 0.0, 0.0], [0.0875, 0.0, 0.0]])  # looking north


def heard_tone(
    tone_hz: float, from_m: tuple[float, ...], velocity_mps: tuple[float, ...] = (0, 0, 0), steps: int = 1,
    shadow: bool = False, speed_mps: float = SPEED_MPS,
) -> np.ndarray:  # fmt: skip
    """Return what both ears hear (2, S) of a steady tone of amplitude 1 at 1 m, rendered step by step."""
    medium = Medium(speed_mps, absorption_filters(293.15) * 0, 0.0875, shadow)
    left, gain, alpha = (np.zeros((2, STEP // BLOCK + 1)) for _ in range(3))
    remembered, heard = np.zeros((2, 2)), []
    for step in range(steps):
        end = (step + 1) * STEP
        sample = end - STEP * np.arange(FRAMES - 1, -1, -1)
        frames = np.array(from_m) + sample[:, None, None] / SAMPLE_RATE_HZ * np.array(velocity_mps)
        plan(left, gain, alpha, sample, frames, 0, EARS_M, EARS_M, end - STEP, STEP, 0.0, medium)
        first = int(np.floor(left.min())) - TAPS
        dry = np.sin(2 * np.pi * tone_hz * np.arange(first, first + 2 * STEP) / SAMPLE_RATE_HZ).astype(np.float32)
        out = np.zeros((2, STEP))
        arrive(out, dry, first, left, gain, alpha, remembered, medium, interpolation(), 1.0)
        heard.append(out)
    return np.concatenate(heard, axis=1)


def frequency_hz(samples: np.ndarray) -> float:
    """Return the frequency of a tone from the turns of its phase."""
    turns = np.exp(-2j * np.pi * 1000 * np.arange(len(samples)) / SAMPLE_RATE_HZ) * samples
    smooth = np.convolve(turns, np.hanning(801), "valid")
    slope = np.polyfit(np.arange(len(smooth)), np.unwrap(np.angle(smooth)), 1)[0]
    return 1000 + slope / (2 * np.pi) * SAMPLE_RATE_HZ


@pytest.mark.parametrize(("direction", "sign"), [(1, -1), (-1, 1)])
def test_what_passes_by_sounds_higher_before_and_lower_after(direction: int, sign: int):
    speed = 20.0
    heard = heard_tone(1000.0, (-150.0 * direction, 1.0, 0.0), (speed, 0, 0), steps=4)[0]
    assert frequency_hz(heard) == pytest.approx(1000 / (1 + sign * speed / SPEED_MPS), rel=1e-3)


def test_the_tone_of_a_passing_source_has_no_breaks_between_steps():
    heard = heard_tone(500.0, (-3.0, 2.0, 0.0), (20.0, 0, 0), steps=3, shadow=True)
    curvature = np.abs(np.diff(heard, 2, axis=1))
    at_seams = np.concatenate([curvature[:, k * STEP - 3 : k * STEP + 3] for k in (1, 2)], axis=1)
    assert at_seams.max() <= curvature.max() * 0.9


def test_sound_falls_by_6_db_per_doubling_of_the_distance():
    levels = [20 * np.log10(heard_tone(700.0, (0.0, distance, 0.0)).std()) for distance in (4.0, 8.0, 16.0, 32.0)]
    np.testing.assert_allclose(np.diff(levels), -20 * np.log10(2), atol=0.1)
    at_1_m = heard_tone(700.0, (0.0, 1.0, 0.0)).std() * np.sqrt(2)
    assert at_1_m == pytest.approx(1 / np.hypot(1.0, 0.0875), rel=0.01)


@pytest.mark.parametrize("speed_mps", [SPEED_MPS, 1500.0])
def test_the_nearer_ear_hears_earlier_by_the_difference_of_the_ways(speed_mps: float):
    left, right = heard_tone(400.0, (-30.0, 5.0, 0.0), speed_mps=speed_mps)
    turn = np.exp(-2j * np.pi * 400 * np.arange(STEP) / SAMPLE_RATE_HZ)
    window = np.hanning(STEP)
    lag = np.angle((right * turn * window).sum() / (left * turn * window).sum()) / (2 * np.pi * 400)
    ways = np.hypot(-30.0 - EARS_M[:, 0], 5.0)
    assert -lag == pytest.approx((ways[1] - ways[0]) / speed_mps, rel=0.02)


def test_the_head_shades_high_tones_from_the_far_ear_and_low_tones_hardly():
    def left_over_right_db(tone_hz: float) -> float:
        left, right = heard_tone(tone_hz, (-50.0, 0.0, 0.0), shadow=True)[:, 200:]
        return 20 * np.log10(left.std() / right.std())

    assert left_over_right_db(150.0) < 1.5
    assert left_over_right_db(800.0) < left_over_right_db(4000.0)
    assert 8 < left_over_right_db(4000.0) < 26
    ahead = heard_tone(4000.0, (0.0, 50.0, 0.0), shadow=True)
    assert ahead[0].std() == pytest.approx(ahead[1].std(), rel=1e-3)


def test_interpolation_is_flat_up_to_six_kilohertz_between_samples():
    turn = np.exp(2j * np.pi * np.arange(TAPS) * np.array([[500.0], [3000.0], [6000.0]]) / SAMPLE_RATE_HZ)
    passed = np.abs(turn @ interpolation().T)
    np.testing.assert_allclose(20 * np.log10(passed), 0.0, atol=0.6)


def test_absorption_is_that_of_the_standard():
    # ISO 9613-1:1993, table 1: 20 degC, 50 % relative humidity, 1 and 8 kHz: 4.66 and 105 dB/km.
    np.testing.assert_allclose(absorption_db_per_m(np.array([1000.0, 8000.0])) * 1000, [4.66, 105], rtol=0.01)
    assert air_speed_mps(293.15) == pytest.approx(343.2)
    assert air_speed_mps(273.15) == pytest.approx(331.3, abs=0.1)


def test_the_filters_of_the_air_stay_near_the_standard():
    poles = absorption_filters(293.15)
    assert (np.diff(poles) >= 0).all()
    loss = absorption_db_per_m(FITTED_HZ) * DISTANCES_M[:, None]
    error = np.where(loss < FITTED_DB, filter_loss_db(poles[:, None], FITTED_HZ) - loss, np.nan)
    assert np.sqrt(np.nanmean(error**2, axis=1)).max() < 2.1
    assert np.sqrt(np.nanmean(error[DISTANCES_M < 70] ** 2)) < 0.5

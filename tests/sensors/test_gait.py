import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eco1.sensors.bodies.gait import (
    foot_path,
    footfall,
    froude,
    stride_frequency_hz,
    stride_length_m,
    stride_of,
    two_bone_angles,
)


def feet(speed, phase, hip=1.0, *, gallops=True, biped=False, legs=4):
    """How far each foot is ahead of its hip, and its height over the ground."""
    stride = stride_of(float(speed), float(hip), gallops)
    paths = [foot_path(stride, float(phase), footfall(stride, leg, biped, legs == 6)) for leg in range(legs)]
    return np.array(paths).T


def test_froude_and_stride_match_a_hand_calculation():
    assert froude(3.0, 1.2) == pytest.approx(9 / (9.80665 * 1.2))
    assert stride_length_m(3.0, 1.2) == pytest.approx(2.3 * 1.2 * (9 / (9.80665 * 1.2)) ** 0.3)


def test_frequency_times_length_is_speed_and_nobody_steps_at_rest():
    assert stride_frequency_hz(0.0, 0.9) == 0
    for speed in (0.5, 2.0, 12.0):
        assert stride_frequency_hz(speed, 0.9) * stride_length_m(speed, 0.9) == pytest.approx(speed)


def test_bigger_animals_step_more_slowly_at_the_same_speed():
    assert stride_frequency_hz(2.0, 0.4) > 1.5 * stride_frequency_hz(2.0, 1.8)


def test_gaits_change_at_the_froude_numbers_of_the_source():
    strides = [stride_of(math.sqrt(fr * 9.80665), 1.0, True) for fr in (0.2, 1.0, 5.0)]
    np.testing.assert_allclose([stride.trot for stride in strides], [0, 1, 1])
    np.testing.assert_allclose([stride.gallop for stride in strides], [0, 0, 1])
    assert stride_of(9.0, 1.0, False).gallop == 0


@given(phase=st.floats(0, 50), hip=st.floats(0.05, 3))
def test_feet_are_still_on_the_ground_at_rest(phase, hip):
    ahead, lift = feet(0.0, phase, hip)
    assert np.all(ahead == 0)
    assert np.all(lift == 0)


@given(speed=st.floats(0.1, 25), phase=st.floats(0, 10), hip=st.floats(0.1, 2.5))
def test_feet_stay_within_reach_and_never_under_ground(speed, phase, hip):
    ahead, lift = feet(speed, phase, hip)
    assert np.all(np.abs(ahead) <= 0.5 * hip)
    assert np.all((lift >= 0) & (lift < 0.35 * hip))


def test_a_foot_on_the_ground_moves_back_as_fast_as_the_body_moves_on():
    speed, step = 1.0, 1e-3
    a, lift = feet(speed, 0.05)
    b, _ = feet(speed, 0.05 + step)
    grounded = lift == 0
    assert grounded.any()
    np.testing.assert_allclose((b - a)[grounded] / (step / stride_frequency_hz(speed, 1.0)), -speed, rtol=0.05)


def test_a_walk_keeps_more_feet_down_than_a_gallop():
    down = {v: np.mean([(feet(v, p)[1] == 0).sum() for p in np.linspace(0, 1, 60)]) for v in (0.8, 9.0)}
    assert down[0.8] > 2.2
    assert down[9.0] < 1.8


def test_bipeds_step_with_one_leg_after_the_other():
    ahead, _ = feet(1.0, 0.0, gallops=False, biped=True)
    later, _ = feet(1.0, 0.5, gallops=False, biped=True)
    assert ahead[2] == pytest.approx(later[3])


def test_insects_stand_on_one_tripod_while_the_other_moves():
    for phase in (0.25, 0.75):
        _, lift = feet(0.05, phase, 0.003, gallops=False, legs=6)
        left_fore, right_fore, left_hind, right_hind, left_mid, right_mid = lift > 0
        assert left_fore == left_hind == right_mid
        assert right_fore == right_hind == left_mid
        assert left_fore != right_fore


@given(ahead=st.floats(-0.5, 0.5), down=st.floats(0.3, 0.9), bend=st.sampled_from([-1.0, 1.0]))
def test_two_bones_reach_what_is_in_reach(ahead, down, bend):
    upper, lower = two_bone_angles(ahead, down, 0.55, 0.5, bend)
    if math.hypot(ahead, down) < 1.04:
        assert 0.55 * math.sin(upper) + 0.5 * math.sin(lower) == pytest.approx(ahead, abs=2e-3)
        assert 0.55 * math.cos(upper) + 0.5 * math.cos(lower) == pytest.approx(down, abs=2e-3)

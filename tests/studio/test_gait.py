import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eco1.sensors.bodies.skeleton import FIRST_LEG
from eco1.studio.bodies import body_of
from eco1.studio.gait import foot_paths, froude, gait_shares, stride_frequency_hz, stride_length_m, two_bone_angles
from eco1.studio.pose import pose
from eco1.studio.posture import POSTURES
from eco1.studio.rigs import rig_table

YES, NO = np.array([True]), np.array([False])


def one(value):
    return np.array([float(value)])


def feet(speed, phase, hip=1.0, gallops=YES, biped=NO):
    ahead, lift = foot_paths(one(speed), one(hip), one(phase), gallops=gallops, biped=biped)
    return ahead[0], lift[0]


def test_froude_and_stride_match_a_hand_calculation():
    assert froude(one(3.0), one(1.2))[0] == pytest.approx(9 / (9.80665 * 1.2))
    assert stride_length_m(one(3.0), one(1.2))[0] == pytest.approx(2.3 * 1.2 * (9 / (9.80665 * 1.2)) ** 0.3)


def test_frequency_times_length_is_speed_and_nobody_steps_at_rest():
    speed, hip = np.array([0.0, 0.5, 2.0, 12.0]), np.full(4, 0.9)
    frequency = stride_frequency_hz(speed, hip)
    assert frequency[0] == 0
    np.testing.assert_allclose(frequency[1:] * stride_length_m(speed, hip)[1:], speed[1:])


def test_bigger_animals_step_more_slowly_at_the_same_speed():
    frequency = stride_frequency_hz(np.array([2.0, 2.0]), np.array([0.4, 1.8]))
    assert frequency[0] > 1.5 * frequency[1]


def test_gaits_change_at_the_froude_numbers_of_the_source():
    trot, gallop = gait_shares(np.array([0.2, 1.0, 5.0]), np.ones(3, bool))
    np.testing.assert_allclose(trot, [0, 1, 1])
    np.testing.assert_allclose(gallop, [0, 0, 1])


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
    speed, hip = 1.0, 1.0
    step = 1e-3
    frequency = stride_frequency_hz(one(speed), one(hip))[0]
    a, lift = feet(speed, 0.05)
    b, _ = feet(speed, 0.05 + step)
    grounded = lift == 0
    assert grounded.any()
    np.testing.assert_allclose((b - a)[grounded] / (step / frequency), -speed, rtol=0.05)


def test_a_walk_keeps_more_feet_down_than_a_gallop():
    down = {v: np.mean([(feet(v, p)[1] == 0).sum() for p in np.linspace(0, 1, 60)]) for v in (0.8, 9.0)}
    assert down[0.8] > 2.2
    assert down[9.0] < 1.8


def test_bipeds_step_with_one_leg_after_the_other():
    ahead, _ = feet(1.0, 0.0, biped=YES)
    later, _ = feet(1.0, 0.5, biped=YES)
    assert ahead[2] == pytest.approx(later[3])


@given(ahead=st.floats(-0.5, 0.5), down=st.floats(0.3, 0.9), bend=st.sampled_from([-1.0, 1.0]))
def test_two_bones_reach_what_is_in_reach(ahead, down, bend):
    upper, lower = two_bone_angles(one(ahead), one(down), one(0.55), one(0.5), one(bend))
    x = 0.55 * np.sin(upper) + 0.5 * np.sin(lower)
    z = 0.55 * np.cos(upper) + 0.5 * np.cos(lower)
    if np.hypot(ahead, down) < 1.04:
        assert x[0] == pytest.approx(ahead, abs=2e-3)
        assert z[0] == pytest.approx(down, abs=2e-3)


def test_legs_of_a_posed_zebra_swing_with_speed_and_stand_still_at_rest():
    rigs = rig_table([body_of("plains_zebra")])
    posture = np.zeros((1, len(POSTURES)), np.float32)

    def legs(speed, phase):
        placed = pose(
            rigs, speed_mps=one(speed), phase=one(phase), posture=posture, look_rad=one(0), time_s=phase, seed=one(0)
        )
        return placed.rotation[0, FIRST_LEG : FIRST_LEG + 8]

    np.testing.assert_array_equal(legs(0.0, 0.1), legs(0.0, 0.6))
    walk, run = (np.abs(legs(v, 0.1) - legs(v, 0.6)).max() for v in (1.2, 9.0))
    assert walk > 0.1
    assert run > 0.3

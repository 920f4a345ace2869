"""Whom a camera follows, told by where it looks."""

import numpy as np

from eco1.core.fakes import FakeSimulator
from eco1.core.records import Observation
from eco1.core.senses import GROUND, SKY, UNLABELLED, Frames
from eco1.sensors.camera.subject import animals_in_view, subject_of

FRAMES, ANIMALS = 12, 20


def walking(seed: int) -> Observation:
    """A herd that wanders about, (T, N)."""
    simulator = FakeSimulator(animals=ANIMALS)
    state, seen = simulator.reset(seed), []
    for _ in range(FRAMES):
        seen.append(simulator.observe(state)[0])
        state = simulator.step(state, None)
    return Observation.stack(seen)


def looking_at(target: np.ndarray, rng: np.random.Generator) -> Frames:
    """A camera 12 m behind and 4 m above what it looks at, not quite at its middle."""
    eye = target + np.float64([-12, 0, 4])
    forward = target + rng.normal(0, 0.1, target.shape) - eye
    forward /= np.linalg.norm(forward, axis=-1, keepdims=True)
    right = np.cross(forward, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right, axis=-1, keepdims=True)
    axes = np.stack([right, np.cross(right, forward), forward], -2)
    lead = target.shape[:-1]
    return Frames(
        rgb=np.zeros((*lead, 2, 3, 3), np.uint8),
        depth_m=np.ones((*lead, 2, 3), np.float32),
        instance=np.full((*lead, 2, 3), GROUND, np.int16),
        flow_px=np.zeros((*lead, 2, 3, 2), np.float32),
        eye_m=eye.astype(np.float32),
        axes=axes.astype(np.float32),
        field_of_view_rad=np.ones(lead, np.float32),
    )


def test_the_animal_that_is_followed_is_found_in_a_herd():
    rng = np.random.default_rng(0)
    seen = [walking(seed) for seed in range(10)]
    rows = np.arange(10) * 2
    filmed = [looking_at(one.position_m[:, row], rng) for one, row in zip(seen, rows, strict=True)]
    assert np.array_equal(subject_of(Frames.stack(filmed), Observation.stack(seen)), rows)
    alone = [int(subject_of(one, each)) for one, each in zip(filmed, seen, strict=True)]
    assert alone == rows.tolist()  # any leading axes


def test_one_that_is_far_behind_in_the_same_direction_is_not_taken_for_it():
    seen = walking(0)
    target = seen.position_m[:, 3]
    camera = looking_at(target, np.random.default_rng(1))
    seen.position_m[:, 7] = camera.eye_m + 40.0 * camera.axes[:, 2] + camera.axes[:, 0]  # a smaller angle
    assert int(subject_of(camera, seen)) == 3


def test_whoever_dies_meanwhile_or_is_behind_the_camera_is_not_followed():
    seen = walking(0)
    camera = looking_at(seen.position_m[:, 3], np.random.default_rng(1))
    seen.alive[-1, 3] = False
    assert int(subject_of(camera, seen)) != 3
    seen.alive[0] = False
    assert int(subject_of(camera, seen)) == -1
    behind = walking(0)
    behind.position_m[:] = (camera.eye_m - 3.0 * camera.axes[:, 2])[:, None]
    assert int(subject_of(camera, behind)) == -1


def test_animals_in_view_are_counted_whatever_else_is_there():
    camera = looking_at(np.zeros((3, 3)), np.random.default_rng(0))
    camera.instance[0] = [[SKY, SKY, SKY], [GROUND, GROUND, UNLABELLED]]
    camera.instance[1] = [[0, 0, 5], [5, 5, GROUND]]
    camera.instance[2] = [[0, 1, 2], [3, 4, 5]]
    assert animals_in_view(camera).tolist() == [0, 2, 6]
    assert animals_in_view(Frames.stack([camera, camera])).tolist() == [[0, 2, 6]] * 2

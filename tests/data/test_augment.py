"""Mirroring and turning change the point of view and nothing else."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_episodes import episode_of

from eco1.core.records import SURROUNDINGS, Observation
from eco1.data.augment import Augmentation, transform
from eco1.data.clips import ClipSampler

VECTORS = [("water_x_m", "water_y_m"), ("barrier_x_m", "barrier_y_m"), ("slope_x", "slope_y")]


def scenes() -> Observation:
    """Two clips (B=2, T=5, N=6) with something in every channel, and an unknown shelter."""
    seen = Observation.stack([episode_of(5, seed=seed).observation for seed in (1, 2)])
    surroundings = np.random.default_rng(0).normal(size=seen.surroundings.shape).astype(np.float32)
    surroundings[..., 2:4] = np.nan
    return replace(seen, surroundings=surroundings)


def turned(seen: Observation, angle: float, mirrored: bool = False) -> Observation:
    batch = len(seen.alive)
    return transform(seen, np.full(batch, angle, np.float32), np.full(batch, mirrored))


def close(one: Observation, other: Observation, atol: float = 1e-4) -> None:
    for name, array in vars(one).items():
        again = getattr(other, name)
        assert array.dtype == again.dtype, name
        if name == "heading_rad":
            assert np.allclose(np.cos(array - again), 1, atol=1e-6)
        else:
            assert np.allclose(array, again, atol=atol, equal_nan=True), name


def distances(seen: Observation) -> np.ndarray:
    return np.linalg.norm(seen.position_m[..., :, None, :] - seen.position_m[..., None, :, :], axis=-1)


def test_four_quarter_turns_are_none():
    seen = scenes()
    once = turned(seen, np.pi / 2)
    assert not np.allclose(once.position_m, seen.position_m)
    close(seen, turned(turned(turned(once, np.pi / 2), np.pi / 2), np.pi / 2))


def test_two_mirrors_are_none():
    close(scenes(), turned(turned(scenes(), 0.0, mirrored=True), 0.0, mirrored=True))


def test_a_quarter_turn_takes_east_to_north():
    seen = scenes()
    once = turned(seen, np.pi / 2)
    assert np.allclose(once.position_m[..., 0], -seen.position_m[..., 1], atol=1e-4)
    assert np.allclose(once.position_m[..., 1], seen.position_m[..., 0], atol=1e-4)
    water = SURROUNDINGS.index("water_x_m")
    assert np.allclose(once.surroundings[..., water + 1], seen.surroundings[..., water], atol=1e-5)


def test_a_mirror_swaps_left_and_right():
    once = turned(scenes(), 0.0, mirrored=True)
    assert np.array_equal(once.position_m[..., 1], -scenes().position_m[..., 1])
    assert np.allclose(once.heading_rad, -scenes().heading_rad, atol=1e-6)


@given(angle=st.floats(-4, 4), mirrored=st.booleans())
def test_all_that_does_not_depend_on_the_point_of_view_stays(angle, mirrored):
    seen = scenes()
    again = turned(seen, angle, mirrored)
    assert np.allclose(distances(seen), distances(again), atol=1e-3)
    for record in (seen, again):  # still heading where it goes
        speed = np.linalg.norm(record.velocity_mps, axis=-1)
        along = np.stack([np.cos(record.heading_rad), np.sin(record.heading_rad)], -1) * speed[..., None]
        assert np.allclose(along, record.velocity_mps[..., :2], atol=1e-4)
    for x, y in VECTORS:
        columns = [SURROUNDINGS.index(x), SURROUNDINGS.index(y)]
        before, after = seen.surroundings[..., columns], again.surroundings[..., columns]
        assert np.allclose(np.linalg.norm(before, axis=-1), np.linalg.norm(after, axis=-1), atol=1e-4), x
        # Seen from the animal's own body, what was ahead is ahead.
        assert np.allclose(ahead(before, seen), ahead(after, again), atol=1e-4), x
    assert np.isnan(again.surroundings[..., 2:4]).all()
    for scalar in ("vegetation", "cover", "daylight"):
        column = SURROUNDINGS.index(scalar)
        assert np.array_equal(seen.surroundings[..., column], again.surroundings[..., column])


def ahead(offset: np.ndarray, seen: Observation) -> np.ndarray:
    return offset[..., 0] * np.cos(seen.heading_rad) + offset[..., 1] * np.sin(seen.heading_rad)


@pytest.mark.parametrize(("mirror", "rotate"), [(True, False), (False, True), (False, False)])
def test_only_the_wanted_symmetries_are_drawn(mirror, rotate):
    episode = episode_of(12, 4)
    plain = ClipSampler([episode], frames=5, batch=16, seed=0).batch_at(0).observation
    drawn = ClipSampler([episode], 5, 16, 0, augmentation=Augmentation(mirror=mirror, rotate=rotate)).batch_at(0)
    same_x = np.allclose(plain.position_m[..., 0], drawn.observation.position_m[..., 0])
    same_y = np.allclose(plain.position_m[..., 1], drawn.observation.position_m[..., 1])
    assert same_x != rotate
    assert same_y == (not rotate and not mirror)

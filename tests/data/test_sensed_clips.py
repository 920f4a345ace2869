"""Clips bring along what instruments recorded at the same moments, and turn with the scene."""

import numpy as np
import pytest
from small_episodes import episode_of
from small_senses import record_senses, senses_of

from eco1.core.errors import ConfigError, EpisodeError, UnknownNameError
from eco1.core.senses import SensedClip
from eco1.data.augment import Augmentation
from eco1.data.augment_senses import transform_senses
from eco1.data.clips import ClipSampler
from eco1.training.sources import clips_of


@pytest.fixture(scope="module", name="paths")
def _paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("senses")
    return [record_senses(folder / f"e{seed}.zarr", 30, seed=seed) for seed in (0, 1)]


def frame_numbers(clip: SensedClip) -> np.ndarray:
    """Frames are told apart by where the ears were."""
    known = np.stack([senses_of(frame).audio["ears"].ear_m for frame in range(30)])
    return np.abs(clip.senses.audio["ears"].ear_m[..., None, :] - known).sum(-1).argmin(-1)


@pytest.mark.parametrize("workers", [0, 2])
def test_senses_are_of_the_same_moments_as_the_animals(paths, workers):
    with ClipSampler(paths, 5, 4, seed=3, strides=(1, 2), senses=["video/herd", "audio"], workers=workers) as sampler:
        clip = next(sampler)
    assert isinstance(clip, SensedClip)
    frames = frame_numbers(clip)
    plain = next(ClipSampler(paths, 5, 4, seed=3, strides=(1, 2)))
    assert np.array_equal(plain.observation.position_m, clip.observation.position_m)
    for b in range(4):
        assert np.array_equal(np.diff(frames[b]), np.full(4, round(float(clip.dt_s[b]) / 0.1)))
        candidates = [episode_of(30, seed=seed).observation.position_m[frames[b]] for seed in (0, 1)]
        assert any(np.array_equal(clip.observation.position_m[b], one) for one in candidates)
        for t in range(5):
            herd = senses_of(frames[b, t]).video["herd"]
            assert np.array_equal(clip.senses.video["herd"].rgb[b, t], herd.rgb)
            assert np.array_equal(clip.senses.video["herd"].depth_m[b, t], herd.depth_m)
    assert not clip.senses.points
    assert set(clip.senses.video) == {"herd"}
    half = clips_of(clip, 1, 3)
    assert np.array_equal(half.senses.audio["ears"].samples, clip.senses.audio["ears"].samples[1:3])


def test_a_single_array_comes_without_the_rest_being_read(paths):
    (chunk,) = [file for file in (paths[0] / "video" / "herd" / "flow_px" / "c").rglob("*") if file.is_file()]
    good = chunk.read_bytes()
    chunk.write_bytes(b"")
    try:
        clip = next(ClipSampler(paths[:1], 5, 2, seed=0, senses=["video/herd/rgb"]))
        assert clip.senses.video["herd"].rgb.shape == (2, 5, 8, 12, 3)
        assert np.isnan(clip.senses.video["herd"].flow_px).all()
        with pytest.raises(EpisodeError, match="damaged"):
            next(ClipSampler(paths[:1], 5, 2, seed=0, senses=["video/herd"]))
    finally:
        chunk.write_bytes(good)


def test_what_some_episode_lacks_is_refused(paths, tmp_path):
    with pytest.raises(UnknownNameError, match="'video/hurd'"):
        ClipSampler(paths, 5, 2, seed=0, senses=["video/hurd"])
    with pytest.raises(UnknownNameError, match=r"'audio' in an episode in memory"):
        ClipSampler([episode_of(30)], 5, 2, seed=0, senses=["audio"])
    other = record_senses(tmp_path / "other.zarr", 30, sense_fields=("rgb", "samples", "ear_m"))
    with pytest.raises(ConfigError, match=r"same instruments.*Ask for what they share"):
        ClipSampler([*paths, other], 5, 2, seed=0, senses=["video"])
    large = record_senses(tmp_path / "large.zarr", 30, height=16)
    with pytest.raises(ConfigError, match=r"rgb of shapes"):
        next(ClipSampler([*paths, large], 5, 64, seed=0, senses=["video/herd/rgb"]))


def pixels_in_the_world(frames) -> np.ndarray:
    """Where each pixel of pictures (B, T, H, W) lies, if its depth is that along the ray (pixels are square)."""
    height, width = frames.depth_m.shape[2:]
    y, x = np.mgrid[0:height, 0:width]
    scale = np.tan(frames.field_of_view_rad / 2)[..., None, None] / (height / 2)
    right, up = (x + 0.5 - width / 2) * scale, (height / 2 - y - 0.5) * scale
    local = np.stack([right, up, np.ones_like(right)], -1)
    local /= np.linalg.norm(local, axis=-1, keepdims=True)
    ray = np.einsum("bthwi,btij->bthwj", local, frames.axes)
    depth = np.where(np.isinf(frames.depth_m), 1e3, frames.depth_m)
    return frames.eye_m[:, :, None, None] + ray * depth[..., None]


def test_pictures_points_and_sounds_turn_with_the_scene(paths):
    clip = next(ClipSampler(paths, 3, 4, seed=0, senses=["video", "audio", "points"]))
    turn, mirrored = np.array([0.7, -2.0, 0.0, 1.0], np.float32), np.array([True, False, True, False])
    there = transform_senses(clip.senses, turn, mirrored)
    cos, sin = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]

    def moved(point):
        x, y = point[..., 0], point[..., 1] * np.where(mirrored, -1, 1)[:, None, None]
        return np.stack([x * cos - y * sin, x * sin + y * cos, point[..., 2]], -1)

    before, after = clip.senses.video["herd"], there.video["herd"]
    flat = pixels_in_the_world(before).reshape(4, 3, -1, 3)
    expected = moved(flat).reshape(4, 3, 8, 12, 3)
    expected[mirrored] = expected[mirrored, :, :, ::-1]
    assert np.allclose(pixels_in_the_world(after), expected, atol=1e-2)
    assert np.array_equal(after.rgb[mirrored], before.rgb[mirrored, :, :, ::-1])
    assert np.array_equal(after.rgb[~mirrored], before.rgb[~mirrored])
    assert np.array_equal(after.flow_px[mirrored, ..., 0], -before.flow_px[mirrored, :, :, ::-1, 0])
    assert np.array_equal(after.flow_px[mirrored, ..., 1], before.flow_px[mirrored, :, :, ::-1, 1])
    assert np.allclose(np.linalg.det(after.axes), np.linalg.det(before.axes), atol=1e-5)
    cloud = clip.senses.points["lidar"].position_m
    assert np.allclose(there.points["lidar"].position_m, moved(cloud), atol=1e-5, equal_nan=True)
    ears = clip.senses.audio["ears"].samples
    assert np.array_equal(there.audio["ears"].samples[mirrored], ears[mirrored, :, ::-1])


def test_augmented_clips_are_augmented_in_every_sense(paths):
    plain = next(ClipSampler(paths, 3, 8, seed=0, senses=["points"]))
    turned = next(ClipSampler(paths, 3, 8, seed=0, senses=["points"], augmentation=Augmentation()))
    away, before = turned.senses.points["lidar"].position_m, plain.senses.points["lidar"].position_m
    assert not np.allclose(away, before, equal_nan=True)
    distance = [np.linalg.norm(p[..., :2], axis=-1) for p in (away, before)]
    assert np.allclose(*distance, atol=1e-5, equal_nan=True)

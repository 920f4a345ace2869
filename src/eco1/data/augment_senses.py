"""Mirror and turn what instruments brought back, as the scene around them is mirrored and turned."""

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float32

from eco1.core.senses import Frames, PointCloud, Senses, Sound


def transform_senses(senses: Senses, turn_rad: Float32[np.ndarray, " b"], mirrored: Bool[np.ndarray, " b"]) -> Senses:
    """Return what instruments (B, T) would have brought back from the transformed scene.

    A mirrored camera sees the mirror image, left and right ears change places; a turned one sees and hears the same.
    """
    turn = _matrices(turn_rad, mirrored)
    return Senses(
        video={name: _seen(frames, turn, mirrored) for name, frames in senses.video.items()},
        audio={name: _heard(sound, turn, mirrored) for name, sound in senses.audio.items()},
        points={name: _scanned(cloud, turn) for name, cloud in senses.points.items()},
    )


def _matrices(turn_rad: np.ndarray, mirrored: np.ndarray) -> np.ndarray:
    """Return (B, 3, 3): mirror y where wanted, then turn about z."""
    cos, sin, sign = np.cos(turn_rad), np.sin(turn_rad), np.where(mirrored, -1, 1)
    matrix = np.zeros((len(turn_rad), 3, 3), np.float32)
    matrix[:, 0, 0], matrix[:, 0, 1] = cos, -sin * sign
    matrix[:, 1, 0], matrix[:, 1, 1] = sin, cos * sign
    matrix[:, 2, 2] = 1
    return matrix


def _turned(vectors: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """Return vectors (B, ..., 3) turned."""
    return np.einsum("bij,b...j->b...i", matrix, vectors)


def _flipped(images: np.ndarray, axis: int, mirrored: np.ndarray) -> np.ndarray:
    spread = mirrored.reshape(-1, *(1,) * (images.ndim - 1))
    return np.where(spread, np.flip(images, axis), images)


def _seen(frames: Frames, matrix: np.ndarray, mirrored: np.ndarray) -> Frames:
    """The picture is flipped, and with it the direction that is right in it, so that the axes keep their handedness."""
    axes = _turned(frames.axes, matrix)
    axes[mirrored, ..., 0, :] *= -1
    flow = _flipped(frames.flow_px, 3, mirrored)
    flow[mirrored, ..., 0] *= -1
    return replace(
        frames,
        rgb=_flipped(frames.rgb, 3, mirrored),
        depth_m=_flipped(frames.depth_m, 3, mirrored),
        instance=_flipped(frames.instance, 3, mirrored),
        flow_px=flow,
        eye_m=_turned(frames.eye_m, matrix),
        axes=axes,
    )


def _heard(sound: Sound, matrix: np.ndarray, mirrored: np.ndarray) -> Sound:
    return replace(sound, samples=_flipped(sound.samples, 2, mirrored), ear_m=_turned(sound.ear_m, matrix))


def _scanned(cloud: PointCloud, matrix: np.ndarray) -> PointCloud:
    return replace(cloud, position_m=_turned(cloud.position_m, matrix))

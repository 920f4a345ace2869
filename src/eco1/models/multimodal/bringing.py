"""What a clip brings to each sense of a model; None where the sense is not the model's, or not there.

Shape letters: b clips, t frames, n words, m moments of a spectrogram, f bands.
"""

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from eco1.core.records import Clip
from eco1.core.senses import SensedClip
from eco1.models.multimodal.config import MOMENTS_OF_FRAME, MultimodalConfig
from eco1.models.multimodal.motion import Motion, motion_of
from eco1.models.multimodal.telling import sentence_about
from eco1.models.multimodal.words import Words, padded
from eco1.models.nn.points import Clouds, clouds_of
from eco1.models.nn.views import normalised, pictures_of, spectrogram_of, waves_of
from eco1.sensors.camera.subject import subject_of
from eco1.sensors.scene import Scene


def followed_in(clip: Clip, config: MultimodalConfig) -> np.ndarray:
    """Return whom the camera follows in the frames that are looked at; without a camera nobody."""
    nobody = np.full(len(clip.dt_s), -1, np.int64)
    if not isinstance(clip, SensedClip) or config.camera not in clip.senses.video:
        return nobody
    looked_at = np.s_[:, : config.frames]
    frames = clip.senses.video[config.camera][looked_at]
    known = np.isfinite(frames.eye_m).all((1, 2)) & np.isfinite(frames.axes).all((1, 2, 3))
    return np.where(known, subject_of(frames, clip.observation[looked_at]), nobody) if known.any() else nobody


def moves_in(scene: Scene, subject: Tensor, dt_s: Tensor, config: MultimodalConfig) -> Motion:
    """Return how animals move, seen from whom the camera follows first, else from their middle."""
    at = torch.arange(len(subject), device=subject.device)
    mean = (scene.position_m[:, 0] * scene.alive[:, 0, :, None]).sum(1) / scene.alive[:, 0].sum(1).clamp(min=1)[:, None]
    centre = torch.where(subject[:, None] >= 0, scene.position_m[at, 0, subject.clamp(min=0)], mean)
    return motion_of(scene, dt_s, centre, config.moments, config.frames)


def environments_of(clip: SensedClip | None, config: MultimodalConfig, batch: int) -> list[int]:
    """Return the row of each clip's environment, 0 where it is unknown."""
    names = clip.biome if clip is not None and clip.biome else ("",) * batch
    known = config.environment_names
    return [known.index(name) + 1 if name in known else 0 for name in names]


def pictures_in(clip: SensedClip, config: MultimodalConfig, device: torch.device) -> Float[Tensor, "b t 3 y x"] | None:
    """Return what the camera sees, at unit variance."""
    if "video" not in config.senses or not clip.senses.video:
        return None
    return normalised(pictures_of(clip, config.camera, (config.frames, config.pixels, config.pixels), device))


def sounds_in(clip: SensedClip, config: MultimodalConfig, device: torch.device) -> Float[Tensor, "b 1 1 m f"] | None:
    """Return the spectrogram of what is heard."""
    if "audio" not in config.senses or not clip.senses.audio:
        return None
    wave = waves_of(clip, config.microphone, device)[:, : config.frames]
    heard = spectrogram_of(wave.flatten(0, 1), MOMENTS_OF_FRAME, config.bands)  # frames may be apart: each by itself
    return heard.unflatten(0, wave.shape[:2]).flatten(1, 2)[:, None, None]


def clouds_in(clip: SensedClip, config: MultimodalConfig, device: torch.device) -> Clouds | None:
    """Return the cloud at the beginning of each moment."""
    if "points" not in config.senses or not clip.senses.points:
        return None
    begins = slice(0, config.frames, config.frames_of_moment)
    return clouds_of(clip, config.lidar, begins, range_m=config.range_m, fewest=0, device=device)


def sentences_in(
    clip: SensedClip, config: MultimodalConfig, words: Words, subject: Tensor, device: torch.device
) -> tuple[Int[Tensor, "b n"], Bool[Tensor, "b n"]] | None:
    """Return the words of a sentence about whom the camera follows, and which of them are there."""
    if "text" not in config.senses or not clip.said:
        return None
    seconds = clip.dt_s * config.frames
    rows = subject.tolist()
    told = [sentence_about(said, row, float(s)) for said, row, s in zip(clip.said, rows, seconds, strict=True)]
    if not any(told):
        return None
    return padded([words.encode(sentence) for sentence in told], config.words, device)

"""From a clip to what each sense perceives of it: tensors, and tokens by way of encoders.

Shape letters: b clips, t frames, c moments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.core.records import Clip
from eco1.core.senses import SensedClip
from eco1.models.multimodal.config import MOMENTS_OF_FRAME, SENSES, SOUND_PATCHES, MultimodalConfig, Sense
from eco1.models.multimodal.encoders import MotionSense, PatchedSense, PointSense, TextSense
from eco1.models.multimodal.motion import FEATURES, Motion, motion_of
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.multimodal.telling import sentence_about
from eco1.models.multimodal.words import Words, padded
from eco1.models.nn.points import Clouds, clouds_of
from eco1.models.nn.views import normalised, pictures_of, spectrogram_of, waves_of
from eco1.sensors.camera.subject import subject_of
from eco1.sensors.scene import Scene, scene_of


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is known of a batch of clips; None or absent what is not. ``subject`` is the row of each, -1 nobody's."""

    scene: Scene
    motion: Motion | None
    subject: Int[Tensor, " b"]
    environment: Int[Tensor, " b"]
    dt_s: Float[Tensor, " b"]
    video: Float[Tensor, "b t 3 y x"] | None = None
    audio: Float[Tensor, "b 1 1 m f"] | None = None
    points: Clouds | None = None
    text: tuple[Int[Tensor, "b n"], Bool[Tensor, "b n"]] | None = None

    @property
    def senses(self) -> tuple[Sense, ...]:
        """Return the senses there are."""
        return tuple(sense for sense in SENSES if getattr(self, sense) is not None)


def make_encoders(config: MultimodalConfig) -> nn.ModuleDict:
    """Return a new encoder for each sense of a model."""
    moment, (_, down, across) = config.frames_of_moment, config.grid
    makers: dict[str, nn.Module] = {}
    for sense in config.senses:
        if sense == "video":
            makers[sense] = PatchedSense(config, sense, (moment, config.patch, config.patch), down * across)
        elif sense == "audio":
            makers[sense] = PatchedSense(config, sense, config.sound_patch, SOUND_PATCHES**2)
        elif sense == "points":
            makers[sense] = PointSense(config)
        elif sense == "motion":
            makers[sense] = MotionSense(config, FEATURES)
        elif sense == "text":
            makers[sense] = TextSense(config)
    return nn.ModuleDict(makers)


def inputs_of(
    clip: Clip,
    config: MultimodalConfig,
    words: Words,
    device: torch.device,
    *,
    senses: Sequence[Sense] | None = None,
    moments: int | None = None,
) -> Inputs:
    """Return what a model perceives of a clip, of the senses that are both its own and there.

    Args:
        clip: what was recorded.
        config: of the model.
        words: its tokenizer.
        device: where it lives.
        senses: the ones to look at; all of the model's when not said.
        moments: how many of them, the first; all when not said.

    Raises:
        ConfigError: when the clip is too short, of another size, or none of the senses is there.
        UnknownNameError: when it has cameras, microphones or lidars, but not the model's.
    """
    config = _less(config, senses, moments)
    if clip.observation.alive.shape[1] < config.frames:
        raise ConfigError(
            f"The model perceives clips of {config.frames} frames; this one has {clip.observation.alive.shape[1]}."
        )
    scene = scene_of(clip.observation, device)
    subject = torch.from_numpy(_subject(clip, config)).to(device)
    dt_s = torch.as_tensor(clip.dt_s, device=device)
    whole = clip if isinstance(clip, SensedClip) else None
    found = Inputs(
        scene=scene,
        motion=_motion(scene, subject, dt_s, config) if "motion" in config.senses else None,
        subject=subject,
        environment=torch.tensor(_environments(whole, config, len(clip.dt_s)), device=device),
        dt_s=dt_s,
        video=None if whole is None else _video(whole, config, device),
        audio=None if whole is None else _audio(whole, config, device),
        points=None if whole is None else _points(whole, config, device),
        text=None if whole is None else _text(whole, config, words, subject, device),
    )
    if not found.senses:
        raise ConfigError(f"The clip has none of the model's senses: {', '.join(config.senses)}.")
    return found


def tokens_of(inputs: Inputs, encoders: nn.ModuleDict, senses: Sequence[Sense]) -> dict[Sense, SenseTokens]:
    """Return the tokens of some senses before they go through their encoders."""
    found: dict[Sense, SenseTokens] = {}
    for sense in senses:
        encoder = encoders[sense]
        if isinstance(encoder, PatchedSense):
            found[sense] = encoder.tokens(inputs.video if sense == "video" else inputs.audio)  # type: ignore[arg-type]
        elif isinstance(encoder, MotionSense) and inputs.motion is not None:
            found[sense] = encoder.tokens(inputs.motion)
        elif isinstance(encoder, PointSense) and inputs.points is not None:
            found[sense] = encoder.tokens(inputs.points)
        elif isinstance(encoder, TextSense) and inputs.text is not None:
            found[sense] = encoder.tokens(*inputs.text)
    return found


def encoded(tokens: Mapping[Sense, SenseTokens], encoders: nn.ModuleDict, until: int) -> dict[Sense, SenseTokens]:
    """Return latents of the first moments; words belong to no moment and are all read."""
    return {sense: encoders[sense](part.until(until)) for sense, part in tokens.items()}


def _less(config: MultimodalConfig, senses: Sequence[Sense] | None, moments: int | None) -> MultimodalConfig:
    """Return the config of a model that looks at less."""
    moments = config.moments if moments is None else moments
    kept = config.senses if senses is None else tuple(sense for sense in config.senses if sense in senses)
    return replace(config, senses=kept, moments=moments, frames=moments * config.frames_of_moment)


def _subject(clip: Clip, config: MultimodalConfig) -> np.ndarray:
    """Return whom the camera follows in the frames that are looked at; without a camera nobody."""
    nobody = np.full(len(clip.dt_s), -1, np.int64)
    if not isinstance(clip, SensedClip) or config.camera not in clip.senses.video:
        return nobody
    looked_at = np.s_[:, : config.frames]
    frames = clip.senses.video[config.camera][looked_at]
    known = np.isfinite(frames.eye_m).all((1, 2)) & np.isfinite(frames.axes).all((1, 2, 3))
    return np.where(known, subject_of(frames, clip.observation[looked_at]), nobody) if known.any() else nobody


def _motion(scene: Scene, subject: Tensor, dt_s: Tensor, config: MultimodalConfig) -> Motion:
    at = torch.arange(len(subject), device=subject.device)
    mean = (scene.position_m[:, 0] * scene.alive[:, 0, :, None]).sum(1) / scene.alive[:, 0].sum(1).clamp(min=1)[:, None]
    centre = torch.where(subject[:, None] >= 0, scene.position_m[at, 0, subject.clamp(min=0)], mean)
    return motion_of(scene, dt_s, centre, config.moments, config.frames)


def _environments(clip: SensedClip | None, config: MultimodalConfig, batch: int) -> list[int]:
    """Return the row of each clip's environment, 0 where it is unknown."""
    names = clip.biome if clip is not None and clip.biome else ("",) * batch
    known = config.environment_names
    return [known.index(name) + 1 if name in known else 0 for name in names]


def _video(clip: SensedClip, config: MultimodalConfig, device: torch.device) -> Tensor | None:
    if "video" not in config.senses or not clip.senses.video:
        return None
    return normalised(pictures_of(clip, config.camera, (config.frames, config.pixels, config.pixels), device))


def _audio(clip: SensedClip, config: MultimodalConfig, device: torch.device) -> Tensor | None:
    if "audio" not in config.senses or not clip.senses.audio:
        return None
    wave = waves_of(clip, config.microphone, device)[:, : config.frames]
    heard = spectrogram_of(wave.flatten(0, 1), MOMENTS_OF_FRAME, config.bands)  # frames may be apart: each by itself
    return heard.unflatten(0, wave.shape[:2]).flatten(1, 2)[:, None, None]


def _points(clip: SensedClip, config: MultimodalConfig, device: torch.device) -> Clouds | None:
    """Return the cloud at the beginning of each moment."""
    if "points" not in config.senses or not clip.senses.points:
        return None
    begins = slice(0, config.frames, config.frames_of_moment)
    return clouds_of(clip, config.lidar, begins, range_m=config.range_m, fewest=0, device=device)


def _text(
    clip: SensedClip, config: MultimodalConfig, words: Words, subject: Tensor, device: torch.device
) -> tuple[Tensor, Tensor] | None:
    if "text" not in config.senses or not clip.said:
        return None
    seconds = clip.dt_s * config.frames
    rows = subject.tolist()
    told = [sentence_about(said, row, float(s)) for said, row, s in zip(clip.said, rows, seconds, strict=True)]
    if not any(told):
        return None
    return padded([words.encode(sentence) for sentence in told], config.words, device)

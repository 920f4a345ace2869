"""From a clip to what each sense perceives of it: tensors, and tokens by way of encoders.

Shape letters: b clips, t frames, c moments.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, Int64
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.core.records import Clip
from eco1.core.senses import SensedClip
from eco1.models.multimodal.bringing import (
    clouds_in,
    environments_of,
    followed_in,
    moves_in,
    pictures_in,
    sentences_in,
    sounds_in,
)
from eco1.models.multimodal.config import SENSES, SOUND_PATCHES, MultimodalConfig, Sense
from eco1.models.multimodal.encoders import MotionSense, PatchedSense, PointSense, TextSense
from eco1.models.multimodal.motion import FEATURES, Motion
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.multimodal.words import Words
from eco1.models.nn.points import Clouds
from eco1.sensors.scene import Scene, scene_of


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What is known of a batch of clips; None or absent what is not. ``subject`` is the row of each, -1 nobody's.

    ``led`` are those who are told what to do: they are perceived, but what they do so is not their own.
    """

    scene: Scene
    motion: Motion | None
    subject: Int[Tensor, " b"]
    environment: Int[Tensor, " b"]
    dt_s: Float[Tensor, " b"]
    led: Bool[Tensor, "b t n"] | None = None
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
    subject: Int64[np.ndarray, " b"] | None = None,
) -> Inputs:
    """Return what a model perceives of a clip, of the senses that are both its own and there.

    Args:
        clip: what was recorded.
        config: of the model.
        words: its tokenizer.
        device: where it lives.
        senses: the ones to look at; all of the model's when not said.
        moments: how many of them, the first; all when not said.
        subject: the row of whom each clip is about, -1 nobody's; when not said, of whom the camera follows.

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
    row = torch.from_numpy(followed_in(clip, config) if subject is None else subject).to(device)
    dt_s = torch.as_tensor(clip.dt_s, device=device)
    whole = clip if isinstance(clip, SensedClip) else None
    found = Inputs(
        scene=scene,
        motion=moves_in(scene, row, dt_s, config) if "motion" in config.senses else None,
        subject=row,
        environment=torch.tensor(environments_of(whole, config, len(clip.dt_s)), device=device),
        dt_s=dt_s,
        led=None if clip.action is None else torch.from_numpy(clip.action.controlled).to(device),
        video=None if whole is None else pictures_in(whole, config, device),
        audio=None if whole is None else sounds_in(whole, config, device),
        points=None if whole is None else clouds_in(whole, config, device),
        text=None if whole is None else sentences_in(whole, config, words, row, device),
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

"""What a model is shown of a clip: pictures, video or a spectrogram as (b, t, c, y, x)."""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import Clip
from eco1.core.senses import SensedClip
from eco1.models.jepa.config import JepaConfig
from eco1.models.nn.spectrogram import log_mel

# Our choice: the middle of the range, and a quarter of it.
_MIDDLE, _SPREAD = 0.5, 0.25


def view_of(clip: Clip, config: JepaConfig, device: torch.device) -> Float[Tensor, "b t c y x"]:
    """Return the part of a clip that a model looks at.

    Raises:
        ConfigError: when the clip has no such sense, or is too short or of another size.
        UnknownNameError: when it lacks the instrument.
    """
    if config.sense == "sound":
        return _heard(sensed(clip), config, device)
    return normalised(pictures_of(clip, config.instrument, config.size, device))


def sensed(clip: Clip) -> SensedClip:
    """Return the clip, which must hold what instruments brought back.

    Raises:
        ConfigError: when it does not.
    """
    if not isinstance(clip, SensedClip):
        raise ConfigError(
            "The clip has no pictures, sounds or points. Ask the sampler for them: ClipSampler(senses=...)."
        )
    return clip


def pictures_of(
    clip: Clip, instrument: str, size: tuple[int, int, int], device: torch.device
) -> Float[Tensor, "b t 3 y x"]:
    """Return the first frames of a clip, 0 to 1; ``size`` is frames, rows and columns. Raises as ``view_of``."""
    video = sensed(clip).senses.video
    if instrument not in video:
        raise unknown_name("camera", instrument, video)
    rgb = torch.as_tensor(video[instrument].rgb, device=device)
    frames, rows, columns = size
    if rgb.shape[1] < frames or rgb.shape[2:4] != (rows, columns):
        raise ConfigError(
            f"The model looks at {frames} frames of {rows} x {columns} pixels; the clip has {rgb.shape[1]} of "
            f"{rgb.shape[2]} x {rgb.shape[3]}. Record with --camera-px {rows} and cut clips of {frames} frames."
        )
    return rgb[:, :frames].movedim(-1, -3).float() / 255.0


def normalised(pictures: Float[Tensor, "*b 3 y x"]) -> Float[Tensor, "*b 3 y x"]:
    """Return pictures (0 to 1) as encoders see them."""
    return (pictures - _MIDDLE) / _SPREAD


def _heard(clip: SensedClip, config: JepaConfig, device: torch.device) -> Float[Tensor, "b 1 1 y x"]:
    if config.instrument not in clip.senses.audio:
        raise unknown_name("microphone", config.instrument, clip.senses.audio)
    samples = clip.senses.audio[config.instrument].samples
    wave = torch.as_tensor(samples, device=device).float().mean(2).flatten(1) / 2**15
    _, moments, bands = config.size
    spectrogram = log_mel(wave, bands)
    if spectrogram.shape[1] < moments:
        raise ConfigError(
            f"The model hears {moments} moments of 10 ms; the clip has {spectrogram.shape[1]}. Cut longer clips."
        )
    return spectrogram[:, None, None, :moments]

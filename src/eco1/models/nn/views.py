"""What a model is shown of a clip: pictures and sounds as tensors.

Shape letters: b clips, t frames, c channels, y rows, x columns, m moments of 10 ms, f bands.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.errors import ConfigError, unknown_name
from eco1.core.records import Clip
from eco1.core.senses import Frames, SensedClip, Sound
from eco1.models.nn.spectrogram import log_mel

# Our choice: the middle of the range, and a quarter of it.
_MIDDLE, _SPREAD = 0.5, 0.25
# Mean and standard deviation of log-mel power on 50 recordings of the five biomes, rounded.
_HEARD_MIDDLE, _HEARD_SPREAD = -12.0, 3.0


def sensed(clip: Clip) -> SensedClip:
    """Return the clip as one with senses.

    Raises:
        ConfigError: when it has none.
    """
    if not isinstance(clip, SensedClip):
        raise ConfigError(
            "The clip has no pictures, sounds or points. Ask the sampler for them: ClipSampler(senses=...)."
        )
    return clip


def pictures_of(
    clip: Clip, camera: str, size: tuple[int, int, int], device: torch.device
) -> Float[Tensor, "b t 3 y x"]:
    """Return the first frames of a camera, 0 to 1; ``size`` is frames, rows and columns.

    Raises:
        UnknownNameError: when the clip lacks the camera.
        ConfigError: when it has no senses, fewer frames, or pictures of another size.
    """
    video = sensed(clip).senses.video
    if camera not in video:
        raise unknown_name("camera", camera, video)
    shown: Frames = video[camera]
    rgb = torch.as_tensor(shown.rgb, device=device)
    frames, rows, columns = size
    if rgb.shape[1] < frames or rgb.shape[2:4] != (rows, columns):
        raise ConfigError(
            f"The model looks at {frames} frames of {rows} x {columns} pixels; the clip has {rgb.shape[1]} of "
            f"{rgb.shape[2]} x {rgb.shape[3]}. Record with --camera-px {rows} and cut clips of {frames} frames."
        )
    return rgb[:, :frames].movedim(-1, -3).float() / 255.0


def normalised(pictures: Float[Tensor, "*b 3 y x"]) -> Float[Tensor, "*b 3 y x"]:
    """Return pictures (0 to 1) as encoders see them, about -2 to 2."""
    return (pictures - _MIDDLE) / _SPREAD


def waves_of(clip: Clip, microphone: str, device: torch.device) -> Float[Tensor, "b t s"]:
    """Return what a microphone heard in each frame, its ears averaged, in [-1, 1].

    Raises:
        UnknownNameError: when the clip lacks the microphone.
        ConfigError: when it has no senses, or samples are not finite numbers.
    """
    audio = sensed(clip).senses.audio
    if microphone not in audio:
        raise unknown_name("microphone", microphone, audio)
    heard: Sound = audio[microphone]
    wave = torch.as_tensor(heard.samples, device=device).float().mean(2) / 2**15
    if not bool(wave.isfinite().all()):
        raise ConfigError(f"Microphone {microphone!r} has samples that are no numbers (NaN). Replace them by 0.")
    return wave


def spectrogram_of(wave: Float[Tensor, "b s"], moments: int, bands: int) -> Float[Tensor, "b m f"]:
    """Return a log-mel spectrogram of about mean 0 and deviation 1 over recordings.

    Raises:
        ConfigError: when the wave is too short.
    """
    spectrogram = log_mel(wave, bands)
    if spectrogram.shape[1] < moments:
        raise ConfigError(
            f"The model hears {moments} moments of 10 ms; the clip has {spectrogram.shape[1]}. Cut longer clips."
        )
    return (spectrogram[:, :moments] - _HEARD_MIDDLE) / _HEARD_SPREAD

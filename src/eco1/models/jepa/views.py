"""What a model is shown of a clip: pictures, video or a spectrogram as (b, t, c, y, x)."""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.records import Clip
from eco1.models.jepa.config import JepaConfig
from eco1.models.nn.views import normalised, pictures_of, spectrogram_of, waves_of


def view_of(clip: Clip, config: JepaConfig, device: torch.device) -> Float[Tensor, "b t c y x"]:
    """Return the part of a clip that a model looks at.

    Raises:
        ConfigError: when the clip has no such sense, or is too short or of another size.
        UnknownNameError: when it lacks the instrument.
    """
    if config.sense != "sound":
        return normalised(pictures_of(clip, config.instrument, config.size, device))
    _, moments, bands = config.size
    wave = waves_of(clip, config.instrument, device).flatten(1)
    return spectrogram_of(wave, moments, bands)[:, None, None]

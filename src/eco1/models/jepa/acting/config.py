"""What an action-conditioned model of video is made of."""

from dataclasses import dataclass

from eco1.core.errors import ConfigError
from eco1.models.jepa.config import JepaConfig
from eco1.models.nn.vit.config import ViTConfig

_FEWEST = 3  # two steps are rolled out
_HIDDEN = 4


@dataclass(frozen=True, kw_only=True)
class VJepaAcConfig:
    """V-JEPA 2-AC (arXiv 2506.09985, section 3): a predictor on top of a frozen ``encoder`` of pictures or video.

    ``frames`` are learned from at once, ``dt_s`` apart; the last is only foretold, so one fewer are kept in mind.
    ``width``, ``layers`` and ``heads`` are the predictor's.

    Raises:
        ConfigError: when sizes do not fit each other, or the encoder is one of sounds.
    """

    encoder: JepaConfig
    dt_s: float
    frames: int = 8
    width: int = 96
    layers: int = 4
    heads: int = 4
    kind: str = "vjepa2_ac"

    def __post_init__(self) -> None:
        if self.encoder.sense == "sound":
            raise ConfigError("A camera sees: give an encoder of pictures or video (JepaConfig.v_jepa), not of sound.")
        if self.frames < _FEWEST:
            raise ConfigError(f"{self.frames} frames are too few to look two steps ahead. Take {_FEWEST} or more.")
        _ = self.predictor  # refuses what does not fit

    @property
    def predictor(self) -> ViTConfig:
        """Return the size of the predictor."""
        return ViTConfig(width=self.width, layers=self.layers, heads=self.heads, hidden=_HIDDEN * self.width)

    @property
    def size(self) -> tuple[int, int, int]:
        """Return frames, rows and columns of what is learned from."""
        return self.frames, *self.encoder.size[1:]

"""What a joint-embedding predictive model of one sense is made of."""

from dataclasses import dataclass
from typing import Literal, Self

from eco1.core.errors import ConfigError
from eco1.models.jepa.stacks import Stacks
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.patches import grid_of

Sense = Literal["picture", "video", "sound"]
Masks = Literal["blocks", "tubes", "curriculum"]


@dataclass(frozen=True, kw_only=True)
class JepaConfig(Stacks):
    """One model of pictures, video or sound.

    A clip has ``size`` (frames, rows, columns), cut into boxes of ``patch``; of a spectrogram rows are moments and
    columns bands. ``instrument`` names the camera or microphone. ``masks`` says what is hidden: "blocks" (I-JEPA),
    "tubes" (V-JEPA), or "curriculum" (A-JEPA, from random blocks to whole moments and bands).

    While it learns, it sees random crops of pictures that have at least ``least_area`` of the whole.

    Raises:
        ConfigError: when sizes do not fit each other.
    """

    sense: Sense
    instrument: str
    size: tuple[int, int, int]
    patch: tuple[int, int, int]
    masks: Masks
    positions: Literal["turned", "added"] = "turned"
    smooth: bool = False
    curriculum_steps: int = 1000
    least_area: float = 1.0
    kind: str = "jepa"

    def __post_init__(self) -> None:
        if not 0 < self.least_area <= 1 or (self.sense == "sound" and self.least_area < 1):
            raise ConfigError(
                f"least_area is {self.least_area}; crops of pictures have a share of their area from above 0 to 1, "
                "and a spectrogram is not cropped."
            )
        _ = self.grid, self.encoder, self.predictor  # each refuses what does not fit

    @property
    def channels(self) -> int:
        """Return the numbers per pixel."""
        return 1 if self.sense == "sound" else 3

    @property
    def grid(self) -> tuple[int, int, int]:
        """Return how many patches lie along time, rows and columns."""
        return grid_of(self.size, self.patch)

    @property
    def encoder(self) -> ViTConfig:
        """Return the size of the encoder."""
        return self.encoder_told(self.positions)

    @property
    def predictor(self) -> ViTConfig:
        """Return the size of the predictor."""
        return self.predictor_told(self.positions)

    @classmethod
    def i_jepa(cls, *, instrument: str, pixels: int, patch: int = 8, **settings: object) -> Self:
        """Return I-JEPA: single pictures, four blocks to predict (arXiv 2301.08243)."""
        fixed = {"sense": "picture", "masks": "blocks", "positions": "added", "smooth": True}
        size, box = (1, pixels, pixels), (1, patch, patch)
        return cls(**{**fixed, "instrument": instrument, "size": size, "patch": box, **settings})  # type: ignore[arg-type]

    @classmethod
    def v_jepa(cls, *, instrument: str, pixels: int, frames: int = 16, patch: int = 16, **settings: object) -> Self:
        """Return V-JEPA 2: video in tubelets of two frames, multi-block masks (arXiv 2506.09985)."""
        fixed = {"sense": "video", "masks": "tubes"}
        size, box = (frames, pixels, pixels), (2, patch, patch)
        return cls(**{**fixed, "instrument": instrument, "size": size, "patch": box, **settings})  # type: ignore[arg-type]

    @classmethod
    def a_jepa(
        cls, *, instrument: str, moments: int = 128, bands: int = 64, patch: int = 16, **settings: object
    ) -> Self:
        """Return A-JEPA: log-mel spectrograms, masks that become harder (arXiv 2311.15830)."""
        fixed = {"sense": "sound", "masks": "curriculum", "positions": "added"}
        size, box = (1, moments, bands), (1, patch, patch)
        return cls(**{**fixed, "instrument": instrument, "size": size, "patch": box, **settings})  # type: ignore[arg-type]

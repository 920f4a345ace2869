"""What a joint-embedding predictive model of point clouds is made of."""

from dataclasses import dataclass
from typing import Literal

from eco1.core.errors import ConfigError
from eco1.models.jepa.stacks import Stacks
from eco1.models.nn.vit.config import ViTConfig


@dataclass(frozen=True, kw_only=True)
class PointJepaConfig(Stacks):
    """Point-JEPA (Saito et al. 2024, arXiv 2404.16432), or in the form "3d" 3D-JEPA (Hu et al. 2024, arXiv 2409.15803).

    3D-JEPA hides blocks in space, not stretches of an order, feeds the context to every layer of the predictor, and
    goes by directions of latents.
    ``instrument`` names the lidar. Each cloud becomes ``centres`` tokens, each of the ``neighbours`` points nearest to
    a centre. Clouds are seen from their own middle, and ``range_m`` counts as 1 (half of how far the lidar reaches).

    Raises:
        ConfigError: when sizes do not fit each other, or the range is not above 0.
    """

    instrument: str
    centres: int = 64
    neighbours: int = 32
    range_m: float = 50.0
    form: Literal["point", "3d"] = "point"
    kind: str = "point_jepa"

    def __post_init__(self) -> None:
        _ = self.encoder, self.predictor  # each refuses what does not fit
        if self.range_m <= 0:
            raise ConfigError(
                f"range_m is {self.range_m:g}; allowed: above 0, such as half of how far the lidar reaches."
            )
        if self.centres < 2 or self.neighbours < 1:
            raise ConfigError(
                f"{self.centres} centres with {self.neighbours} neighbours make no task. Take 2 centres or more, and 1 "
                "neighbour or more (64 and 32 as published)."
            )

    @property
    def fewest_points(self) -> int:
        """Return how many points a cloud must have."""
        return max(self.centres, self.neighbours)

    @property
    def encoder(self) -> ViTConfig:
        """Return the size of the encoder."""
        return self.encoder_told("learned")

    @property
    def predictor(self) -> ViTConfig:
        """Return the size of the predictor."""
        return self.predictor_told("learned")

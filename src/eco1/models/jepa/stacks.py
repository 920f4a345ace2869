"""The two transformers that most joint-embedding models are made of, and what keeps their latents apart."""

from dataclasses import dataclass
from typing import Literal

from torch.nn import functional

from eco1.models.nn.vit.config import Positions, ViTConfig
from eco1.models.nn.vit.masked import Distance

Targets = Literal["slow", "sigreg"]
#: Weights of a model's terms. LeJEPA has one trade-off, 0.05 by default: arXiv 2511.08544.
TERM_WEIGHTS = {"slow": {"latent": 1.0}, "sigreg": {"latent": 0.95, "sigreg": 0.05}}
_HIDDEN = 4  # an MLP is so many times as wide as its tokens: arXiv 2010.11929, table 1


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """Sizes of an encoder and of the narrow predictor beside it.

    ``targets`` says what keeps latents from collapsing: "slow" targets come from a slow copy of the encoder, those of
    "sigreg" from the encoder itself, whose latents are made to look like a Gaussian (LeJEPA, arXiv 2511.08544).
    """

    width: int = 96
    layers: int = 4
    heads: int = 4
    predictor_width: int = 48
    predictor_layers: int = 2
    predictor_heads: int = 4
    targets: Targets = "slow"

    def distance(self, to_slow: Distance) -> Distance:
        """Return how errors are measured: squared in LeJEPA, whose latents have a known scale."""
        return functional.mse_loss if self.targets == "sigreg" else to_slow

    def encoder_told(self, positions: Positions) -> ViTConfig:
        """Return the size of an encoder whose tokens know their places in this way."""
        return ViTConfig(
            width=self.width, layers=self.layers, heads=self.heads, hidden=_HIDDEN * self.width, positions=positions
        )

    def predictor_told(self, positions: Positions) -> ViTConfig:
        """Return the size of a predictor whose tokens know their places in this way."""
        return ViTConfig(
            width=self.predictor_width,
            layers=self.predictor_layers,
            heads=self.predictor_heads,
            hidden=_HIDDEN * self.predictor_width,
            positions=positions,
        )

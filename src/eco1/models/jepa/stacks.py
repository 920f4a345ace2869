"""The two transformers that most joint-embedding models are made of."""

from dataclasses import dataclass

from eco1.models.nn.vit.config import Positions, ViTConfig

_HIDDEN = 4  # an MLP is so many times as wide as its tokens: arXiv 2010.11929, table 1


@dataclass(frozen=True, kw_only=True)
class Stacks:
    """Sizes of an encoder and of the narrow predictor beside it."""

    width: int = 96
    layers: int = 4
    heads: int = 4
    predictor_width: int = 48
    predictor_layers: int = 2
    predictor_heads: int = 4

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

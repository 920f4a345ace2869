"""Tokens that know where they are, on their way through layers.

Shape letters: b clips, n tokens, d width.
"""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from eco1.models.nn.rope import Rotation
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.patches import Tokens
from eco1.models.nn.vit.positions import axial_rotation, sines

_LEARNED_WIDTH = 128  # Point-JEPA, arXiv 2404.16432, after Point-MAE, arXiv 2203.06604


class Places(nn.Module):
    """Tells tokens where they are, in the way that the config asks for."""

    def __init__(self, config: ViTConfig) -> None:
        super().__init__()
        self.config = config
        self.learned: nn.Sequential | None = None
        if config.positions == "learned":
            self.learned = nn.Sequential(
                nn.Linear(3, _LEARNED_WIDTH), nn.GELU(), nn.Linear(_LEARNED_WIDTH, config.width)
            )

    def forward(self, tokens: Tokens) -> tuple[Float[Tensor, "b n d"], Rotation | None]:
        """Return tokens that know their place, or a rotation that tells them in every layer."""
        if self.learned is not None:
            return tokens.value + self.learned(tokens.position.to(tokens.value.dtype)), None
        if self.config.positions == "added":
            return tokens.value + sines(tokens.position, self.config.width).to(tokens.value.dtype), None
        return tokens.value, axial_rotation(tokens.position, self.config.head_dim).over_heads()


def through(
    layers: nn.ModuleList, places: Places, tokens: Tokens, allowed: Bool[Tensor, "*m n n"] | None = None
) -> Float[Tensor, "b n d"]:
    """Return tokens behind the last of some layers; each asks those it is ``allowed`` to (None: all)."""
    x, rotation = places(tokens)
    for layer in layers:
        x = layer(x, rotation, allowed)
    return x

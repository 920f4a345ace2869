"""The encoder of a vision transformer.

Shape letters: b clips, n tokens, d width.
"""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from eco1.models.nn.rope import Rotation
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.layer import Layer
from eco1.models.nn.vit.patches import Tokens
from eco1.models.nn.vit.positions import axial_rotation, sines


def through(
    layers: nn.ModuleList, config: ViTConfig, tokens: Tokens, allowed: Bool[Tensor, "*m n n"] | None = None
) -> Float[Tensor, "b n d"]:
    """Return tokens behind the last of some layers, all told where they are; each looks where it is ``allowed``."""
    x, rotation = _placed(config, tokens)
    for layer in layers:
        x = layer(x, rotation, allowed)
    return x


def _placed(config: ViTConfig, tokens: Tokens) -> tuple[Float[Tensor, "b n d"], Rotation | None]:
    """Return tokens that know where they are, or a rotation that will tell them in every layer."""
    if config.positions == "added":
        return tokens.value + sines(tokens.position, config.width).to(tokens.value.dtype), None
    return tokens.value, axial_rotation(tokens.position, config.head_dim).over_heads()


class Encoder(nn.Module):
    """Layers and a last norm over any choice of tokens."""

    def __init__(self, config: ViTConfig) -> None:
        super().__init__()
        self.config = config
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, eps=config.eps)

    def forward(self, tokens: Tokens, allowed: Bool[Tensor, "*m n n"] | None = None) -> Float[Tensor, "b n d"]:
        """Return a latent per token; each knows of the given ones that it is ``allowed`` to see, and of no others."""
        return self.norm(through(self.layers, self.config, tokens, allowed))

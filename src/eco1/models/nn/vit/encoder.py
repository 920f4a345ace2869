"""The encoder of a vision transformer.

Shape letters: b clips, n tokens, d width.
"""

from jaxtyping import Bool, Float
from torch import Tensor, nn

from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.layer import Layer
from eco1.models.nn.vit.patches import Tokens
from eco1.models.nn.vit.places import Places, through


class Encoder(nn.Module):
    """Layers and a last norm over any choice of tokens."""

    def __init__(self, config: ViTConfig) -> None:
        super().__init__()
        self.config = config
        self.places = Places(config)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, eps=config.eps)

    def forward(self, tokens: Tokens, allowed: Bool[Tensor, "*m n n"] | None = None) -> Float[Tensor, "b n d"]:
        """Return a latent per token; each knows of the given ones that it is ``allowed`` to see, and of no others."""
        return self.norm(through(self.layers, self.places, tokens, allowed))

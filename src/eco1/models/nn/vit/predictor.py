"""The predictor of a joint-embedding model: from latents of a context to latents of what it does not show.

Shape letters: b clips, n tokens of the context, m tokens asked for, d width of the latents, w width of the predictor.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.layer import Layer
from eco1.models.nn.vit.patches import Tokens
from eco1.models.nn.vit.places import Places, through


class Predictor(nn.Module):
    """A narrow transformer over the context and a mask token for each place asked for.

    I-JEPA, arXiv 2301.08243, section 3; V-JEPA 2, arXiv 2506.09985, with a mask token per kind of mask, zero at first.
    """

    def __init__(self, config: ViTConfig, latent_width: int, mask_kinds: int = 1) -> None:
        super().__init__()
        self.config = config
        self.places = Places(config)
        self.enter = nn.Linear(latent_width, config.width)
        self.mask_tokens = nn.Parameter(torch.zeros(mask_kinds, config.width))
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(config.width, eps=config.eps)
        self.leave = nn.Linear(config.width, latent_width)

    def forward(self, context: Tokens, asked: Float[Tensor, "b m 3"], kind: int = 0) -> Float[Tensor, "b m d"]:
        """Return the latents expected at the places ``asked``; ``kind`` is the number of the mask they come from."""
        blank = self.mask_tokens[kind].expand(*asked.shape[:2], -1)
        value = torch.cat([self.enter(context.value), blank], dim=1)
        tokens = Tokens(value=value, position=torch.cat([context.position, asked], dim=1))
        return self.leave(self.norm(self.passed(tokens, context.value.shape[1])))

    def passed(self, tokens: Tokens, given: int) -> Float[Tensor, "b m w"]:
        """Return what is asked for, behind the last layer; the first ``given`` tokens are the context."""
        return through(self.layers, self.places, tokens)[:, given:]


class FedPredictor(Predictor):
    """Feeds the same context to every layer: what the encoder must know is its meaning, not what is asked of it.

    The context-aware decoder of 3D-JEPA, arXiv 2409.15803.
    """

    def passed(self, tokens: Tokens, given: int) -> Float[Tensor, "b m w"]:
        """Return what is asked for, behind the last layer; the first ``given`` tokens are the context."""
        whole, rotation = self.places(tokens)
        context, asked = whole[:, :given], whole[:, given:]
        for layer in self.layers:
            asked = layer(torch.cat([context, asked], dim=1), rotation)[:, given:]
        return asked

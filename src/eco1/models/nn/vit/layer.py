"""One layer of a vision transformer.

Shape letters: b sequences, t tokens, d width, h size of a head.
"""

from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.attention import attention_in_full, fused_is_slow
from eco1.models.nn.rope import Rotation
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.positions import rotate_pairs


class SelfAttention(nn.Module):
    """Every token asks all others: Vaswani et al. (2017), arXiv 1706.03762."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(
        self, x: Float[Tensor, "b t d"], rotation: Rotation | None, allowed: Bool[Tensor, "*m t t"] | None
    ) -> Float[Tensor, "b t d"]:
        """Return what each token gathers from those it is ``allowed`` to ask (None: all)."""
        parts = self.qkv(x).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        asking = parts[:2] if rotation is None else rotate_pairs(parts[:2], rotation)
        (query, key), value = asking.unbind(), parts[2]
        attend = attention_in_full if fused_is_slow(query) else functional.scaled_dot_product_attention
        mixed = attend(query, key, value, allowed)
        return self.out(mixed.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """Attention and an MLP, each on normalised tokens and added to them."""

    def __init__(self, config: ViTConfig) -> None:
        super().__init__()
        self.attention_norm = nn.LayerNorm(config.width, eps=config.eps)
        self.attention = SelfAttention(config.width, config.heads)
        self.mlp_norm = nn.LayerNorm(config.width, eps=config.eps)
        self.widen = nn.Linear(config.width, config.hidden)
        self.narrow = nn.Linear(config.hidden, config.width)

    def forward(
        self, x: Float[Tensor, "b t d"], rotation: Rotation | None, allowed: Bool[Tensor, "*m t t"] | None = None
    ) -> Float[Tensor, "b t d"]:
        """Return the tokens one layer further."""
        x = x + self.attention(self.attention_norm(x), rotation, allowed)
        return x + self.narrow(functional.gelu(self.widen(self.mlp_norm(x))))

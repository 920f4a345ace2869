"""An animal listens to those around it.

Shape letters: m animals x frames, k neighbours, d width of the model, w width of a neighbour.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.mlp import SwiGLU
from eco1.models.nn.norm import RMSNorm


class NeighbourAttention(nn.Module):
    """An animal asks its neighbours. A silent extra neighbour (logit 0, value 0) lets it listen to nobody."""

    def __init__(self, width: int, neighbour_width: int, heads: int, kv_heads: int, head_dim: int) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, head_dim
        inner = heads * head_dim
        self.norm = RMSNorm(width)
        self.query = nn.Linear(width, inner, bias=False)
        self.key_value = nn.Linear(neighbour_width, 2 * kv_heads * head_dim, bias=False)
        self.out = nn.Linear(inner, width, bias=False)
        self.mlp_norm = RMSNorm(width)
        self.mlp = SwiGLU(width, width)

    def forward(
        self, x: Float[Tensor, "m d"], others: Float[Tensor, "m k w"], present: Bool[Tensor, "m k"]
    ) -> Float[Tensor, "m d"]:
        """Return tokens that have heard their neighbours."""
        x = x + self._listen(self.norm(x), others, present)
        return x + self.mlp(self.mlp_norm(x))

    def _listen(self, x: Tensor, others: Tensor, present: Tensor) -> Tensor:
        """Keys and values are never formed: their maps are applied to the few queries and sums, not to every neighbour.

        The identity is that of multi-head latent attention, DeepSeek-V2 (arXiv 2405.04434, section 2.1.2).
        """
        group = self.heads // self.kv_heads
        to_key, to_value = self.key_value.weight.view(2, self.kv_heads, self.head_dim, -1).unbind()
        query = self.query(x).unflatten(-1, (self.kv_heads, group, self.head_dim))
        asked = torch.einsum("mgrh,ghw->mgrw", query, to_key).flatten(1, 2)
        logits = (asked @ others.transpose(-1, -2)) * self.head_dim**-0.5
        logits = logits.masked_fill(~present[:, None], -torch.inf)
        share = functional.pad(logits, (0, 1)).softmax(-1)[..., :-1]
        heard = (share.to(others.dtype) @ others).unflatten(1, (self.kv_heads, group))
        return self.out(torch.einsum("mgrw,ghw->mgrh", heard, to_value).flatten(1))

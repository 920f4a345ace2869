"""RMS normalisation: Zhang & Sennrich (2019), arXiv 1910.07467."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class RMSNorm(nn.Module):
    """Scale vectors to root-mean-square 1, then by a learned gain. ``eps`` as in Qwen3 (arXiv 2505.09388)."""

    def __init__(self, width: int, eps: float = 1e-6) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Float[Tensor, "*b d"]) -> Float[Tensor, "*b d"]:
        """Return the normalised vectors."""
        return rms_normalised(x, self.eps) * self.weight.to(x.dtype)


def rms_normalised(x: Float[Tensor, "*b d"], eps: float) -> Float[Tensor, "*b d"]:
    """Return vectors of root-mean-square 1; the square is summed in float32 whatever comes in.

    The square is a product: on a CPU the gradient of a power costs several times more.
    """
    wide = x.float()
    scale = ((wide * wide).mean(-1, keepdim=True) + eps).rsqrt()
    return x * scale.to(x.dtype)

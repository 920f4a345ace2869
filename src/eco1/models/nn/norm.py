"""RMS normalisation, Zhang & Sennrich (2019), arXiv 1910.07467, and normalisation of the channels of pictures."""

from typing import Any

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
        return rms_normalised(x, self.weight, self.eps)


def over_channels(norm: nn.LayerNorm, x: Float[Tensor, "b c y x"]) -> Float[Tensor, "b c y x"]:
    """Return pictures whose channels are normalised pixel by pixel."""
    return norm(x.movedim(1, -1)).movedim(-1, 1)


def rms_normalised(x: Float[Tensor, "*b d"], gain: Float[Tensor, "*g d"], eps: float) -> Float[Tensor, "*b d"]:
    """Return vectors of root-mean-square 1 times their gain, which broadcasts against ``x``.

    The square is summed in float32 whatever comes in. A compiler joins the steps of a gradient itself.
    """
    if torch.is_grad_enabled() and not torch.compiler.is_compiling():
        return _Normalised.apply(x, gain, eps)
    return x * _scale(x, eps).to(x.dtype) * gain.to(x.dtype)


def _scale(x: Float[Tensor, "*b d"], eps: float) -> Float[Tensor, "*b 1"]:
    """The square is a product: on a CPU the gradient of a power costs several times more."""
    wide = x.float()
    return ((wide * wide).mean(-1, keepdim=True) + eps).rsqrt()


class _Normalised(torch.autograd.Function):
    """The same with its gradient by hand, in a third less time: a chain of small steps reads memory once for each."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, gain: Tensor, eps: float) -> Tensor:
        scale = _scale(x, eps)
        ctx.save_for_backward(x, gain, scale)
        return (x * scale.to(x.dtype)).mul_(gain.to(x.dtype))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None]:
        """With n the normalised vector and u its gradient: d x = scale * (u - n * mean(u * n))."""
        x, gain, scale = ctx.saved_tensors
        (gradient,) = gradients
        normal = x.float() * scale
        by_gain = gradient * normal
        share = (by_gain * gain).mean(-1, keepdim=True)
        by_x = torch.addcmul(gradient.float() * gain, normal, share, value=-1).mul_(scale)
        return by_x.to(x.dtype), by_gain.sum_to_size(gain.shape).to(gain.dtype), None

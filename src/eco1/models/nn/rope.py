"""Rotary position embedding, Su et al. (2021), arXiv 2104.09864, with halves paired as in GPT-NeoX and Qwen3."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Rotation:
    """Cosine and sine of every position's angles, each repeated over both halves of a head."""

    cos: Float[Tensor, "*b t h"]
    sin: Float[Tensor, "*b t h"]

    def over_heads(self) -> "Rotation":
        """Return the rotation with an axis for heads before the tokens."""
        return Rotation(cos=self.cos.unsqueeze(-3), sin=self.sin.unsqueeze(-3))


def rotation_at(position: Int[Tensor, "*b t"], head_dim: int, theta: float) -> Rotation:
    """Return the rotation of integer positions.

    Angles are formed in float64: a brain that has lived for days has positions of millions, which float32 would blur.
    """
    exponent = torch.arange(0, head_dim, 2, device=position.device, dtype=torch.float64) / head_dim
    angle = position[..., None].double() * theta**-exponent
    angle = torch.cat([angle, angle], dim=-1)
    return Rotation(cos=angle.cos().float(), sin=angle.sin().float())


def rotate(x: Float[Tensor, "*b t h"], rotation: Rotation) -> Float[Tensor, "*b t h"]:
    """Return heads turned by their position; shapes of ``rotation`` broadcast against ``x``."""
    cos, sin = rotation.cos.to(x.dtype), rotation.sin.to(x.dtype)
    if torch.is_grad_enabled() and not torch.compiler.is_compiling():  # which joins the steps of a gradient itself
        return _Turned.apply(x, cos, sin)
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat([-second, first], dim=-1) * sin


def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Each half of a head takes its share of the other in place, so that nothing is joined anew."""
    half = x.shape[-1] // 2
    turned = x * cos
    turned[..., :half] -= x[..., half:] * sin[..., :half]
    turned[..., half:] += x[..., :half] * sin[..., half:]
    return turned


class _Turned(torch.autograd.Function):
    """The gradient is turned back."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        ctx.save_for_backward(cos, sin)
        return _turned(x, cos, sin)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        cos, sin = ctx.saved_tensors
        return _turned(gradients[0], cos, -sin), None, None

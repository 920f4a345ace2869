"""Rotary position embedding, Su et al. (2021), arXiv 2104.09864, with halves paired as in GPT-NeoX and Qwen3."""

from dataclasses import dataclass

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
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat([-second, first], dim=-1)
    return x * rotation.cos.to(x.dtype) + turned * rotation.sin.to(x.dtype)

"""Where tokens are, told to a transformer.

Shape letters: t tokens, a axes (time, down, across), h size of a head, d width.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.models.nn.rope import Rotation

_THETA = 10_000.0


def axial_rotation(position: Float[Tensor, "*b t a"], head_dim: int) -> Rotation:
    """Return the rotation of positions that need not be whole numbers.

    Each axis has 2 * floor(h / 2a) channels of a head; what is left is not turned. The angles of an axis run through
    its channels twice, while ``rotate_pairs`` pairs neighbours: V-JEPA 2 was published so, and its weights depend on it
    (arXiv 2506.09985; facebookresearch/vjepa2). Sines have the sign with which a neighbour's channel is added.
    """
    axes = position.shape[-1]
    half = head_dim // axes // 2
    exponent = torch.arange(half, device=position.device, dtype=torch.float64) / max(half, 1)
    angle = (position.double()[..., None] * _THETA**-exponent).repeat(*[1] * position.ndim, 2).flatten(-2)
    still = angle.new_zeros(*angle.shape[:-1], head_dim - angle.shape[-1])
    angle = torch.cat([angle, still], dim=-1)
    sin = angle.sin()
    sin[..., ::2].neg_()
    return Rotation(cos=angle.cos().float(), sin=sin.float())


def rotate_pairs(x: Float[Tensor, "*b t h"], rotation: Rotation) -> Float[Tensor, "*b t h"]:
    """Return heads whose neighbouring channels are turned; shapes of ``rotation`` broadcast against ``x``."""
    neighbour = x.unflatten(-1, (-1, 2)).flip(-1).flatten(-2)
    return torch.addcmul(x * rotation.cos.to(x.dtype), neighbour, rotation.sin.to(x.dtype))


def sines(position: Float[Tensor, "*b t a"], width: int) -> Float[Tensor, "*b t d"]:
    """Return fixed sines and cosines, each axis with the same share of the width; what is left is 0.

    Vaswani et al. (2017), arXiv 1706.03762, section 3.5, axis by axis as in MAE, arXiv 2111.06377.
    """
    half = width // position.shape[-1] // 2
    exponent = torch.arange(half, device=position.device, dtype=torch.float64) / max(half, 1)
    angle = position.double()[..., None] * _THETA**-exponent
    told = torch.cat([angle.sin(), angle.cos()], dim=-1).flatten(-2)
    still = told.new_zeros(*told.shape[:-1], width - told.shape[-1])
    return torch.cat([told, still], dim=-1).float()

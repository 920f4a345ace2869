"""VICReg: latents of two views agree, yet vary and do not repeat each other.

Bardes et al. (2022), arXiv 2105.04906.

Shape letters: m latents, d width.
"""

from jaxtyping import Float
from torch import Tensor

#: Section 4.2 of the paper.
INVARIANCE, VARIANCE, COVARIANCE = 25.0, 25.0, 1.0
_LEAST_STD = 1.0  # gamma, as published
_EPSILON = 1e-4  # as published


def invariance(one: Float[Tensor, "m d"], other: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return the mean squared distance of two views (equation 5, per feature as in the authors' code)."""
    return (one - other).square().mean()


def variance(latents: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return by how much the standard deviations of features fall short of 1 (equations 1 and 2)."""
    return (_LEAST_STD - (latents.var(0) + _EPSILON).sqrt()).relu().mean()


def covariance(latents: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return the squared covariances of different features, per feature (equations 3 and 4)."""
    centred = latents - latents.mean(0)
    shared = centred.T @ centred / (latents.shape[0] - 1)
    return (shared.square().sum() - shared.diagonal().square().sum()) / latents.shape[1]

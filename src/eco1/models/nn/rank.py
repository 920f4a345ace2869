"""How many directions of a latent space are in use, and how far latents lie apart."""

from collections.abc import Mapping

import torch
from jaxtyping import Float, Int
from torch import Tensor

_EPSILON = 1e-7  # Garrido et al. (2023), section 3.1, for float32
_ROWS = 1024  # ours: enough to estimate a rank, few enough to look at every step


def effective_rank(latents: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return RankMe: the exponential of the entropy of the normalised singular values, 1 to min(m, d).

    Garrido et al. (2023), "RankMe", arXiv 2210.02885, equation 1. Without rows the rank is 0.
    """
    if latents.shape[0] == 0:
        return latents.new_zeros(())
    values = torch.linalg.svdvals(latents.float())
    share = values / values.sum().clamp_min(_EPSILON) + _EPSILON
    return (-(share * share.log()).sum()).exp()


def some_of(latents: Float[Tensor, "m d"], rows: int = _ROWS) -> Float[Tensor, "k d"]:
    """Return at most so many rows, always the same ones: those of ``some_numbers``."""
    count = latents.shape[0]
    return latents if count <= rows else latents[some_numbers(count, rows, latents.device)]


def some_numbers(count: int, most: int, device: torch.device | None = None) -> Int[Tensor, " k"]:
    """Return at most so many of the numbers below ``count``, always the same ones: one of each of equal stretches.

    It is another one in each, as every k-th row may be the same column of a grid throughout.
    """
    if count <= most:
        return torch.arange(count, device=device)
    stretch = torch.arange(most, device=device)
    return stretch * count // most + stretch % (count // most)


@torch.no_grad()
def collapse_monitors(latents: Float[Tensor, "m d"]) -> Mapping[str, Tensor]:
    """Return the mean standard deviation of the features, and RankMe of some rows."""
    return {"feature_std": feature_std(latents), "effective_rank": effective_rank(some_of(latents))}


def feature_std(latents: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return the mean standard deviation of the features; that of a single row is 0."""
    return latents.float().std(0).mean() if latents.shape[0] > 1 else latents.new_zeros(())

"""Has a latent space collapsed? The loss of a joint-embedding model cannot tell."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

_EPSILON = 1e-7  # Garrido et al. 2023, section 3


@dataclass(frozen=True, kw_only=True)
class CollapseReport:
    """``rank_me`` lies between 1 (one direction) and ``dimensions``; deviations are over rows, for each feature."""

    rows: int
    dimensions: int
    rank_me: float
    mean_std: float
    least_std: float


def evaluate_collapse(latent: Float[np.ndarray, "m d"]) -> CollapseReport:
    """Return the effective rank and spread of latents (M rows, D dimensions)."""
    std = latent.astype(np.float64).std(0)
    return CollapseReport(
        rows=len(latent),
        dimensions=latent.shape[1],
        rank_me=rank_me(latent),
        mean_std=float(std.mean()),
        least_std=float(std.min()),
    )


def rank_me(latent: Float[np.ndarray, "m d"]) -> float:
    """Return RankMe: the exponential of the entropy of the normalised singular values.

    Garrido et al. (2023), "RankMe", arXiv 2210.02885, equation 1.
    """
    values = np.linalg.svd(latent.astype(np.float64), compute_uv=False)
    share = values / max(float(values.sum()), 1e-12) + _EPSILON
    return float(np.exp(-(share * np.log(share)).sum()))

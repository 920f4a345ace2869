"""Has a latent space collapsed? The loss of a joint-embedding model cannot tell."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float

from eco1.models.nn.rank import effective_rank


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
        rank_me=float(effective_rank(torch.from_numpy(latent))),
        mean_std=float(std.mean()),
        least_std=float(std.min()),
    )

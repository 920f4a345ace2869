"""How well one sense finds the clip that another one perceived.

Shape letters: m clips, e numbers of an embedding.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """Shares of clips found at rank 1 and within the first 5 and 10, both ways averaged; chance is 1 / clips."""

    clips: int
    recall_1: float
    recall_5: float
    recall_10: float
    median_rank: float

    @property
    def times_chance(self) -> float:
        """Return how many times as often as by chance the right clip comes first."""
        return self.recall_1 * self.clips


def evaluate_retrieval(one: Float32[np.ndarray, "m e"], other: Float32[np.ndarray, "m e"]) -> Retrieval:
    """Return how well unit vectors of the same clips find each other. Ties and NaN count against."""
    likeness = one.astype(np.float64) @ other.astype(np.float64).T
    ranks = np.concatenate([_ranks(likeness), _ranks(likeness.T)])
    return Retrieval(
        clips=len(one),
        recall_1=float((ranks < 1).mean()),
        recall_5=float((ranks < 5).mean()),
        recall_10=float((ranks < 10).mean()),
        median_rank=float(np.median(ranks) + 1),
    )


def _ranks(likeness: np.ndarray) -> np.ndarray:
    """Return how many other clips are not farther than the right one, for each row."""
    return (~(likeness < np.diag(likeness)[:, None])).sum(1) - 1

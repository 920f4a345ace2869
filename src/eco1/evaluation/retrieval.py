"""How well one sense finds the clip that another one perceived.

Shape letters: m clips, g those of a gallery, e numbers of an embedding.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32


@dataclass(frozen=True, kw_only=True)
class Retrieval:
    """Shares of clips found at rank 1 and within the first 5 and 10, both ways averaged, over galleries of ``clips``.

    By chance one of ``clips`` is found at rank 1.
    """

    clips: int
    galleries: int
    recall_1: float
    recall_5: float
    recall_10: float
    median_rank: float

    @property
    def times_chance(self) -> float:
        """Return how many times as often as by chance the right clip comes first."""
        return self.recall_1 * self.clips


def evaluate_retrieval(
    one: Float32[np.ndarray, "m e"], other: Float32[np.ndarray, "m e"], among: int | None = None
) -> Retrieval:
    """Return how well unit vectors of the same clips find each other. Ties and NaN count against.

    Args:
        one: vectors of one sense.
        other: those of another.
        among: how many clips make a gallery, of which each is to be found; None takes all, a rest is left out.
    """
    clips = among or len(one)
    galleries = [slice(first, first + clips) for first in range(0, len(one) - clips + 1, clips)]
    ranks = np.concatenate([_ranks_both_ways(one[part], other[part]) for part in galleries])
    return Retrieval(
        clips=clips,
        galleries=len(galleries),
        recall_1=float((ranks < 1).mean()),
        recall_5=float((ranks < 5).mean()),
        recall_10=float((ranks < 10).mean()),
        median_rank=float(np.median(ranks) + 1),
    )


def _ranks_both_ways(one: Float32[np.ndarray, "g e"], other: Float32[np.ndarray, "g e"]) -> np.ndarray:
    likeness = one.astype(np.float64) @ other.astype(np.float64).T
    return np.concatenate([_ranks(likeness), _ranks(likeness.T)])


def _ranks(likeness: np.ndarray) -> np.ndarray:
    """Return how many other clips are not farther than the right one, for each row."""
    return (~(likeness < np.diag(likeness)[:, None])).sum(1) - 1

"""What a mask comes to: numbers of tokens.

Shape letters: b clips, n tokens, k shown, m hidden.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Generator, Tensor


@dataclass(frozen=True, kw_only=True)
class Split:
    """The tokens shown to the encoder, and one or more sets that are asked for; ``kind`` chooses the mask token."""

    shown: Int[Tensor, "b k"]
    hidden: tuple[Int[Tensor, "b _"], ...]
    kind: int = 0


def numbers_of(chosen: Bool[Tensor, "b n"], generator: Generator | None) -> Int[Tensor, "b k"]:
    """Return the numbers of chosen tokens in rising order, equally many for each clip.

    Clips with more than the fewest give some up at random, so that a batch stays one array.
    """
    fewest = max(int(chosen.sum(1).min()), 1)
    chance = torch.rand(chosen.shape, generator=generator, device=chosen.device)
    return torch.where(chosen, chance, -1.0).topk(fewest, dim=1).indices.sort(1).values


def never_empty(shown: Bool[Tensor, "b n"]) -> Bool[Tensor, "b n"]:
    """Show a clip's first and last token where nothing is left to see (few tokens)."""
    ends = torch.zeros_like(shown)
    ends[:, [0, -1]] = True
    return torch.where(shown.any(1, keepdim=True), shown, ends)


def uniform(low: float, high: float, generator: Generator | None) -> float:
    """Return a random number between two."""
    return low + (high - low) * float(torch.rand((), generator=generator))


def whole(most: int, generator: Generator | None, count: int = 1) -> list[int]:
    """Return whole numbers from 0 to ``most``, both included."""
    return torch.randint(most + 1, (count,), generator=generator).tolist()

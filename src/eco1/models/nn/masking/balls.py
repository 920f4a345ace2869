"""Masks of neighbourhoods in space: for point clouds, whose tokens know where they lie.

Shape letters: b clips, n tokens, k of them.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from eco1.models.nn.masking.split import Split, never_empty, numbers_of, uniform


@dataclass(frozen=True, kw_only=True)
class BallMasks:
    """3D-JEPA's: a block of what four target blocks leave, each asked for on its own (arXiv 2409.15803).

    A block is a token drawn at random with those nearest to it. Shares of all tokens are those of blocks in pictures
    (I-JEPA, arXiv 2301.08243, section 3), drawn once a batch; places are drawn for each clip.
    """

    targets: int = 4
    target_share: tuple[float, float] = (0.15, 0.2)
    context_share: tuple[float, float] = (0.85, 1.0)

    def draw(self, position: Float[Tensor, "b n 3"], generator: Generator | None) -> Split:
        """Return one task on tokens that lie there; the random numbers come from the CPU."""
        apart = torch.cdist(position, position).cpu()
        share = uniform(*self.target_share, generator)
        hidden = tuple(_block(apart, share, generator) for _ in range(self.targets))
        context = _chosen(apart, _block(apart, uniform(*self.context_share, generator), generator))
        shown = never_empty(context & ~torch.stack([_chosen(apart, block) for block in hidden]).any(0))
        return Split(shown=numbers_of(shown, generator), hidden=hidden)


def _block(apart: Float[Tensor, "b n n"], share: float, generator: Generator | None) -> Int[Tensor, "b k"]:
    """Return a token of each clip with those nearest to it, so large a share of all."""
    clips, tokens, _ = apart.shape
    middle = torch.randint(tokens, (clips,), generator=generator)
    nearest = apart[torch.arange(clips), middle].argsort(dim=1, stable=True)
    return nearest[:, : max(round(share * tokens), 1)]


def _chosen(apart: Float[Tensor, "b n n"], numbers: Int[Tensor, "b k"]) -> Bool[Tensor, "b n"]:
    return torch.zeros(apart.shape[:2], dtype=torch.bool).scatter_(1, numbers, True)

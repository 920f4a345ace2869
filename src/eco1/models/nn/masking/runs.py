"""Masks of runs of tokens in a row: for point clouds, whose tokens stand in an order that keeps neighbours together.

Shape letters: b clips, n tokens, k shown.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor

from eco1.models.nn.masking.split import Split, never_empty, uniform, whole


@dataclass(frozen=True, kw_only=True)
class RunMasks:
    """Point-JEPA's: a run of what four target runs leave, each run asked for on its own (arXiv 2404.16432, section 4).

    Targets are shares of all tokens, the context one of those that no target took. Lengths are drawn once a batch,
    places for each clip.
    """

    targets: int = 4
    target_share: tuple[float, float] = (0.15, 0.2)
    context_share: tuple[float, float] = (0.4, 0.75)

    def draw(self, position: Float[Tensor, "b n 3"], generator: Generator | None) -> Split:
        """Return one task on tokens that lie there, neighbours in a row; the random numbers come from the CPU."""
        batch, tokens, _ = position.shape
        length = max(round(uniform(*self.target_share, generator) * tokens), 1)
        hidden = tuple(
            torch.tensor(whole(tokens - length, generator, batch))[:, None] + torch.arange(length)
            for _ in range(self.targets)
        )
        left = torch.ones(batch, tokens, dtype=torch.bool).scatter_(1, torch.cat(hidden, dim=1), False)
        return Split(shown=self._run_of(never_empty(left), generator), hidden=hidden)

    def _run_of(self, left: Bool[Tensor, "b n"], generator: Generator | None) -> Int[Tensor, "b k"]:
        """Return a run of what is left, equally long for each clip."""
        counts = left.sum(1)
        length = max(int(uniform(*self.context_share, generator) * int(counts.min())), 1)
        start = (torch.rand(left.shape[0], generator=generator) * (counts - length + 1)).long()
        in_order = (~left).int().argsort(dim=1, stable=True)
        return in_order.gather(1, start[:, None] + torch.arange(length))

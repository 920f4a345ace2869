"""What senses bring to a model: tokens moment by moment, for any choice of senses.

Shape letters: b clips, c moments, n tokens of a moment, d width.
"""

from dataclasses import dataclass
from math import ceil

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

from eco1.models.nn.vit.patches import Tokens


@dataclass(frozen=True, kw_only=True)
class SenseTokens:
    """Tokens of one sense. Those that are not ``real`` (no animal in a row, no further word) mean nothing."""

    value: Float[Tensor, "b c n d"]
    position: Float[Tensor, "b c n 3"]
    real: Bool[Tensor, "b c n"]

    def until(self, moments: int) -> "SenseTokens":
        """Return the tokens of the first moments."""
        return SenseTokens(
            value=self.value[:, :moments], position=self.position[:, :moments], real=self.real[:, :moments]
        )

    def fewer(self, share: float, generator: Generator | None) -> "SenseTokens":
        """Return a share of the tokens of each moment, drawn at random, in their order."""
        chance = torch.rand(self.real.shape, generator=generator).to(self.value.device)
        chosen = chance.topk(ceil(share * chance.shape[2]), dim=2).indices.sort(dim=2).values
        of_vectors, of_places = (chosen[..., None].expand(-1, -1, -1, size) for size in (self.value.shape[3], 3))
        return SenseTokens(
            value=self.value.gather(2, of_vectors),
            position=self.position.gather(2, of_places),
            real=self.real.gather(2, chosen),
        )

    def replaced(self, value: Float[Tensor, "b c n d"]) -> "SenseTokens":
        """Return other vectors at the same places."""
        return SenseTokens(value=value, position=self.position, real=self.real)

    def flat(self) -> Tokens:
        """Return all moments in a line."""
        return Tokens(value=self.value.flatten(1, 2), position=self.position.flatten(1, 2))

    def may_look(self, *, back: bool = False) -> Bool[Tensor, "b 1 k k"] | None:
        """Return which tokens each may look at: the real ones, and itself; None when all.

        With ``back`` only those of its own moment and of earlier ones.
        """
        real = self.real.flatten(1)
        if bool(real.all()) and not back:
            return None
        itself = torch.eye(real.shape[1], dtype=torch.bool, device=real.device)
        allowed = real[:, None, :] | itself
        if back:
            moment = torch.arange(self.real.shape[1], device=real.device).repeat_interleave(self.real.shape[2])
            allowed = allowed & (moment[:, None] >= moment)
        return allowed[:, None]

    def mean(self) -> Float[Tensor, "b c d"]:
        """Return the mean over the real tokens of each moment, 0 where there is none."""
        weight = self.real.to(self.value.dtype)[..., None]
        return (self.value * weight).sum(2) / weight.sum(2).clamp(min=1.0)

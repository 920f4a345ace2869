"""Several texts behind one trunk, read in one go: each sees the trunk and itself, as if the others were not there.

Shape letters: b sequences, t tokens.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Int
from torch import Tensor


@dataclass(frozen=True)
class Branches:
    """``number`` says which branch each token belongs to; 0 is the trunk, which comes first. Each lies in one piece."""

    number: Int[Tensor, "b t"]

    @property
    def may_see(self) -> Bool[Tensor, "b 1 t t"]:
        """Return which tokens each may look at: those before it of its own branch and of the trunk, and itself."""
        asks, asked = self.number[:, :, None], self.number[:, None]
        return (((asks == asked) | (asked == 0)).tril())[:, None]

    @property
    def position(self) -> Int[Tensor, "b t"]:
        """Return positions that go on behind the trunk in every branch."""
        place = torch.arange(self.number.shape[1], device=self.number.device).expand_as(self.number)
        begins = torch.ones_like(self.number, dtype=torch.bool)
        begins[:, 1:] = self.number[:, 1:] != self.number[:, :-1]
        since = place - torch.where(begins, place, 0).cummax(1).values
        trunk = (self.number == 0).sum(1, keepdim=True)
        return torch.where(self.number == 0, since, trunk + since)

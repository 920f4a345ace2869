"""One embedding per clip and sense, near to those of the same clip's other senses.

Contrastive, symmetric, with a learned temperature: CLIP (Radford et al. 2021, arXiv 2103.00020, section 2.3).

Shape letters: b clips, c moments, r summaries, d width, e embedding.
"""

from collections.abc import Mapping
from itertools import combinations
from math import log

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import MultimodalConfig, Sense

_FIRST_TEMPERATURE, _HIGHEST_SCALE = 0.07, 100.0  # as published


class Alignment(nn.Module):
    """Maps the summaries of each sense to one space."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        inner = config.summaries * config.width
        self.heads = nn.ModuleDict({sense: nn.Linear(inner, config.embedding) for sense in config.senses})
        self.log_scale = nn.Parameter(torch.tensor(log(1 / _FIRST_TEMPERATURE)))

    def embedded(self, sense: Sense, summaries: Float[Tensor, "b c r d"]) -> Float[Tensor, "b e"]:
        """Return a unit vector per clip."""
        return functional.normalize(self.heads[sense](summaries.mean(1).flatten(1)).float(), dim=-1)

    def forward(self, summaries: Mapping[Sense, Float[Tensor, "b c r d"]]) -> Float[Tensor, ""]:
        """Return the mean contrastive loss over pairs of senses; 0 with fewer than two senses or clips."""
        embedded = [self.embedded(sense, found) for sense, found in summaries.items()]
        pairs = list(combinations(embedded, 2))
        if not pairs or embedded[0].shape[0] < 2:
            return self.log_scale.new_zeros(())
        scale = self.log_scale.exp().clamp(max=_HIGHEST_SCALE)
        return torch.stack([_contrast(one @ other.T * scale) for one, other in pairs]).mean()


def _contrast(likeness: Float[Tensor, "b b"]) -> Float[Tensor, ""]:
    right = torch.arange(likeness.shape[0], device=likeness.device)
    return (functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)) / 2

"""One embedding per clip and sense, near to those of the same clip's other senses.

Contrastive, symmetric, with a learned temperature: CLIP (Radford et al. 2021, arXiv 2103.00020, section 2.3). Each
pair of senses has its own, since words and motion agree on more than a sound and a picture do.

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
        self.pairs = tuple(combinations(config.senses, 2))
        self.log_scale = nn.Parameter(torch.full((len(self.pairs),), log(1 / _FIRST_TEMPERATURE)))

    def embedded(self, sense: Sense, summaries: Float[Tensor, "b c r d"]) -> Float[Tensor, "b e"]:
        """Return a unit vector per clip."""
        return functional.normalize(self.heads[sense](summaries.mean(1).flatten(1)).float(), dim=-1)

    def forward(self, summaries: Mapping[Sense, Float[Tensor, "b c r d"]]) -> Float[Tensor, ""]:
        """Return the mean contrastive loss over pairs of senses; 0 with fewer than two senses or clips."""
        embedded = {sense: self.embedded(sense, found) for sense, found in summaries.items()}
        scales = self.log_scale.exp().clamp(max=_HIGHEST_SCALE)
        losses = [
            _contrast(embedded[one] @ embedded[other].T * scale)
            for (one, other), scale in zip(self.pairs, scales, strict=True)
            if one in embedded and other in embedded and len(embedded[one]) > 1
        ]
        return torch.stack(losses).mean() if losses else self.log_scale.new_zeros(())


def _contrast(likeness: Float[Tensor, "b b"]) -> Float[Tensor, ""]:
    right = torch.arange(likeness.shape[0], device=likeness.device)
    return (functional.cross_entropy(likeness, right) + functional.cross_entropy(likeness.T, right)) / 2

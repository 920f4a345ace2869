"""One embedding per clip and sense, near to those of the same clip's other senses.

Contrastive, symmetric, with a learned temperature: CLIP (Radford et al. 2021, arXiv 2103.00020, section 2.3). What
recent batches looked like serves as further wrong choices, so that small batches teach what large ones would:
cross-batch memory (Wang et al. 2020, arXiv 1912.06798, section 3.3).

Shape letters: b clips, c moments, r summaries, d width, e embedding, q embeddings of recent clips.
"""

from collections.abc import Mapping
from itertools import permutations
from math import log

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import MultimodalConfig, Sense

_FIRST_TEMPERATURE, _HIGHEST_SCALE = 0.07, 100.0  # as published


class Alignment(nn.Module):
    """Maps the summaries of each sense to one space."""

    recent: Tensor

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        inner = config.summaries * config.width
        self.heads = nn.ModuleDict({sense: nn.Linear(inner, config.embedding) for sense in config.senses})
        self.senses = config.senses
        #: Zeros where nothing has been seen yet.
        self.register_buffer("recent", torch.zeros(len(config.senses), config.remembered_clips, config.embedding))
        self.log_scale = nn.Parameter(torch.tensor(log(1 / _FIRST_TEMPERATURE)))

    def embedded(self, sense: Sense, summaries: Float[Tensor, "b c r d"]) -> Float[Tensor, "b e"]:
        """Return a unit vector per clip."""
        return functional.normalize(self.heads[sense](summaries.mean(1).flatten(1)).float(), dim=-1)

    def forward(self, summaries: Mapping[Sense, Float[Tensor, "b c r d"]]) -> Float[Tensor, ""]:
        """Return the mean contrastive loss over pairs of senses; 0 with fewer than two senses or clips."""
        embedded: dict[Sense, Tensor] = {sense: self.embedded(sense, found) for sense, found in summaries.items()}
        pairs = list(permutations(embedded, 2))
        if not pairs or len(next(iter(embedded.values()))) < 2:
            return self.log_scale.new_zeros(())
        errors = [self._contrast(embedded, one, other) for one, other in pairs]
        if self.training:
            self._remember(embedded)
        return torch.stack(errors).mean()

    def _contrast(self, embedded: Mapping[Sense, Tensor], one: Sense, other: Sense) -> Float[Tensor, ""]:
        """Return the error of finding clips by another sense, among those of the batch and, while learning, others."""
        scale = self.log_scale.exp().clamp(max=_HIGHEST_SCALE)
        likeness = embedded[one] @ embedded[other].T
        if self.training:
            recent = self.recent[self.senses.index(other)]
            likeness = torch.cat([likeness, embedded[one] @ recent[recent.any(-1)].T], dim=1)
        right = torch.arange(len(likeness), device=likeness.device)
        return functional.cross_entropy(likeness * scale, right)

    @torch.no_grad()
    def _remember(self, embedded: Mapping[Sense, Tensor]) -> None:
        kept = self.recent.shape[1]
        nothing = self.recent[0, :0]
        self.recent = torch.stack(
            [
                torch.cat([embedded.get(sense, nothing), before])[:kept]
                for sense, before in zip(self.senses, self.recent, strict=True)
            ]
        )

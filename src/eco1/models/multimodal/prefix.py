"""What the language model is given before words: the place, whom they are about, each sense, every animal, and a self.

Shape letters: b clips, c moments, r summaries, n animals, p tokens of the prefix, d width, w width of the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import SENSES, MultimodalConfig, Sense
from eco1.models.multimodal.inputs import Inputs
from eco1.models.multimodal.leaning import Leaning
from eco1.models.multimodal.perceived import SenseTokens

#: Senses that stand in the prefix as summaries. Text is what is asked for; animals stand there one by one.
SUMMED: tuple[Sense, ...] = ("video", "audio", "points")


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """Vectors before the words and where the router leans; ``animals`` is where animals begin (None: there are none).

    The last vector is the self: it stands for whom the camera follows.
    """

    vectors: Float[Tensor, "b p w"]
    bias: Float[Tensor, "b p e"]
    animals: int | None


class PrefixMaker(nn.Module):
    """Brings what was perceived into the width of the language model."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        self.config = config
        width = config.language_width
        self.place = nn.Embedding(config.environment_rows, width)
        self.pace = nn.Linear(1, width)
        self.senses = nn.Embedding(len(SENSES), width)
        self.summed = nn.ModuleDict(
            {sense: nn.Linear(config.width, width) for sense in SUMMED if sense in config.senses}
        )
        self.animal = nn.Linear(config.moments * config.width, width)
        self.norm = nn.LayerNorm(config.width)
        self.nobody, self.itself, self.topic = (nn.Parameter(torch.randn(width) * 0.02) for _ in range(3))
        self.leaning = Leaning(config) if config.experts and config.routing_bias else None
        for table in (self.place, self.senses):
            nn.init.normal_(table.weight, std=0.02)

    def forward(
        self,
        inputs: Inputs,
        summaries: Mapping[Sense, Float[Tensor, "b c r d"]],
        motion: SenseTokens | None,
        pointed: Bool[Tensor, "b n"] | None = None,
    ) -> Prefix:
        """Return the prefix of some senses.

        Args:
            inputs: of the clips.
            summaries: of the senses that may be used.
            motion: latents of the animals, when motion is among them.
            pointed: the animals that the words are to be about.
        """
        place = self.place(inputs.environment) + self.pace(inputs.dt_s.log()[:, None])
        animals = self._animals(motion) if motion is not None else None
        parts = [place[:, None], self._topic(animals, pointed, place)]
        for sense in SUMMED:
            if sense in summaries:
                told = self.summed[sense](summaries[sense]).flatten(1, 2)
                parts.append(told + self.senses.weight[SENSES.index(sense)])
        first = sum(part.shape[1] for part in parts) if animals is not None else None
        if animals is not None:
            parts.append(animals)
        parts.append(self.itself.expand(len(place), 1, -1) + self._subject(inputs, animals))
        vectors = torch.cat(parts, dim=1)
        return Prefix(vectors=vectors, bias=self._bias(inputs, vectors, motion, first), animals=first)

    def _animals(self, motion: SenseTokens) -> Float[Tensor, "b n w"]:
        """Return each animal as it was in every moment, the last at the end; 0 stands for moments without it."""
        lived = torch.where(motion.real[..., None], self.norm(motion.value), 0.0).transpose(1, 2).flatten(2)
        told = self.animal(functional.pad(lived, (self.animal.in_features - lived.shape[-1], 0)))
        return torch.where(motion.real.any(1)[..., None], told, self.nobody)

    def _topic(
        self, animals: Float[Tensor, "b n w"] | None, pointed: Bool[Tensor, "b n"] | None, place: Float[Tensor, "b w"]
    ) -> Float[Tensor, "b 1 w"]:
        """Return the mean of the animals that the words are to be about; nobody in particular when none are."""
        topic = self.topic.expand(len(place), 1, -1)
        if animals is None or pointed is None:
            return topic
        weight = pointed.to(animals.dtype)[..., None]
        return topic + ((animals * weight).sum(1) / weight.sum(1).clamp(min=1.0))[:, None]

    def _subject(self, inputs: Inputs, animals: Float[Tensor, "b n w"] | None) -> Float[Tensor, "b 1 w"] | float:
        """Return what is known of whom the camera follows; nothing without motion."""
        if animals is None:
            return 0.0
        row = inputs.subject.clamp(min=0)
        told = animals[torch.arange(len(row), device=row.device), row]
        return torch.where(inputs.subject[:, None] >= 0, told, 0.0)[:, None]

    def _bias(
        self, inputs: Inputs, vectors: Tensor, motion: SenseTokens | None, animals: int | None
    ) -> Float[Tensor, "b p e"]:
        batch, length, _ = vectors.shape
        if self.leaning is None:
            return vectors.new_zeros(batch, length, max(self.config.experts, 1))
        bias = self.leaning.of_places(inputs.environment)[:, None].expand(-1, length, -1)
        if motion is None or animals is None or inputs.motion is None:
            return bias
        last = motion.real.shape[1] - 1
        now = inputs.motion.behavior[:, last, -1]
        of_animals = self.leaning.of_animals(inputs.motion.species[:, last], now, inputs.environment)
        return torch.cat([bias[:, :animals], of_animals, bias[:, animals + of_animals.shape[1] :]], dim=1)

"""What the language model is given before words: the place, each sense's summaries, every animal, and a self.

Shape letters: b clips, c moments, r summaries, n animals, p tokens of the prefix, d width, w width of the language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.config import SENSES, MultimodalConfig, Sense
from eco1.models.multimodal.inputs import Inputs
from eco1.models.multimodal.leaning import Leaning
from eco1.models.multimodal.naming import Naming, Shown, shown_by
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.multimodal.words import Words
from eco1.models.nn.norm import RMSNorm

#: Senses that stand in the prefix as summaries. Text is what is asked for; animals stand there one by one.
SUMMED: tuple[Sense, ...] = ("video", "audio", "points")

_AS_WORDS = 0.02  # the deviation of embeddings of words at first: what stands beside them must not outshout them


@dataclass(frozen=True, kw_only=True)
class Prefix:
    """Vectors before the words and where the router leans; ``animals`` is where animals begin (None: there are none).

    ``shown`` says what is known of animals by name. The last vector is the self: it stands for whom the camera follows.
    """

    vectors: Float[Tensor, "b p w"]
    bias: Float[Tensor, "b p e"]
    animals: int | None = None
    shown: Shown | None = None

    def topics(self, clip: Int[Tensor, " k"], marks: Bool[Tensor, "k n"]) -> Float[Tensor, "k w"]:
        """Return the mean of the animals that a text about a clip is to be about; 0 where none are marked or known."""
        if self.animals is None:
            return self.vectors.new_zeros(len(clip), self.vectors.shape[-1])
        weight = marks.to(self.vectors.dtype)[..., None]
        animals = self.vectors[clip, self.animals : -1]
        return (animals * weight).sum(1) / weight.sum(1).clamp(min=1.0)


class PrefixMaker(nn.Module):
    """Brings what was perceived into the width of the language model."""

    def __init__(self, config: MultimodalConfig, words: Words) -> None:
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
        self.naming = Naming(config, words)
        self.loudness = nn.ModuleDict({part: RMSNorm(width) for part in ("place", "sense", "animal")})
        self.nobody, self.itself = (nn.Parameter(torch.randn(width) * _AS_WORDS) for _ in range(2))
        self.leaning = Leaning(config) if config.experts and config.routing_bias else None
        nn.init.normal_(self.senses.weight, std=_AS_WORDS)
        for part in ("place", "sense", "animal"):
            nn.init.constant_(cast(RMSNorm, self.loudness[part]).weight, _AS_WORDS)

    def forward(
        self,
        inputs: Inputs,
        summaries: Mapping[Sense, Float[Tensor, "b c r d"]],
        motion: SenseTokens | None,
        embedding: nn.Module,
    ) -> Prefix:
        """Return the prefix of some senses.

        Args:
            inputs: of the clips.
            summaries: of the senses that may be used.
            motion: latents of the animals, when motion is among them.
            embedding: of words.
        """
        place = self.loudness["place"](self.place(inputs.environment) + self.pace(inputs.dt_s.log()[:, None]))
        shown = None if motion is None or inputs.motion is None else shown_by(inputs.motion, motion.real.shape[1])
        animals = self._animals(motion, shown, embedding) if motion is not None else None
        parts = [place[:, None]]
        for sense in SUMMED:
            if sense in summaries:
                told = self.summed[sense](summaries[sense]).flatten(1, 2)
                parts.append(self.loudness["sense"](told) + self.senses.weight[SENSES.index(sense)])
        first = sum(part.shape[1] for part in parts) if animals is not None else None
        if animals is not None:
            parts.append(animals)
        parts.append(self.itself.expand(len(place), 1, -1) + self._subject(inputs, animals))
        vectors = torch.cat(parts, dim=1)
        return Prefix(vectors=vectors, bias=self._bias(inputs, vectors, motion, first), animals=first, shown=shown)

    def _animals(self, motion: SenseTokens, shown: Shown | None, embedding: nn.Module) -> Float[Tensor, "b n w"]:
        """Return each animal as it was in every moment, the last at the end, and in words; 0 where it was not."""
        lived = torch.where(motion.real[..., None], self.norm(motion.value), 0.0).transpose(1, 2).flatten(2)
        told = self.loudness["animal"](
            self.animal(functional.pad(lived, (self.animal.in_features - lived.shape[-1], 0)))
        )
        if shown is not None:
            told = told + self.naming(shown, motion.real.shape[1], embedding)
        return torch.where(motion.real.any(1)[..., None], told, self.nobody)

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

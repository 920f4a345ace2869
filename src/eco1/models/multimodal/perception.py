"""What several senses made of a batch of clips.

Shape letters: b clips, c moments, r summaries, d width.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from eco1.models.multimodal.config import Sense
from eco1.models.multimodal.inputs import Inputs
from eco1.models.multimodal.perceived import SenseTokens


@dataclass(frozen=True, kw_only=True)
class Perception:
    """Latents and summaries of the senses there are, of the moments that are over."""

    inputs: Inputs
    moments: int
    latents: Mapping[Sense, SenseTokens]
    summaries: Mapping[Sense, Float[Tensor, "b c r d"]]

    def only(self, senses: tuple[Sense, ...]) -> "Perception":
        """Return what some of the senses perceived."""
        return Perception(
            inputs=self.inputs,
            moments=self.moments,
            latents={sense: part for sense, part in self.latents.items() if sense in senses},
            summaries={sense: part for sense, part in self.summaries.items() if sense in senses},
        )


def kept(senses: tuple[Sense, ...], dropout: float, generator: Generator | None) -> tuple[Sense, ...]:
    """Return the senses that may be used: never text, and at least one other, but with a ``dropout`` of 1 none."""
    able: tuple[Sense, ...] = tuple(sense for sense in senses if sense != "text") or senses
    chance = torch.rand(len(able), generator=generator)
    pairs = zip(able, chance.tolist(), strict=True)
    found: tuple[Sense, ...] = tuple(sense for sense, lot in pairs if lot >= dropout)
    nothing = dropout >= 1.0
    return () if nothing else found or (able[int(chance.argmax())],)

"""Eco-1: encoders of five senses, z-JEPA between them, and a Qwen3 mixture of experts that reads what they perceive.

Shape letters: b clips, c moments, r summaries, n tokens, d width.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int64
from torch import Generator, Tensor, nn

from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.core.senses import SensedClip
from eco1.models.multimodal import objectives
from eco1.models.multimodal.alignment import Alignment
from eco1.models.multimodal.config import INSTRUMENTS, MultimodalConfig, Sense
from eco1.models.multimodal.inputs import Inputs, encoded, inputs_of, make_encoders, tokens_of
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.multimodal.perception import Perception, kept
from eco1.models.multimodal.reading import Reader
from eco1.models.multimodal.words import padded
from eco1.models.multimodal.zjepa import Foresight, Summaries, disagreement, normalised
from eco1.models.nn.draws import on_cpu
from eco1.models.nn.ema import follow
from eco1.models.nn.rank import effective_rank

#: The proposal's weights of the four objectives, and the balance of experts (Qwen3-MoE: 0.001 per layer).
TERM_WEIGHTS = {"zjepa": 0.4, "language": 0.3, "behavior": 0.2, "alignment": 0.1, "balance": 0.01}
_ROWS_OF_RANK = 512
_GLIMPSED = 0.5


class MultimodalModel(Reader):
    """A world model of what animals look like, sound like, do, and what is said of them."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__(config)
        self.encoders = make_encoders(config)
        self.targets = copy.deepcopy(self.encoders).requires_grad_(False)
        self.summaries = nn.ModuleDict({sense: Summaries(config.width, config.summaries) for sense in config.senses})
        self.foresight = Foresight(config)
        self.alignment = Alignment(config)
        self.term_weights = {**TERM_WEIGHTS}

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the four objectives on a batch of clips; what a batch lacks (words, senses) counts as 0.

        Clips with questions are perceived as a whole; others up to a moment drawn at random, and what follows, if
        anything does, is to be foreseen. Some senses are withheld from prediction, so that any of them must do. Where
        nothing but alignment has a weight, clips are perceived as a whole, but for half of what instruments bring, and
        nothing else is worked out.
        """
        generator = on_cpu(generator)
        inputs = inputs_of(clip, self.config, self.words, self.device)
        rest = any(weight > 0 for name, weight in self.term_weights.items() if name != "alignment")
        asked = isinstance(clip, SensedClip) and any(said.questions for said in clip.said)
        moments = self.config.moments if asked or not rest else _drawn(self.config.moments, generator)
        whole = self.perceive(inputs, moments) if rest or not self.training else self._glimpsed(inputs, generator)
        terms: dict[str, Tensor] = {name: self.alignment.log_scale.new_zeros(()) for name in TERM_WEIGHTS}
        monitors: dict[str, Tensor] = {}
        if rest:
            terms, monitors = self._foreseen_and_read(clip, whole, generator)
        terms["alignment"] = self.alignment(whole.summaries)
        with torch.no_grad():
            for sense, found in whole.summaries.items():
                monitors[f"rank_{sense}"] = effective_rank(found.flatten(0, -2)[:_ROWS_OF_RANK])
        return Losses(terms=terms, monitors=monitors)

    def _foreseen_and_read(
        self, clip: Clip, whole: Perception, generator: Generator | None
    ) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Return all objectives but alignment, and numbers to watch."""
        used = whole.only(kept(whole.inputs.senses, self.config.sense_dropout, generator))
        answers = self.foresight(used.summaries, used.latents, self._slow_latents(whole.inputs), generator)
        off = disagreement(answers, dict.fromkeys(used.summaries, whole.moments))
        reading = self.read(used, self.lessons_of(clip, generator))
        language, answered = objectives.language(self, reading)
        behavior, begun = objectives.behavior(self, whole, reading)
        terms = {
            "zjepa": torch.stack(list(off.values())).mean(),
            "language": language,
            "behavior": behavior,
            "balance": objectives.balance(reading.read),
        }
        monitors = {f"zjepa_{sense}": value.detach() for sense, value in off.items()}
        rightly = {"begun_rightly": begun, "answered_rightly": answered}
        return terms, monitors | {name: share for name, share in rightly.items() if share is not None}

    def perceive(self, inputs: Inputs, moments: int | None = None) -> Perception:
        """Return what the senses make of the first moments of clips (of all, when not said)."""
        return self._perceived(inputs, tokens_of(inputs, self.encoders, inputs.senses), moments or self.config.moments)

    def _glimpsed(self, inputs: Inputs, generator: Generator | None) -> Perception:
        """Return what the senses make of clips of which they get a part: FLIP (arXiv 2212.00794, section 3)."""
        tokens = tokens_of(inputs, self.encoders, inputs.senses)
        seen: dict[Sense, SenseTokens] = {
            sense: part.fewer(_GLIMPSED, generator) if sense in INSTRUMENTS else part for sense, part in tokens.items()
        }
        return self._perceived(inputs, seen, self.config.moments)

    def _perceived(self, inputs: Inputs, tokens: Mapping[Sense, SenseTokens], count: int) -> Perception:
        latents = encoded(tokens, self.encoders, count)
        summaries: dict[Sense, Tensor] = {sense: self.summaries[sense](part) for sense, part in latents.items()}
        return Perception(inputs=inputs, moments=count, latents=latents, summaries=summaries)

    def inputs_of(
        self,
        clip: Clip,
        *,
        senses: tuple[Sense, ...] | None = None,
        moments: int | None = None,
        subject: Int64[np.ndarray, " b"] | None = None,
    ) -> Inputs:
        """Return what the model perceives of a clip: of the senses asked for that are there, the first moments."""
        return inputs_of(clip, self.config, self.words, self.device, senses=senses, moments=moments, subject=subject)

    @torch.no_grad()
    def embed_senses(self, clip: Clip, senses: tuple[Sense, ...] | None = None) -> dict[Sense, Float[Tensor, "b e"]]:
        """Return a unit vector per clip of each of some senses (of all, when not said), to be compared with others'.

        Raises:
            ConfigError: when the clips have none of them.
        """
        found = self.perceive(self.inputs_of(clip, senses=senses)).summaries
        return {sense: self.alignment.embedded(sense, part) for sense, part in found.items()}

    @torch.no_grad()
    def embed_text(self, texts: Sequence[str]) -> Float[Tensor, "b e"]:
        """Return a unit vector for each text."""
        rows = [self.words.encode(text) for text in texts]
        text: Any = self.encoders["text"]
        latents = text(text.tokens(*padded(rows, self.config.words, self.device)))
        return self.alignment.embedded("text", self.summaries["text"](latents))

    @torch.no_grad()
    def embed_clip(self, clip: Clip) -> Float[Tensor, "b k d"]:
        """Return the summaries of all senses and moments."""
        found = self.perceive(self.inputs_of(clip)).summaries
        return torch.cat([part.flatten(1, 2) for part in found.values()], dim=1)

    def update_target(self, momentum: float) -> None:
        """Move the slow encoders towards the learned ones."""
        follow(self.targets, self.encoders, momentum)

    @torch.no_grad()
    def _slow_latents(self, inputs: Inputs) -> dict[Sense, SenseTokens]:
        found = encoded(tokens_of(inputs, self.targets, inputs.senses), self.targets, self.config.moments)
        return {sense: normalised(part) for sense, part in found.items()}


def _drawn(most: int, generator: Generator | None) -> int:
    """Return a number from 1 on."""
    return int(torch.randint(1, most + 1, (), generator=generator))

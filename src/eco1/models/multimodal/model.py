"""Eco-1: encoders of five senses, z-JEPA between them, and a Qwen3 mixture of experts that reads what they perceive.

Shape letters: b clips, c moments, r summaries, n tokens, d width.
"""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from eco1.core.errors import ConfigError
from eco1.core.protocols import Losses
from eco1.core.records import Clip
from eco1.core.senses import Description, SensedClip
from eco1.models.multimodal import objectives
from eco1.models.multimodal.alignment import Alignment
from eco1.models.multimodal.behavior import ActionHead
from eco1.models.multimodal.config import MultimodalConfig, Sense
from eco1.models.multimodal.finding import Finder
from eco1.models.multimodal.inputs import Inputs, encoded, inputs_of, make_encoders, tokens_of
from eco1.models.multimodal.lessons import Lessons, lay_out
from eco1.models.multimodal.perceived import SenseTokens
from eco1.models.multimodal.perception import Perception, kept
from eco1.models.multimodal.prefix import SUMMED, Prefix, PrefixMaker
from eco1.models.multimodal.telling import asking, draw_tasks
from eco1.models.multimodal.weighing import Weigher
from eco1.models.multimodal.words import Words, padded
from eco1.models.multimodal.zjepa import Foresight, Summaries, disagreement, normalised
from eco1.models.nn.draws import on_cpu
from eco1.models.nn.ema import follow
from eco1.models.nn.moe import Experts
from eco1.models.nn.qwen3 import Branches, Qwen3, Read, RouterBias
from eco1.models.nn.rank import effective_rank

#: The proposal's weights of the four objectives, and the balance of experts (Qwen3-MoE: 0.001 per layer).
TERM_WEIGHTS = {"zjepa": 0.4, "language": 0.3, "behavior": 0.2, "alignment": 0.1, "balance": 0.01}
_ROWS_OF_RANK = 512


class MultimodalModel(nn.Module):
    """A world model of what animals look like, sound like, do, and what is said of them."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        self.config = config
        self.words = Words(config.tokenizer, config.vocabulary)
        self.encoders = make_encoders(config)
        self.targets = copy.deepcopy(self.encoders).requires_grad_(False)
        self.summaries = nn.ModuleDict({sense: Summaries(config.width, config.summaries) for sense in config.senses})
        self.foresight = Foresight(config)
        self.alignment = Alignment(config)
        self.prefix = PrefixMaker(config, self.words)
        self.finder = Finder(config.language_width)
        self.weigher = Weigher(config)
        self.language = Qwen3(config.language)
        self.action = ActionHead(config)
        for module in self.language.modules():
            if isinstance(module, Experts):
                module.capacity_factor = config.capacity_factor
        self.term_weights = {**TERM_WEIGHTS}

    def loss(self, clip: Clip, generator: Generator | None) -> Losses:
        """Return the four objectives on a batch of clips; what a batch lacks (words, senses) counts as 0.

        Clips with questions are perceived as a whole; others up to a moment drawn at random, and what follows, if
        anything does, is to be foreseen. Some senses are withheld from prediction, so that any of them must do.
        """
        generator = on_cpu(generator)
        inputs = inputs_of(clip, self.config, self.words, self.device)
        asked = isinstance(clip, SensedClip) and any(said.questions for said in clip.said)
        moments = self.config.moments if asked else _drawn(self.config.moments, generator)
        whole = self.perceive(inputs, moments)
        used = whole.only(kept(inputs.senses, self.config.sense_dropout, generator))
        answers = self.foresight(used.summaries, used.latents, self._slow_latents(inputs), generator)
        off = disagreement(answers, dict.fromkeys(used.summaries, moments))
        lessons = self._lessons(clip, generator)
        read, prefix = self._read(used, lessons)
        language, answered = self._language(used, lessons, read, prefix)
        behavior, begun = objectives.behavior(self.config, self.action, used, read, prefix)
        terms = {
            "zjepa": torch.stack(list(off.values())).mean(),
            "language": language,
            "behavior": behavior,
            "alignment": self.alignment(whole.summaries),
            "balance": objectives.balance(read),
        }
        monitors = {f"zjepa_{sense}": value.detach() for sense, value in off.items()}
        rightly = {"begun_rightly": begun, "answered_rightly": answered}
        monitors |= {name: share for name, share in rightly.items() if share is not None}
        with torch.no_grad():
            for sense, found in whole.summaries.items():
                monitors[f"rank_{sense}"] = effective_rank(found.flatten(0, -2)[:_ROWS_OF_RANK])
        return Losses(terms=terms, monitors=monitors)

    def perceive(self, inputs: Inputs, moments: int | None = None) -> Perception:
        """Return what the senses make of the first moments of clips (of all, when not said)."""
        count = moments or self.config.moments
        latents = encoded(tokens_of(inputs, self.encoders, inputs.senses), self.encoders, count)
        summaries: dict[Sense, Tensor] = {sense: self.summaries[sense](part) for sense, part in latents.items()}
        return Perception(inputs=inputs, moments=count, latents=latents, summaries=summaries)

    def inputs_of(self, clip: Clip, *, senses: tuple[Sense, ...] | None = None, moments: int | None = None) -> Inputs:
        """Return what the model perceives of a clip: of the senses asked for that are there, the first moments."""
        return inputs_of(clip, self.config, self.words, self.device, senses=senses, moments=moments)

    @torch.no_grad()
    def embed_sense(self, clip: Clip, sense: Sense) -> Float[Tensor, "b e"]:
        """Return a unit vector per clip, to be compared with those of other senses.

        Raises:
            ConfigError: when the clips lack the sense.
        """
        perceived = self.perceive(self.inputs_of(clip))
        if sense not in perceived.summaries:
            raise ConfigError(f"The clips have no {sense}; they have {', '.join(perceived.summaries)}.")
        return self.alignment.embedded(sense, perceived.summaries[sense])

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

    @property
    def device(self) -> torch.device:
        """Return where the model lives."""
        return self.language.embedding.weight.device

    def prefix_of(self, perceived: Perception) -> Prefix:
        """Return what the language model is given before words."""
        summed = {sense: part for sense, part in perceived.summaries.items() if sense in SUMMED}
        return self.prefix(perceived.inputs, summed, perceived.latents.get("motion"), self.language.embedding)

    @torch.no_grad()
    def _slow_latents(self, inputs: Inputs) -> dict[Sense, SenseTokens]:
        found = encoded(tokens_of(inputs, self.targets, inputs.senses), self.targets, self.config.moments)
        return {sense: normalised(part) for sense, part in found.items()}

    def _lessons(self, clip: Clip, generator: Generator | None) -> Lessons:
        """Return what is to be said of each clip; nothing at all where nothing is told."""
        said = clip.said if isinstance(clip, SensedClip) and clip.said else (Description(),) * len(clip.dt_s)
        tasks = [draw_tasks(each, self.words, generator) for each in said]
        return lay_out(tasks, clip.observation.alive.shape[-1], self.device)

    def _read(self, used: Perception, lessons: Lessons) -> tuple[Read, Prefix]:
        prefix = self.prefix_of(used)
        words = self.language.embedding(lessons.tokens)
        asked = lessons.tokens[lessons.clip[lessons.asking_text], lessons.asking_place]
        topics = self._topics(prefix, lessons.clip, lessons.marks, asked, lessons.asking_text).to(words.dtype)
        words = words.index_put((lessons.clip, lessons.topic_place), topics, accumulate=True)
        trunk = lessons.branch.new_zeros(prefix.vectors.shape[:2])
        read = self.language.read(
            torch.cat([prefix.vectors, words], dim=1),
            router_bias=self.router_bias(prefix, words.shape[1], self.training),
            branches=Branches(torch.cat([trunk, lessons.branch], dim=1)),
        )
        return read, prefix

    def scores(self, used: Perception, lessons: Lessons) -> Float[Tensor, " k"]:
        """Return how well each text answers its question: the log-likelihood of its answer, and its weight."""
        read, prefix = self._read(used, lessons)
        return self._scored(used, lessons, read, prefix)[1]

    def _scored(self, used: Perception, lessons: Lessons, read: Read, prefix: Prefix) -> tuple[Tensor, Tensor]:
        log_p, whole = objectives.answers(self.language, read, prefix, lessons)
        ahead = objectives.foreseen(self.action, read, prefix)
        weight = self.weigher(whole, lessons, used, prefix, self.prefix.naming, self.language.embedding, ahead)
        return log_p, lessons.of_texts(log_p) + weight

    def _language(self, used: Perception, lessons: Lessons, read: Read, prefix: Prefix) -> tuple[Tensor, Tensor | None]:
        """Return the error of answers, prompts being given, and the share of questions answered rightly."""
        if not len(lessons.answer):
            return read.latent.sum() * 0.0, None
        return lessons.error(*self._scored(used, lessons, read, prefix))

    def spoken(
        self, prefix: Prefix, tokens: Int[Tensor, "k t"], clip: Int[Tensor, " k"], marks: Bool[Tensor, "k n"]
    ) -> Float[Tensor, "k p w"]:
        """Return texts about some clips behind their prefixes, as vectors; the last of a prompt carries the topic."""
        words, device = self.language.embedding(tokens), tokens.device
        rows = tokens.tolist()
        asked = [(text, place) for text, row in enumerate(rows) for place in asking(row)]
        text, place = torch.tensor(asked, dtype=torch.long, device=device).view(-1, 2).unbind(1)
        last = torch.tensor([asking(row).stop for row in rows], device=device)
        topics = self._topics(prefix, clip, marks, tokens[text, place], text).to(words.dtype)
        words = words.index_put((torch.arange(len(rows), device=device), last), topics, accumulate=True)
        return torch.cat([prefix.vectors[clip], words], dim=1)

    def _topics(self, prefix: Prefix, clip: Tensor, marks: Tensor, asked: Tensor, text: Tensor) -> Tensor:
        """Return whom texts are about: the animals marked, and those that the words of a question find."""
        return prefix.topics(clip, marks) + self.finder(asked, text, clip, prefix, self.prefix.naming)

    def router_bias(self, prefix: Prefix, words: int, drop: bool = False) -> RouterBias | None:
        """Return where routers lean on a prefix and the words after it, which lean as its first token does."""
        if not self.config.experts:
            return None
        after = prefix.bias[:, :1].expand(-1, words, -1)
        return RouterBias(bias=torch.cat([prefix.bias, after], dim=1), drop=drop)


def _drawn(most: int, generator: Generator | None) -> int:
    """Return a number from 1 on."""
    return int(torch.randint(1, most + 1, (), generator=generator))

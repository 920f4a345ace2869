"""What Eco-1 makes of what it perceives: the language model and all around it that reads, answers and expects.

Shape letters: b clips, k texts, p tokens of a text behind its prefix, n animals, w width.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Generator, Tensor, nn

from eco1.core.records import Clip
from eco1.core.senses import Description, SensedClip
from eco1.models.multimodal.behavior import ActionHead, Expected, expected
from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.finding import Finder
from eco1.models.multimodal.lessons import Lessons, lay_out
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.prefix import SUMMED, Prefix, PrefixMaker
from eco1.models.multimodal.telling import asking, draw_tasks
from eco1.models.multimodal.weighing import Weigher
from eco1.models.multimodal.words import Words
from eco1.models.nn.moe import Experts
from eco1.models.nn.qwen3 import Branches, Qwen3, Read, RouterBias


@dataclass(frozen=True, kw_only=True)
class Reading:
    """Texts as the language model read them behind what was perceived, and what it expects to follow."""

    seen: Perception
    lessons: Lessons
    prefix: Prefix
    read: Read
    ahead: Expected


class Reader(nn.Module):
    """The part of Eco-1 behind its senses."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        self.config = config
        self.words = Words(config.tokenizer, config.vocabulary)
        self.prefix = PrefixMaker(config, self.words)
        self.finder = Finder(config.language_width)
        self.weigher = Weigher(config)
        self.language = Qwen3(config.language)
        self.action = ActionHead(config)
        for module in self.language.modules():
            if isinstance(module, Experts):
                module.capacity_factor = config.capacity_factor

    @property
    def device(self) -> torch.device:
        """Return where the model lives."""
        return self.language.embedding.weight.device

    def prefix_of(self, perceived: Perception) -> Prefix:
        """Return what the language model is given before words."""
        summed = {sense: part for sense, part in perceived.summaries.items() if sense in SUMMED}
        return self.prefix(perceived.inputs, summed, perceived.latents.get("motion"), self.language.embedding)

    def router_bias(self, prefix: Prefix, words: int, drop: bool = False) -> RouterBias | None:
        """Return where routers lean on a prefix and the words after it, which lean as its first token does."""
        if not self.config.experts:
            return None
        after = prefix.bias[:, :1].expand(-1, words, -1)
        return RouterBias(bias=torch.cat([prefix.bias, after], dim=1), drop=drop)

    def expected(self, seen: Perception, *, everyone: bool = True) -> Expected:
        """Return what is expected of the moment after those that were perceived, of everyone or of the self alone.

        A model learns this behind all but the last of its moments, so it should be asked behind no more.
        """
        prefix = self.prefix_of(seen)
        bias = self.router_bias(prefix, 0)
        latent = self.language.read(prefix.vectors, router_bias=bias, only_last=not everyone).latent
        return expected(self.action, latent, prefix, seen)

    def lessons_of(self, clip: Clip, generator: Generator | None) -> Lessons:
        """Return what is to be said of each clip; nothing at all where nothing is told."""
        said = clip.said if isinstance(clip, SensedClip) and clip.said else (Description(),) * len(clip.dt_s)
        tasks = [draw_tasks(each, self.words, generator) for each in said]
        return lay_out(tasks, clip.observation.alive.shape[-1], self.device)

    def read(self, seen: Perception, lessons: Lessons) -> Reading:
        """Return all texts of all clips, each read behind what was perceived of its clip and blind to the others."""
        prefix = self.prefix_of(seen)
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
        ahead = expected(self.action, read.latent, prefix, seen)
        return Reading(seen=seen, lessons=lessons, prefix=prefix, read=read, ahead=ahead)

    def scores(self, reading: Reading) -> tuple[Float[Tensor, " a"], Float[Tensor, " k"]]:
        """Return the log-likelihood of every token of an answer, and how well each text answers its question.

        The latter is the log-likelihood of the whole answer, and the weight of the text.
        """
        lessons, latent = reading.lessons, reading.read.latent
        first = reading.prefix.vectors.shape[1]
        logits = self.language.logits(latent[lessons.clip[lessons.answer_text], first + lessons.answer_place])
        motion = reading.seen.latents.get("motion")
        told = logits.float().log_softmax(-1)[torch.arange(len(logits), device=logits.device), lessons.answer]
        weight = self.weigher(
            latent[lessons.clip, first + lessons.last_place],
            lessons,
            reading.seen,
            reading.prefix,
            self.prefix.naming,
            self.language.embedding,
            None if motion is None else self.action.at_sight(motion.value[:, -1]),
        )
        return told, lessons.of_texts(told) + weight

    def spoken(
        self, prefix: Prefix, tokens: Int[Tensor, "k t"], clip: Int[Tensor, " k"], marks: Bool[Tensor, "k n"]
    ) -> Float[Tensor, "k p w"]:
        """Return prompts about some clips behind their prefixes, as vectors; the last of each carries the topic."""
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

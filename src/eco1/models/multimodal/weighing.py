"""Choices are weighed one by one: how well each answers its question, beside how likely it is to be said.

A number read from what a text becomes when all of it is read, compared among the choices of a question: Devlin et al.
(2019), arXiv 1810.04805, section 4.4. Whether words for a place fit where somebody was is told besides, by low-rank
bilinear pooling (Kim et al. 2017, arXiv 1610.04325): from 1,631 questions it learned 81 % of places, without 66 %.

Shape letters: k texts, w width, f clues.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.behavior import NextAction
from eco1.models.multimodal.clues import Clues
from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.lessons import Lessons
from eco1.models.multimodal.motion import WHEREABOUTS
from eco1.models.multimodal.naming import Naming
from eco1.models.multimodal.perception import Perception
from eco1.models.multimodal.prefix import Prefix
from eco1.models.nn.mlp import SwiGLU

_FITS = 128  # ways for words to fit a place: of 28 numbers there are no more to tell at any size (our choice)


class Weigher(nn.Module):
    """Weighs texts that answer questions by what they say and by what is seen of whom they name."""

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        self.frames_of_moment = config.frames_of_moment
        self.clues = Clues(config.moments, config.frames, config.width + WHEREABOUTS)
        width = 3 * config.language_width + self.clues.width
        self.norm = nn.LayerNorm(config.language_width)
        self.look = nn.LayerNorm(config.width)
        self.mix = SwiGLU(width, config.language_width)
        self.weight = nn.Linear(width, 1, bias=False)
        self.of_place = nn.Linear(self.clues.ways * WHEREABOUTS, _FITS)
        self.of_words = nn.Linear(config.language_width, _FITS, bias=False)
        for layer in (self.weight, self.of_words):
            nn.init.zeros_(layer.weight)  # at first a choice is as good as it is likely

    def forward(
        self,
        read: Float[Tensor, "k w"],
        lessons: Lessons,
        used: Perception,
        prefix: Prefix,
        naming: Naming,
        embedding: nn.Module,
        ahead: NextAction | None,
    ) -> Float[Tensor, " k"]:
        """Return the weight of every text, 0 when nobody asks anything.

        Args:
            read: what each text has become when all of it was read.
            lessons: the texts.
            used: what is perceived of the clips.
            prefix: of the clips.
            naming: what animals and deeds are called.
            embedding: of words.
            ahead: what each animal does next by how it moved, where there are animals.
        """
        if not len(lessons.asking_text):
            return read.new_zeros(len(read))
        questions = _of_questions(lessons)
        asked = _bag(embedding, *questions, int(lessons.right.sum()))[lessons.task]
        said = _bag(embedding, lessons.answer, lessons.answer_text, len(lessons.task))
        clues = self._seen(questions, lessons, used, prefix, naming, ahead)
        x = torch.cat([self.norm(read), asked, said, clues], dim=-1)
        where = self.clues.of_found(clues)[..., -WHEREABOUTS:].flatten(1)
        fits = self.of_words(said) * functional.gelu(self.of_place(where))
        return (self.weight(x + self.mix(x))[:, 0] + fits.sum(-1)).float()

    def _seen(
        self,
        questions: tuple[Tensor, Tensor],
        lessons: Lessons,
        used: Perception,
        prefix: Prefix,
        naming: Naming,
        ahead: NextAction | None,
    ) -> Float[Tensor, "k f"]:
        if prefix.shown is None or used.inputs.motion is None or ahead is None:
            return prefix.vectors.new_zeros(len(lessons.task), self.clues.width)
        asked = naming.likeness(*questions, lessons.clip[lessons.right], prefix.shown)
        offered = naming.likeness(lessons.answer, lessons.answer_text, lessons.clip, prefix.shown)
        latent = self.look(used.latents["motion"].value)
        animals = torch.cat([latent, used.inputs.motion.whereabouts[:, : used.moments]], dim=-1)
        each = self.frames_of_moment
        position_m = used.inputs.scene.position_m[:, each - 1 : each * used.moments : each]
        coming = ahead.behavior.detach().float().log_softmax(-1)  # learned from what came, not from answers
        return self.clues(asked, offered, lessons, prefix.shown, animals, position_m, coming)


def _of_questions(lessons: Lessons) -> tuple[Int[Tensor, " p"], Int[Tensor, " p"]]:
    """Return the words of all questions, and which task each belongs to."""
    once = lessons.right[lessons.asking_text]
    text, place = lessons.asking_text[once], lessons.asking_place[once]
    return lessons.tokens[lessons.clip[text], place], lessons.task[text]


def _bag(embedding: nn.Module, words: Int[Tensor, " p"], text: Int[Tensor, " p"], texts: int) -> Float[Tensor, "k w"]:
    """Return the sum of the words of each text, at unit variance."""
    said = embedding(words).float()
    return functional.layer_norm(said.new_zeros(texts, said.shape[-1]).index_add(0, text, said), said.shape[-1:])

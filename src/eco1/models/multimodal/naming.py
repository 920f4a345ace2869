"""What animals are and do, in words: what sentences call species and behaviours, as the language model reads it.

An animal whose vector holds the words that sentences use for it can be found by them, and they by it.

Shape letters: b clips, n animals, m frames of moments, k texts, p words, w width, r rows of a vocabulary, t tokens.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.motion import Motion
from eco1.models.multimodal.words import PAD, Words

_STEM = 4  # letters that forms of a word have in common, as a rule
_APART = 0.5  # the deviation of what marks a moment, at first


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What animals are, and what they did in each frame; 0 is the unknown, and where an animal was not ``there``."""

    species: Int[Tensor, "b n"]
    deeds: Int[Tensor, "b m n"]
    there: Bool[Tensor, "b n"]


@dataclass(frozen=True, kw_only=True)
class Likeness:
    """The share of the words of each animal's species, of its deed in each frame, and of any deed that a text has."""

    who: Float[Tensor, "k n"]
    does: Float[Tensor, "k t n"]
    deeds: Float[Tensor, "k o"]


def shown_by(motion: Motion, moments: int) -> Shown:
    """Return what is known by name of the animals of the first moments."""
    real = motion.real[:, :moments]
    return Shown(
        species=motion.species[:, :moments].amax(1),
        deeds=(motion.behavior[:, :moments] * real[:, :, None]).flatten(1, 2),
        there=real.any(1),
    )


class Naming(nn.Module):
    """Tokens of every name, and what tells a deed of one moment from that of another; row 0 is the unknown."""

    species: Tensor
    behaviors: Tensor
    stem: Tensor

    def __init__(self, config: MultimodalConfig, words: Words) -> None:
        super().__init__()
        self.register_buffer("stem", torch.tensor(_stems(words)), persistent=False)
        called = {
            "species": config.species_words or config.species_names,
            "behaviors": config.behavior_words or config.behavior_names,
        }
        for table, names in called.items():
            self.register_buffer(table, _tokens(names, words), persistent=False)
        self.when = nn.Parameter(1.0 + _APART * torch.randn(config.moments, config.language_width))

    def forward(self, shown: Shown, moments: int, embedding: nn.Module) -> Float[Tensor, "b n w"]:
        """Return the words of what each animal is, and of what it did in so many moments, as often as it did it."""
        deeds = _spelled(self.behaviors, embedding)[shown.deeds].unflatten(1, (moments, -1)).sum(2)
        known = (shown.deeds > 0).sum(1).clamp(min=1)[..., None]
        return _spelled(self.species, embedding)[shown.species] + (deeds * self.when[-moments:, None]).sum(1) / known

    def likeness(
        self, words: Int[Tensor, " p"], text: Int[Tensor, " p"], clip: Int[Tensor, " k"], shown: Shown
    ) -> Likeness:
        """Return how like each text, by its words, the animals of its clip are."""
        species, deeds = self.asked_for(words, text, len(clip))
        does = deeds.gather(1, shown.deeds[clip].flatten(1)).view(len(clip), *shown.deeds.shape[1:])
        return Likeness(who=species.gather(1, shown.species[clip]), does=does, deeds=deeds[:, 1:])

    def asked_for(
        self, words: Int[Tensor, " p"], text: Int[Tensor, " p"], texts: int
    ) -> tuple[Float[Tensor, "k r"], Float[Tensor, "k q"]]:
        """Return the share of the words of each species and of each behaviour that occur in each text, in any form."""
        one = torch.ones((), device=words.device)
        occurs = torch.zeros(texts, len(self.stem), device=words.device).index_put((text, self.stem[words]), one)
        species, behaviors = (
            (occurs[:, self.stem[table]] * (table != PAD)).sum(-1) / (table != PAD).sum(-1).clamp(min=1)
            for table in (self.species, self.behaviors)
        )
        return species, behaviors


def _tokens(names: Sequence[str], words: Words) -> Int[Tensor, "r t"]:
    """Return the tokens of names as they stand within a sentence."""
    spelled = [[], *(words.encode(f" {name.replace('_', ' ')}") for name in names)]
    longest = max(map(len, spelled))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in spelled])


def _spelled(tokens: Int[Tensor, "r t"], embedding: nn.Module) -> Float[Tensor, "r w"]:
    """Return one vector per name, as long as that of a single token."""
    real = (tokens != PAD).to(torch.float32)[..., None]
    return (embedding(tokens) * real).sum(1) / real.sum(1).clamp(min=1).sqrt()


@lru_cache(maxsize=4)
def _stems(words: Words) -> list[int]:
    """Return a number for each piece of a word, the same for those that begin alike: "meerkats" and "meerkat"."""
    numbers: dict[str, int] = {}
    pieces = (words.decode([piece]).strip().lower() for piece in range(words.vocabulary))
    return [numbers.setdefault(piece.rstrip("s")[:_STEM], len(numbers)) for piece in pieces]

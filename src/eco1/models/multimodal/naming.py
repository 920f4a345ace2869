"""What animals are and do, in words: what sentences call species and behaviours, as the language model reads it.

An animal whose vector holds the words that sentences use for it can be found by them, and they by it.

Shape letters: b clips, c moments, k frames of a moment, n animals, w width, r rows of a vocabulary, t tokens.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.models.multimodal.config import MultimodalConfig
from eco1.models.multimodal.inputs import Motion
from eco1.models.multimodal.words import PAD, Words

_APART = 0.5  # the deviation of what marks a moment, at first


class Naming(nn.Module):
    """Tokens of every name, and what tells a deed of one moment from that of another; row 0 is the unknown."""

    species: Tensor
    behaviors: Tensor

    def __init__(self, config: MultimodalConfig, words: Words) -> None:
        super().__init__()
        called = {
            "species": config.species_words or config.species_names,
            "behaviors": config.behavior_words or config.behavior_names,
        }
        for table, names in called.items():
            self.register_buffer(table, _tokens(names, words), persistent=False)
        self.when = nn.Parameter(1.0 + _APART * torch.randn(config.moments, config.language_width))

    def forward(self, motion: Motion, moments: int, embedding: nn.Module) -> Float[Tensor, "b n w"]:
        """Return the words of what each animal is, and of what it did in the first moments, as often as it did it."""
        seen = motion.species[:, :moments].amax(1)
        real = motion.real[:, :moments, None].expand(motion.behavior[:, :moments].shape)
        deeds = _spelled(self.behaviors, embedding)[motion.behavior[:, :moments] * real].sum(2)
        timed = (deeds * self.when[-moments:, None]).sum(1) / real.sum((1, 2)).clamp(min=1)[..., None]
        return _spelled(self.species, embedding)[seen] + timed


def _tokens(names: Sequence[str], words: Words) -> Int[Tensor, "r t"]:
    """Return the tokens of names as they stand within a sentence."""
    spelled = [[], *(words.encode(f" {name.replace('_', ' ')}") for name in names)]
    longest = max(map(len, spelled))
    return torch.tensor([row + [PAD] * (longest - len(row)) for row in spelled])


def _spelled(tokens: Int[Tensor, "r t"], embedding: nn.Module) -> Float[Tensor, "r w"]:
    """Return one vector per name, as long as that of a single token."""
    real = (tokens != PAD).to(torch.float32)[..., None]
    return (embedding(tokens) * real).sum(1) / real.sum(1).clamp(min=1).sqrt()

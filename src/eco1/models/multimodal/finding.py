"""Questions find the animals that they are about, by the names that they call them.

That a word of a question occurs in what is read is the strongest single clue of a reader (Chen et al. 2017, arXiv
1704.00051, section 3.2, "exact match"), and one that a small decoder takes long to work out by itself.

Shape letters: b clips, k texts, p words, n animals, h heads, m deeds of an animal, w width.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.models.multimodal.naming import Naming, Shown
from eco1.models.multimodal.prefix import Prefix
from eco1.models.nn.dealt import own

#: What counts at first for each head: the share of the words of its species that are asked for, that of its deeds (the
#: one most asked for, and all on average), and a threshold. Heads find who is and does it, who is it, who does it.
_COUNTS = ((1.0, 1.0, 0.0, -1.5), (1.0, 0.0, 0.0, -0.5), (0.0, 1.0, 0.0, -0.5), (0.5, 0.5, 0.5, -0.5))
_SHARPNESS = 10.0
_MOST = 16  # animals that are told apart by number
_LOUD = 0.1  # the deviation of a number's vector at first, about that of a word that has been learned


class Finder(nn.Module):
    """What a question finds among the animals of its clip: the mean of those found, and how many they are."""

    def __init__(self, width: int) -> None:
        super().__init__()
        heads = len(_COUNTS)
        self.counts = nn.Parameter(torch.tensor(_COUNTS))
        self.told = nn.Linear(heads * width, width, bias=False)
        self.numbers = nn.Parameter(torch.randn(heads, _MOST + 1, width) * _LOUD)

    def forward(
        self, words: Int[Tensor, " p"], text: Int[Tensor, " p"], clip: Int[Tensor, " k"], prefix: Prefix, naming: Naming
    ) -> Float[Tensor, "k w"]:
        """Return what texts find in their clips, 0 for those that ask nothing or where no animals are known.

        Args:
            words: of all questions.
            text: which text each word belongs to.
            clip: of each text.
            prefix: of the clips.
            naming: what animals and deeds are called.
        """
        if prefix.animals is None or prefix.shown is None:
            return prefix.vectors.new_zeros(len(clip), prefix.vectors.shape[-1])
        asks = torch.zeros_like(clip, dtype=torch.bool).index_fill(0, text, True)
        like = self._likeness(words, text, clip, prefix.shown, naming)
        found = (like @ own(self.counts).T * _SHARPNESS).sigmoid().transpose(1, 2) * prefix.shown.there[clip, None]
        count = found.sum(-1)
        mean = found @ prefix.vectors[clip, prefix.animals : -1].float() / count.clamp(min=1)[..., None]
        return (self.told(mean.flatten(1)) + self._many(count)) * asks[:, None]

    def _many(self, count: Float[Tensor, "k h"]) -> Float[Tensor, "k w"]:
        """Return a vector for how many each head found; between two whole numbers, a mixture of theirs."""
        numbers = torch.arange(_MOST + 1, device=count.device)
        near = (1.0 - (count.clamp(max=_MOST)[..., None] - numbers).abs()).clamp(min=0.0)
        return torch.einsum("khm,hmw->kw", near, own(self.numbers))

    @staticmethod
    def _likeness(words: Tensor, text: Tensor, clip: Tensor, shown: Shown, naming: Naming) -> Float[Tensor, "k n 4"]:
        """Return what counts of each animal: see ``_COUNTS``."""
        like = naming.likeness(words, text, clip, shown)
        return torch.stack([like.who, like.does.amax(1), like.does.mean(1), torch.ones_like(like.who)], dim=-1)

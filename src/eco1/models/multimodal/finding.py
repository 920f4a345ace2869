"""Questions find the animals that they are about.

Words ask animals across the whole width before any layer of the decoder: as text asks pictures in Flamingo (Alayrac et
al. 2022, arXiv 2204.14198, section 2.2), but every animal is taken or left on its own (a sigmoid in place of the
softmax: arXiv 2409.04431), so that it is also known how many were found.

Shape letters: b clips, k texts, p words, n animals, h heads, w width.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.multimodal.prefix import Prefix
from eco1.models.nn.dealt import own

_HEADS = 4
_SHARPNESS, _THRESHOLD = 12.0, 0.3  # at first: who is like half of what was asked is taken, strangers are not
_APART = 0.1  # how far heads are from each other at first, beside the identity


class Finder(nn.Module):
    """What a question finds among the animals of its clip: the mean of those found, and how many they are.

    An animal is found by the words that are part of it (see ``Naming``); what is found differs by head.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.weight = nn.Linear(width, 1)  # of each word
        self.asks = nn.Linear(width, _HEADS * width, bias=False)
        self.told = nn.Linear(_HEADS * width, width, bias=False)
        self.many = nn.Linear(_HEADS, width, bias=False)
        self.sharpness = nn.Parameter(torch.full((_HEADS, 1), _SHARPNESS))
        self.threshold = nn.Parameter(torch.full((_HEADS, 1), _THRESHOLD))
        same = torch.eye(width).repeat(_HEADS, 1)
        with torch.no_grad():
            self.weight.weight.zero_()
            self.asks.weight.mul_(_APART).add_(same)
            self.told.weight.mul_(_APART).add_(same.T / _HEADS)
            self.many.weight.mul_(_APART)

    def gist(self, words: Float[Tensor, "p w"], text: Int[Tensor, " p"], texts: int) -> Float[Tensor, "k w"]:
        """Return the weighted sum of the words of each text, 0 where a text asks nothing."""
        weighted = self.weight(words).sigmoid() * words
        return weighted.new_zeros(texts, words.shape[-1]).index_add(0, text, weighted)

    def forward(self, gist: Float[Tensor, "k w"], clip: Int[Tensor, " k"], prefix: Prefix) -> Float[Tensor, "k w"]:
        """Return what each text finds in its clip, 0 where it asks nothing or no animals are known."""
        if prefix.animals is None or prefix.names is None or prefix.there is None:
            return torch.zeros_like(gist)
        asked = functional.normalize(self.asks(gist).unflatten(-1, (_HEADS, -1)).float(), dim=-1)
        names = functional.normalize(prefix.names.float(), dim=-1)[clip]
        like = (asked @ names.transpose(-1, -2) - own(self.threshold)) * own(self.sharpness)
        found = like.sigmoid() * prefix.there[clip, None]
        count = found.sum(-1, keepdim=True)
        mean = found @ prefix.vectors[clip, prefix.animals : -1].float() / count.clamp(min=1)
        told = self.told(mean.flatten(1)) + self.many(count.squeeze(-1).log1p())
        return told * (gist != 0).any(-1, keepdim=True)

"""What speaks for a choice: who of those it names is seen, when they do what it says, and how near they come.

Exact match between what is asked, what is offered and what is read (Chen et al. 2017, arXiv 1704.00051, section 3.2),
and how things asked for stand to each other (Santoro et al. 2017, arXiv 1706.01427), with distance as the relation.

Shape letters: b clips, c moments, t frames, n animals, o behaviours, q questions, k choices, h and g ways of finding,
d width.
"""

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor, nn

from eco1.models.multimodal.lessons import Lessons
from eco1.models.multimodal.naming import Likeness, Shown
from eco1.models.nn.dealt import own

#: What counts at first for whom one text, or two, finds: the share of a species' words, that of a deed's, a threshold.
_COUNTS = ((1.0, 1.0, -1.75), (1.0, 0.0, -0.75))
_WAYS = len(_COUNTS)
_SHARPNESS = 10.0
_NEAR_M, _FAR_M = 3.0, 500.0  # closeness falls with the logarithm of a distance between these, our choice


class Clues(nn.Module):
    """Finds the animals of questions and of choices, and tells what there is to tell of them in numbers."""

    def __init__(self, moments: int, frames: int, width: int) -> None:
        super().__init__()
        self.moments, self.of_each = moments, width
        self.counts = nn.Parameter(torch.tensor(_COUNTS))
        self.ways = _WAYS
        found = 2 * _WAYS + 1
        self.width = _WAYS * width + found * (frames + 2) + _WAYS**2 * moments + 1

    def forward(
        self,
        asked: Likeness,
        offered: Likeness,
        lessons: Lessons,
        shown: Shown,
        latent: Float[Tensor, "b c n d"],
        position_m: Float[Tensor, "b c n 3"],
        ahead: Float[Tensor, "b n o"],
    ) -> Float[Tensor, "k f"]:
        """Return the clues of every text.

        Args:
            asked: of questions, one for each task.
            offered: of all texts.
            lessons: which text belongs to which question and clip.
            shown: what animals are and do.
            latent: what is known of animals in each moment.
            position_m: of animals in each moment.
            ahead: the log-likelihood of what each animal does next.
        """
        clip, task = lessons.clip[lessons.right], lessons.task
        there = shown.there.to(latent.dtype)
        by_question = self._found(asked, there[clip])
        by_choice = self._found(offered, there[lessons.clip])
        mixed = replace(offered, does=asked.does[task])  # whoever the choice names, doing what is asked
        by_both = self._found(mixed, there[lessons.clip])[:, :1]
        seen = torch.cat([by_question[task], by_choice, by_both], dim=1)
        when = seen.amax(-1)
        many = seen.amax(2).sum(-1).log1p()
        told = self._told(self._by_moment(by_question), latent[clip]).flatten(1)[task]
        near = self._near(self._by_moment(by_question), self._by_moment(by_choice), position_m, lessons)
        next_ = self._next(by_question[:, 0, -1], ahead[clip])[task]
        foreseen = (next_ * _alone(offered.deeds)).sum(-1, keepdim=True)
        return torch.cat([told, when.flatten(1), _begins(when), many, near.flatten(1), foreseen], dim=-1)

    def of_found(self, clues: Float[Tensor, "k f"]) -> Float[Tensor, "k h d"]:
        """Return, of the clues, what is known of whom the question finds."""
        return clues[:, : self.ways * self.of_each].unflatten(-1, (self.ways, self.of_each))

    def _found(self, like: Likeness, there: Float[Tensor, "k n"]) -> Float[Tensor, "k h t n"]:
        """Return who is found in each frame, in each way."""
        who, does, threshold = own(self.counts).T[:, :, None, None]
        score = who * like.who[:, None, None] + does * like.does[:, None] + threshold
        return (_SHARPNESS * score).sigmoid() * there[:, None, None]

    def _by_moment(self, found: Float[Tensor, "k h t n"]) -> Float[Tensor, "k h c n"]:
        return found.unflatten(2, (self.moments, -1)).amax(3)

    @staticmethod
    def _told(found: Float[Tensor, "q h c n"], latent: Float[Tensor, "q c n d"]) -> Float[Tensor, "q h d"]:
        """Return the mean of those found over the moments in which they are."""
        total = torch.einsum("qhcn,qcnd->qhd", found, latent)
        return total / found.sum((2, 3)).clamp(min=1)[..., None]

    @staticmethod
    def _next(found: Float[Tensor, "q n"], ahead: Float[Tensor, "q n o"]) -> Float[Tensor, "q o"]:
        """Return how likely each behaviour is to be next, in the mean over those found at last."""
        return torch.einsum("qn,qno->qo", found, ahead) / found.sum(1).clamp(min=1)[:, None]

    @staticmethod
    def _near(
        by_question: Float[Tensor, "q h c n"],
        by_choice: Float[Tensor, "k g c n"],
        position_m: Float[Tensor, "b c n 3"],
        lessons: Lessons,
    ) -> Float[Tensor, "k g h c"]:
        """Return how near anybody found by a choice comes to anybody found by its question, in each moment."""
        apart = torch.cdist(position_m, position_m)
        near = 1.0 - (apart / _NEAR_M).log1p() / torch.tensor(_FAR_M / _NEAR_M).log1p()
        itself = torch.eye(near.shape[-1], dtype=torch.bool, device=near.device)
        near = near.clamp(min=0.0).masked_fill(itself, 0.0)
        of_question = (by_question[..., None] * near[lessons.clip[lessons.right], None]).amax(3)
        return (by_choice[:, :, None] * of_question[lessons.task, None]).amax(-1)


def _begins(when: Float[Tensor, "k h t"]) -> Float[Tensor, "k h"]:
    """Return the share of the time before anybody is first seen: 0 from the beginning, 1 never."""
    return (1.0 - when).cumprod(-1).mean(-1)


def _alone(deeds: Float[Tensor, "k o"]) -> Float[Tensor, "k o"]:
    """Return which deeds a text tells of in full, as shares; all 0 where none."""
    full = (_SHARPNESS * (deeds - 0.75)).sigmoid() * (deeds > 0)
    return full / full.sum(-1, keepdim=True).clamp(min=1)

"""Batches of several kinds in turn, and batches without questions."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from eco1.core.records import Clip
from eco1.core.senses import SensedClip
from eco1.training.sources import BatchSource


@dataclass(frozen=True)
class InTurn:
    """Batch k comes from source k mod n, as its batch k div n: so a run resumes exactly."""

    sources: Sequence[BatchSource]

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``."""
        count = len(self.sources)
        return self.sources[step % count].batch_at(step // count)


@dataclass(frozen=True)
class Unasked:
    """Batches without the few questions that happen to lie within their clips.

    A model that is asked anything perceives a whole batch to its end, where nothing is left to foresee.
    """

    source: BatchSource

    def batch_at(self, step: int, /) -> Clip:
        """Return batch number ``step``, with its captions alone."""
        clip = self.source.batch_at(step)
        if not isinstance(clip, SensedClip):
            return clip
        return replace(clip, said=tuple(replace(said, questions=()) for said in clip.said))

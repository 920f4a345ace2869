"""Batches of clips that each come with one question, which can be answered from what is seen in the clip."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from eco1.core.errors import EpisodeError, unknown_name
from eco1.core.random import generator
from eco1.core.senses import Description, Question, SensedClip
from eco1.data.kept import Memory
from eco1.data.places import Place
from eco1.data.sensed import read_text
from eco1.data.span_clips import Span, SpanCutter


@dataclass(frozen=True, kw_only=True)
class AskedAt:
    """A question about an episode, by its number."""

    episode: int
    question: Question

    @property
    def span(self) -> Span:
        """Return the stretch that the question is about."""
        return Span(episode=self.episode, start_s=self.question.start_s, end_s=self.question.end_s)


def recorded_questions(episode: Place) -> tuple[Question, ...]:
    """Return what was asked when an episode was recorded.

    Raises:
        EpisodeError: when it cannot be read.
    """
    return read_text(episode).questions


class QuestionSampler:
    """An endless stream of batches; every question of every episode is equally likely within its kind.

    Others about the same stretch come along: they cost a learner no further look.

    Frames are evenly spread over the stretch that a question is about, whatever its length; those of a clip have its
    ``dt_s``. Batch k depends on the seed and k alone.
    """

    def __init__(
        self,
        episodes: Sequence[Place],
        frames: int,
        batch: int,
        seed: int,
        *,
        species_names: Sequence[str],
        senses: Sequence[str] = (),
        kinds: Sequence[str] = (),
        questions_of: Callable[[Place], Sequence[Question]] = recorded_questions,
        memory: Memory | None = None,
    ) -> None:
        """Read all questions.

        Args:
            episodes: paths or URLs, recorded with words.
            frames: of a clip.
            batch: clips in a batch.
            seed: of all draws.
            species_names: what species indices refer to.
            senses: arrays to be cut along, as for ``ClipSampler``.
            kinds: of questions, all when empty.
            questions_of: an episode, such as more than were recorded with it.
            memory: as for ``SpanCutter``.

        Raises:
            EpisodeError: when nobody asked anything, or an episode cannot be read.
            UnknownNameError: when no question is of the kinds wanted.
            ConfigError: when all episodes are shorter than a clip, or do not fit each other.
        """
        self._cutter = SpanCutter(episodes, frames, species_names=species_names, senses=senses, memory=memory)
        self._batch, self._seed = batch, seed
        asked = tuple(
            AskedAt(episode=number, question=question)
            for number, (source, episode) in enumerate(zip(self._cutter.sources, episodes, strict=True))
            if source.frames >= frames
            for question in questions_of(episode)
        )
        if not asked:
            raise EpisodeError("No episode has questions. Record them: eco1 record --seconds 30 --senses video text")
        there = {each.question.kind for each in asked}
        for kind in kinds:
            if kind not in there:
                raise unknown_name("kind of question", kind, there)
        self.asked = tuple(each for each in asked if not kinds or each.question.kind in kinds)
        self._about: dict[Span, list[Question]] = {}
        for each in self.asked:
            self._about.setdefault(each.span, []).append(each.question)
        self._by_kind = [
            np.array([k for k, asked in enumerate(self.asked) if asked.question.kind == kind])
            for kind in sorted({asked.question.kind for asked in self.asked})
        ]

    def batch_at(self, number: int) -> SensedClip:
        """Return batch ``number``, (B, T) first; ``said`` holds all questions about each clip, in random order."""
        rng = generator(self._seed, number)
        kinds = rng.integers(len(self._by_kind), size=self._batch)
        chosen = [self.asked[rng.choice(self._by_kind[kind])].span for kind in kinds]
        together = [self._about[span] for span in chosen]
        return self._clip(chosen, [[asked[k] for k in rng.permutation(len(asked))] for asked in together])

    def clip(self, asked: Sequence[AskedAt]) -> SensedClip:
        """Return the clips of some questions; ``said`` holds the one question of each."""
        return self._clip([each.span for each in asked], [[each.question] for each in asked])

    def _clip(self, spans: Sequence[Span], asked: Sequence[Sequence[Question]]) -> SensedClip:
        said = tuple(Description(questions=tuple(questions)) for questions in asked)
        return replace(self._cutter.clip(spans), said=said)

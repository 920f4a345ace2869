"""Batches of clips that each come with one question, which can be answered from what is seen in the clip."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float

from eco1.core.errors import EpisodeError, unknown_name
from eco1.core.random import generator
from eco1.core.senses import Description, Question, SensedClip
from eco1.data.kept import Memory
from eco1.data.places import Place
from eco1.data.sensed import read_text
from eco1.data.span_clips import Span, SpanCutter

_LOOKED_AT = 4  # episodes


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
    """An endless stream of batches; every recorded question is equally likely within its kind, and one like it drawn.

    Others about the same stretch come along: they cost a learner no further look. Kinds of which few come along are
    drawn more often, so that a learner meets about as many questions of every kind.

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
            questions_of: all of an episode, those it was recorded with among them; no others when not given.
            memory: as for ``SpanCutter``.

        Raises:
            EpisodeError: when nobody asked anything, or an episode cannot be read.
            UnknownNameError: when no question is of the kinds wanted.
            ConfigError: when all episodes are shorter than a clip, or do not fit each other.
        """
        wanted = (*senses, "text")
        self._cutter = SpanCutter(episodes, frames, species_names=species_names, senses=wanted, memory=memory)
        self._batch, self._seed, self._kinds = batch, seed, tuple(kinds)
        asked = tuple(
            AskedAt(episode=number, question=question)
            for number, (source, episode) in enumerate(zip(self._cutter.sources, episodes, strict=True))
            if source.frames >= frames
            for question in recorded_questions(episode)
        )
        if not asked:
            raise EpisodeError("No episode has questions. Record them: eco1 record --seconds 30 --senses video text")
        there = {each.question.kind for each in asked}
        for kind in kinds:
            if kind not in there:
                raise unknown_name("kind of question", kind, there)
        self.asked = tuple(each for each in asked if not kinds or each.question.kind in kinds)
        self._places, self._questions_of = list(episodes), questions_of
        self._questions: dict[int, tuple[Question, ...]] = {}
        self._by_kind = {
            kind: np.array([k for k, asked in enumerate(self.asked) if asked.question.kind == kind])
            for kind in sorted({asked.question.kind for asked in self.asked})
        }

    def batch_at(self, number: int) -> SensedClip:
        """Return batch ``number``, (B, T) first; ``said`` holds its captions and, shuffled, all questions about it."""
        rng = generator(self._seed, number)
        kinds = rng.choice(list(self._by_kind), size=self._batch, p=self._shares)
        spans: list[Span] = []
        asked: list[list[Question]] = []
        for kind in kinds:
            recorded = self.asked[rng.choice(self._by_kind[kind])]
            alike = [each for each in self._all_of(recorded.episode) if each.kind == recorded.question.kind]
            span = AskedAt(episode=recorded.episode, question=alike[rng.integers(len(alike))]).span
            together = [each for each in self._all_of(span.episode) if (each.start_s, each.end_s) == span.times]
            spans.append(span)
            asked.append([together[k] for k in rng.permutation(len(together))])
        return self._clip(spans, asked)

    @cached_property
    def _shares(self) -> Float[np.ndarray, " k"]:
        """Return how often each kind is drawn: the less, the more of it come along, told from a few episodes."""
        episodes = sorted({each.episode for each in self.asked})
        known = {number: self._all_of(number) for number in episodes[:: max(len(episodes) // _LOOKED_AT, 1)]}
        looks = Counter(kind for _, kind, _ in {(n, q.kind, (q.start_s, q.end_s)) for n in known for q in known[n]})
        asked = Counter(question.kind for questions in known.values() for question in questions)
        rare = np.array([(looks[kind] or 1) / (asked[kind] or 1) for kind in self._by_kind])
        return rare / rare.sum()

    def _all_of(self, episode: int) -> tuple[Question, ...]:
        """Return all questions of an episode, of the kinds wanted; worked out when first needed."""
        if episode not in self._questions:
            found = self._questions_of(self._places[episode])
            self._questions[episode] = tuple(each for each in found if not self._kinds or each.kind in self._kinds)
        return self._questions[episode]

    def clip(self, asked: Sequence[AskedAt]) -> SensedClip:
        """Return the clips of some questions; ``said`` holds captions of each and its question."""
        return self._clip([each.span for each in asked], [[each.question] for each in asked])

    def _clip(self, spans: Sequence[Span], asked: Sequence[Sequence[Question]]) -> SensedClip:
        clip = self._cutter.clip(spans)
        told = zip(clip.said, asked, strict=True)
        said = tuple(Description(captions=cut.captions, questions=tuple(questions)) for cut, questions in told)
        return replace(clip, said=said)

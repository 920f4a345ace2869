"""Cut what instruments recorded and people said along with the animals, reading only the chunks that are needed."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.records import Episode
from eco1.core.senses import Caption, Description, Event, Question, Senses
from eco1.data.kept import Kept
from eco1.data.sense_schema import TEXT, assemble, wanted_paths
from eco1.data.sensed import RecordedSenses, open_senses, read_text
from eco1.data.sources import Source

Told = TypeVar("Told", Event, Caption, Question)

#: Episodes kept open: a few kilobytes each, and their words.
_OPEN = 1024


class SenseCutter:
    """Cuts the wanted arrays, and with ``text`` the words, of any episode."""

    def __init__(self, sources: Sequence[Source], wanted: tuple[str, ...], chunks: Kept[np.ndarray]) -> None:
        """Prepare for some modalities, instruments or arrays; chunks once read are kept.

        Raises:
            UnknownNameError: when an episode lacks one of them.
            ConfigError: when episodes have different arrays of that name.
        """
        self._sources, self._with_text = sources, TEXT in wanted
        self._wanted = tuple(name for name in wanted if name != TEXT)
        self._chunks = chunks
        self._kept: OrderedDict[int, tuple[RecordedSenses, Description]] = OrderedDict()
        if self._wanted:
            found = {tuple(wanted_paths(dict.fromkeys(s.sensed), self._wanted, _name(s))): _name(s) for s in sources}
            if len(found) > 1:
                (one, here), (other, there), *_ = found.items()
                raise _different(f"{list(one)} in {here}, {list(other)} in {there}")

    def batch(self, places: Sequence[tuple[int, slice]]) -> Senses:
        """Return cuts (B, T first), each from an episode by its number.

        Raises:
            ConfigError: when pictures, sounds or clouds of different size meet in a batch.
            EpisodeError: when a chunk is missing or damaged.
        """
        if not self._wanted:
            return Senses()
        cuts = [{path: array[frames] for path, array in self._open(i)[0].arrays.items()} for i, frames in places]
        for path in cuts[0]:
            if len(sizes := {cut[path].shape for cut in cuts}) > 1:
                raise _different(f"{path} of shapes {sorted(sizes)}")
        return assemble({path: np.stack([cut[path] for cut in cuts]) for path in cuts[0]})

    def said(self, places: Sequence[tuple[int, slice]]) -> tuple[Description, ...]:
        """Return what is said of each cut's stretch of time, when that was asked for.

        Raises:
            ConfigError: when an episode is in memory, where there are no words.
            EpisodeError: when an episode was recorded without words.
        """
        if not self._with_text:
            return ()
        return tuple(
            spoken_between(self._open(i)[1], frames.start * dt_s, frames.stop * dt_s)
            for i, frames in places
            for dt_s in (self._sources[i].info.dt_s,)
        )

    def _open(self, index: int) -> tuple[RecordedSenses, Description]:
        if index not in self._kept:
            origin = self._sources[index].episode
            if isinstance(origin, Episode):
                raise ConfigError("Episodes in memory have no words. Give the sampler their folders.")
            words = read_text(origin) if self._with_text else Description()
            if self._with_text and words == Description():
                raise EpisodeError(f"{origin} has no words. Record them: eco1 record --senses video text")
            senses = open_senses(origin, self._chunks)
            self._kept[index] = senses.only(self._wanted) if self._wanted else senses, words
        self._kept.move_to_end(index)
        if len(self._kept) > _OPEN:
            self._kept.popitem(last=False)
        return self._kept[index]


def spoken_between(words: Description, start_s: float, end_s: float) -> Description:
    """Return events and captions that overlap a stretch and questions that lie in it, with its start as time 0."""
    return Description(
        events=tuple(_moved(e, start_s) for e in words.events if e.start_s < end_s and e.end_s > start_s),
        captions=tuple(_moved(c, start_s) for c in words.captions if c.start_s < end_s and c.end_s > start_s),
        questions=tuple(_moved(q, start_s) for q in words.questions if q.start_s >= start_s and q.end_s <= end_s),
    )


def _moved(told: Told, by_s: float) -> Told:
    return replace(told, start_s=told.start_s - by_s, end_s=told.end_s - by_s)


def _name(source: Source) -> str:
    return "an episode in memory" if isinstance(source.episode, Episode) else str(source.episode)


def _different(what: str) -> ConfigError:
    return ConfigError(
        f"A batch needs the same instruments in every episode; these have {what}. Ask for what they share."
    )

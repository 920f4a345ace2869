"""Clips of given stretches of time, whatever their length: as many frames as asked for, evenly spread."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from eco1.core.errors import ConfigError
from eco1.core.senses import SensedClip
from eco1.data.cutting import CutSettings, Cutter
from eco1.data.kept import CACHE_BYTES, Memory
from eco1.data.places import Place
from eco1.data.sources import common_species, open_source


@dataclass(frozen=True, kw_only=True)
class Span:
    """A stretch of an episode, by its number, in seconds from its first frame."""

    episode: int
    start_s: float
    end_s: float

    @property
    def times(self) -> tuple[float, float]:
        """Return when it begins and ends."""
        return self.start_s, self.end_s


class SpanCutter:
    """Cuts clips of ``frames`` frames out of stretches; the ``dt_s`` of a clip is the time between its frames."""

    def __init__(
        self,
        episodes: Sequence[Place],
        frames: int,
        *,
        species_names: Sequence[str],
        senses: Sequence[str] = (),
        memory: Memory | None = None,
    ) -> None:
        """Open episodes.

        Args:
            episodes: paths or URLs.
            frames: of a clip.
            species_names: what species indices refer to.
            senses: arrays to be cut along, as for ``ClipSampler``; ``text`` alone cuts none.
            memory: what keeps episodes and what was sensed, perhaps for other samplers too; else one of 2 GiB.

        Raises:
            EpisodeError: when an episode cannot be read.
            UnknownNameError: when it lacks a sense.
        """
        self.sources = [open_source(episode) for episode in episodes]
        names = common_species(self.sources, species_names)
        settings = CutSettings(frames=frames, batch=1, seed=0, senses=tuple(senses) or ("text",))
        memory = memory or Memory(CACHE_BYTES, with_senses=bool(senses))
        self._cutter, self._frames = Cutter(self.sources, names, settings, memory), frames

    def clip(self, spans: Sequence[Span]) -> SensedClip:
        """Return the clips of some stretches, (B, T) first.

        Raises:
            ConfigError: when a stretch lies outside of its episode, or the episode is shorter than a clip.
        """
        found = self._cutter.cut([(span.episode, self._frames_of(span)) for span in spans])
        assert isinstance(found, SensedClip)  # the cutter was asked for senses
        return found

    def _frames_of(self, span: Span) -> slice:
        """Return frames that end with the stretch, each standing for as many as lie between two.

        What comes after it may give an answer away. So of a stretch too short for that they begin before it, and only
        where the episode has not so many before its end, they go on behind it.
        """
        source, wanted = self.sources[span.episode], self._frames
        lasts_s = source.frames * source.info.dt_s
        if not 0 <= span.start_s < span.end_s <= lasts_s + source.info.dt_s:
            raise ConfigError(
                f"No stretch from {span.start_s:g} s to {span.end_s:g} s: the episode lasts from 0 s to {lasts_s:g} s."
            )
        if source.frames < wanted:
            raise ConfigError(f"The episode has {source.frames} frames; a clip has {wanted}. Record a longer one.")
        begin, end = (round(time / source.info.dt_s, 6) for time in (span.start_s, span.end_s))
        first, last = math.floor(begin), min(math.ceil(end), source.frames)
        gaps = wanted - 1
        stride = max(math.ceil((last - first) / wanted), 1) if gaps else 1
        if gaps * stride >= last:  # they would begin before the episode does
            stride = max((last - first - 1) // gaps, 1)
        length = gaps * stride + 1
        start = max(last - length, 0)
        return slice(start, start + length, stride)

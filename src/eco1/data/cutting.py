"""Batch number k of a seeded stream of random cuts: a pure function of (seed, k)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.random import generator
from eco1.core.records import IN_METRES, UNKNOWN_BEHAVIOR, Action, Clip, Episode, Hidden, Observation
from eco1.core.senses import SensedClip
from eco1.data.augment import Augmentation, transform, transform_action
from eco1.data.augment_senses import transform_senses
from eco1.data.cut_senses import SenseCutter
from eco1.data.kept import Memory
from eco1.data.sense_schema import TEXT
from eco1.data.sources import EpisodeCache, Source

R = TypeVar("R", Observation, Hidden, Action)

#: What an empty row holds: nothing anyone may read, but nothing that breaks arithmetic either.
_EMPTY_OBSERVATION = {"identity": -1, "behavior": UNKNOWN_BEHAVIOR, "body_length_m": 1.0}
_EMPTY_HIDDEN = {"intent": -1, "target": -1}
_EMPTY_ACTION = {"behavior": UNKNOWN_BEHAVIOR}


@dataclass(frozen=True, kw_only=True)
class CutSettings:
    """How cuts are made. A cut spans ``frames`` frames, every ``stride``-th of the episode's."""

    frames: int
    batch: int
    seed: int
    strides: tuple[int, ...] = (1,)
    augmentation: Augmentation | None = None
    with_hidden: bool = False
    senses: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.frames < 1 or self.batch < 1 or self.seed < 0 or not self.strides or min(self.strides) < 1:
            raise ConfigError(
                f"Clips need at least 1 frame, a batch of 1, a seed of 0 or more and strides of 1 or more; got frames="
                f"{self.frames}, batch={self.batch}, seed={self.seed}, strides={self.strides}."
            )
        if self.augmentation is not None and TEXT in self.senses:
            raise ConfigError("Clips with words cannot be turned or mirrored: words speak of north. Leave out one.")


class Cutter:
    """Makes batches. Every possible cut of every episode is equally likely for each stride."""

    def __init__(
        self, sources: Sequence[Source], species_names: tuple[str, ...], settings: CutSettings, memory: Memory
    ) -> None:
        self._sources, self._settings = sources, settings
        self._cache = EpisodeCache(sources, species_names, memory.episodes, with_hidden=settings.with_hidden)
        self._rows = max(source.animals for source in sources)
        self._senses = SenseCutter(sources, settings.senses, memory.chunks)
        self._with_action = any(source.has_action for source in sources)
        self._last_cut = {stride: self._count_cuts(stride) for stride in settings.strides}

    def batch_at(self, number: int, /) -> Clip:
        """Return batch ``number``, (B, T, N) with N the most animals of any episode.

        Raises:
            EpisodeError: when an episode cannot be read.
        """
        settings = self._settings
        rng = generator(settings.seed, number)
        clip = self.cut([self._draw(rng) for _ in range(settings.batch)])
        return clip if settings.augmentation is None else _augmented(clip, settings.augmentation, rng)

    def cut(self, places: Sequence[tuple[int, slice]]) -> Clip:
        """Return some cuts, each frames of an episode by its number.

        Raises:
            EpisodeError: when an episode cannot be read.
        """
        cuts = [self._cut(index, frames) for index, frames in places]
        hidden = [cut.hidden for cut in cuts if cut.hidden is not None]
        action = [cut.action for cut in cuts if cut.action is not None]
        clip = Clip(
            observation=Observation.stack([cut.observation for cut in cuts]),
            dt_s=np.concatenate([cut.dt_s for cut in cuts]),
            hidden=Hidden.stack(hidden) if hidden else None,
            action=Action.stack(action) if action else None,
        )
        if self._settings.senses:
            biomes = tuple(self._sources[index].info.biome for index, _ in places)
            found, said = self._senses.batch(places), self._senses.said(places)
            clip = SensedClip(**vars(clip), senses=found, said=said, biome=biomes)
        return clip

    def _draw(self, rng: np.random.Generator) -> tuple[int, slice]:
        """Return an episode and frames of it."""
        settings = self._settings
        stride = settings.strides[rng.integers(len(settings.strides))]
        last = self._last_cut[stride]
        pick = int(rng.integers(last[-1]))
        index = int(np.searchsorted(last, pick, side="right"))
        start = pick - (int(last[index - 1]) if index else 0)
        return index, slice(start, start + (settings.frames - 1) * stride + 1, stride)

    def _cut(self, index: int, frames: slice) -> Clip:
        episode = self._cache.get(index)
        hidden = episode.hidden[frames] if self._settings.with_hidden and episode.hidden is not None else None
        return Clip(
            observation=_padded(episode.observation[frames], self._rows, _EMPTY_OBSERVATION),
            dt_s=np.array([episode.info.dt_s * frames.step], np.float32),
            hidden=None if hidden is None else _padded(hidden, self._rows, _EMPTY_HIDDEN),
            action=_padded(_told(episode, frames), self._rows, _EMPTY_ACTION) if self._with_action else None,
        )

    def _count_cuts(self, stride: int) -> np.ndarray:
        span = (self._settings.frames - 1) * stride + 1
        counts = np.cumsum([max(0, source.frames - span + 1) for source in self._sources])
        if counts[-1] == 0:
            longest = max(source.frames for source in self._sources)
            raise ConfigError(
                f"A clip of {self._settings.frames} frames with stride {stride} spans {span} frames; the longest of "
                f"{len(self._sources)} episodes has {longest}. Record longer ones: eco1 record --seconds 60"
            )
        return counts


def _told(episode: Episode, frames: slice) -> Action:
    """Return what the animals were told; in an episode in which they decided for themselves, nothing."""
    if episode.action is not None:
        return episode.action[frames]
    seen = episode.observation[frames]
    return Action(
        velocity_mps=np.zeros_like(seen.velocity_mps),
        behavior=np.full_like(seen.behavior, UNKNOWN_BEHAVIOR),
        controlled=np.zeros_like(seen.alive),
    )


def _augmented(clip: Clip, wanted: Augmentation, rng: np.random.Generator) -> Clip:
    batch = len(clip.dt_s)
    turn = (rng.uniform(-np.pi, np.pi, batch) * wanted.rotate).astype(np.float32)
    mirrored = (rng.uniform(size=batch) < 0.5) & wanted.mirror
    action = None if clip.action is None else transform_action(clip.action, turn, mirrored)
    clip = replace(clip, observation=transform(clip.observation, turn, mirrored), action=action)
    if isinstance(clip, SensedClip):
        return replace(clip, senses=transform_senses(clip.senses, turn, mirrored))
    return clip


def _padded(record: R, rows: int, empty: Mapping[str, int | float]) -> R:
    """Return the record (T, N) with empty rows up to ``rows``."""

    def pad(name: str, array: np.ndarray) -> np.ndarray:
        full = np.full((array.shape[0], rows, *array.shape[2:]), empty.get(name, 0), array.dtype)
        if name == "surroundings":
            full[..., IN_METRES] = np.nan
        full[:, : array.shape[1]] = array
        return full

    return type(record)(**{name: pad(name, array) for name, array in vars(record).items()})

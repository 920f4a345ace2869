"""Random clips for training, made ahead by worker processes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from eco1.core.errors import ConfigError
from eco1.core.records import Clip, Episode
from eco1.data.augment import Augmentation
from eco1.data.cutting import CutSettings, Cutter
from eco1.data.kept import CACHE_BYTES, Memory
from eco1.data.places import Place
from eco1.data.sources import Source, common_species, open_source
from eco1.data.workers import MadeElsewhere


@dataclass(frozen=True, kw_only=True)
class CutterRecipe:
    """All that a process needs to make the same batches as any other."""

    sources: tuple[Source, ...]
    species_names: tuple[str, ...]
    settings: CutSettings
    cache_bytes: int

    def __call__(self) -> Cutter:
        """Return a cutter with a memory of its own."""
        return self.remembering(Memory(self.cache_bytes, with_senses=bool(self.settings.senses)))

    def remembering(self, memory: Memory) -> Cutter:
        """Return a cutter that keeps what it read in a memory."""
        return Cutter(self.sources, self.species_names, self.settings, memory)


class ClipSampler:
    """An endless stream of batches of equally long random cuts.

    Batch k depends only on the seed and k: not on the number of workers, nor on what was drawn before. So a run
    resumes exactly by going on at ``position``. Workers prepare the batches that follow the last one asked for.
    Use the sampler as a context manager, or call ``close``, when it has workers.
    """

    def __init__(
        self,
        episodes: Sequence[Episode | Place],
        frames: int,
        batch: int,
        seed: int,
        *,
        species_names: Sequence[str] | None = None,
        strides: tuple[int, ...] = (1,),
        augmentation: Augmentation | None = None,
        with_hidden: bool = False,
        senses: Sequence[str] = (),
        workers: int = 0,
        every: int = 1,
        cache_bytes: int = CACHE_BYTES,
        memory: Memory | None = None,
    ) -> None:
        """Prepare a sampler.

        Args:
            episodes: episodes in memory, or paths and URLs that are read when needed.
            frames: length T of a clip.
            batch: clips B in a batch.
            seed: of all randomness, 0 or more.
            species_names: what species indices shall refer to; the episodes' own list by default.
            strides: each cut draws one; 2 plays the episode at double speed, its ``dt_s`` twice as long.
            augmentation: symmetries to draw from, none by default.
            with_hidden: add the hidden state, which then every episode must have.
            senses: what instruments recorded, to be cut along: modalities (``audio``), instruments (``video/herd``) or
                single arrays (``video/herd/rgb``), the same in every episode, and ``text``. Batches are then
                ``SensedClip``s. Only the chunks a cut touches are read; at stride 2 every other moment is left out,
                and the sound of that moment with it.
            workers: processes that prepare batches ahead (they start by ``spawn``); 0 prepares them when asked.
            every: after batch k comes batch k + every; others read what lies between (ranks of one run).
            cache_bytes: bound on the memory for episodes and what was sensed, shared among the workers.
            memory: what keeps them instead, shared with other samplers; workers have their own.

        Raises:
            ConfigError: when the settings are out of range, or the episodes do not fit each other or the settings.
            EpisodeError: when an episode cannot be read.
        """
        sources = tuple(open_source(episode) for episode in episodes)
        if not sources:
            raise ConfigError("There are no episodes to cut clips from. Record some: eco1 record --help")
        if with_hidden and not all(source.has_hidden for source in sources):
            raise ConfigError("Clips with the hidden state were asked for, but some episodes were recorded without it.")
        self.species_names = common_species(sources, species_names)
        self._recipe = CutterRecipe(
            sources=sources,
            species_names=self.species_names,
            settings=CutSettings(
                frames=frames,
                batch=batch,
                seed=seed,
                strides=strides,
                augmentation=augmentation,
                with_hidden=with_hidden,
                senses=tuple(senses),
            ),
            cache_bytes=cache_bytes // max(1, workers),
        )
        self._cutter = self._recipe() if memory is None else self._recipe.remembering(memory)
        self._elsewhere = MadeElsewhere(self._recipe, workers, every) if workers else None
        self._position, self._every = 0, every

    @property
    def position(self) -> int:
        """Number of the next batch: all the state there is."""
        return self._position

    def seek(self, position: int) -> None:
        """Go on with batch ``position``."""
        self._position = position

    def batch_at(self, number: int) -> Clip:
        """Return batch ``number``, (B, T) first, and go on after it.

        Raises:
            EpisodeError: when an episode cannot be read.
            RuntimeError: when a worker was killed.
        """
        clip = (self._elsewhere or self._cutter).batch_at(number)
        self._position = number + self._every
        return clip

    def __iter__(self) -> Iterator[Clip]:
        return self

    def __next__(self) -> Clip:
        return self.batch_at(self._position)

    def close(self) -> None:
        """Stop the workers. The sampler can go on afterwards, with new ones."""
        if self._elsewhere is not None:
            self._elsewhere.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

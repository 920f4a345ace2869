"""Episodes as a sampler needs them: their lengths at once, their arrays on demand and within a memory bound."""

from collections.abc import Sequence
from dataclasses import dataclass

from eco1.core.errors import ConfigError
from eco1.core.records import Episode, EpisodeInfo
from eco1.data.kept import Kept
from eco1.data.places import Place
from eco1.data.reader import read_cuttable, read_manifest
from eco1.data.vocabulary import common_behaviors, remap_species


@dataclass(frozen=True, kw_only=True)
class Source:
    """One episode, in memory or on disk."""

    episode: Episode | Place
    info: EpisodeInfo
    frames: int
    animals: int
    has_hidden: bool
    has_action: bool
    sensed: tuple[str, ...] = ()  # paths of the arrays that instruments recorded


def open_source(episode: Episode | Place) -> Source:
    """Return what is known of an episode without reading its arrays.

    Raises:
        EpisodeError: when it is missing, unfinished, damaged or of a newer version.
    """
    if not isinstance(episode, Episode):
        manifest = read_manifest(episode)
        return Source(
            episode=episode,
            info=manifest.info,
            frames=manifest.frames,
            animals=manifest.animals,
            has_hidden=manifest.has_hidden,
            has_action=manifest.has_action,
            sensed=tuple(manifest.chunk_crc32),
        )
    frames, animals = episode.observation.alive.shape
    return Source(
        episode=episode,
        info=episode.info,
        frames=frames,
        animals=animals,
        has_hidden=episode.hidden is not None,
        has_action=episode.action is not None,
    )


def common_species(sources: Sequence[Source], given: Sequence[str] | None) -> tuple[str, ...]:
    """Return the given species list, or the one all sources share, and make sure that their ethograms agree.

    Raises:
        ConfigError: when they do not.
    """
    common_behaviors(source.info.behavior_names for source in sources)
    if given is not None:
        return tuple(given)
    lists = {source.info.species_names for source in sources}
    if len(lists) > 1:
        raise ConfigError(
            f"Episodes name their species in {len(lists)} different lists: {sorted(lists)}. "
            "Give the one list that the model uses as species_names."
        )
    return lists.pop()


class EpisodeCache:
    """Reads episodes when first used, without their landscape; what ``kept`` has no room for is read again."""

    def __init__(
        self,
        sources: Sequence[Source],
        species_names: tuple[str, ...],
        kept: Kept[Episode],
        *,
        with_hidden: bool = False,
    ) -> None:
        self._sources, self._species_names = sources, species_names
        self._kept, self._with_hidden = kept, with_hidden
        self._in_memory: dict[int, Episode] = {}

    def get(self, index: int) -> Episode:
        """Return an episode in the common vocabulary.

        Raises:
            EpisodeError: when it cannot be read.
            UnknownNameError: when it holds a species outside the vocabulary.
        """
        origin, names = self._sources[index].episode, self._species_names
        if isinstance(origin, Episode):
            if index not in self._in_memory:
                self._in_memory[index] = remap_species(origin, names)
            return self._in_memory[index]
        key = str(origin), names, self._with_hidden
        return self._kept.get(key, lambda: read_cuttable(origin, names, with_hidden=self._with_hidden))

"""Give the indices of different episodes one meaning."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from eco1.core.errors import ConfigError, EpisodeError, unknown_name
from eco1.core.records import Episode


def remap_species(episode: Episode, species_names: Sequence[str], *, where: str = "") -> Episode:
    """Return the episode with its species indices referring to ``species_names``; empty rows become 0.

    Only species that occur have to be known.

    Raises:
        UnknownNameError: when an animal's species is not in ``species_names``.
        EpisodeError: when an animal's index is outside the episode's own list of species.
    """
    names = tuple(species_names)
    seen = episode.observation
    bodies = seen.alive | seen.carcass
    table = np.zeros(len(episode.info.species_names), np.int16)
    for index in np.unique(seen.species[bodies]):
        if not 0 <= index < len(table):
            raise EpisodeError(
                f"Species index {index} in {where or 'episode'} is outside {episode.info.species_names}."
            )
        name = episode.info.species_names[index]
        if name not in names:
            raise unknown_name("species", name, names, where=where, see="eco1 list species")
        table[index] = names.index(name)
    species = np.zeros_like(seen.species)
    species[bodies] = table[seen.species[bodies]]
    return replace(
        episode,
        info=replace(episode.info, species_names=names),
        observation=replace(seen, species=species),
    )


def common_behaviors(names: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the longest of several ethograms; an ethogram only ever grows at its end, so shorter ones are its start.

    Raises:
        ConfigError: when two ethograms give an index two meanings.
    """
    longest: tuple[str, ...] = ()
    for one in names:
        short, long = sorted((longest, one), key=len)
        if long[: len(short)] != short:
            clash = next(index for index, name in enumerate(short) if long[index] != name)
            raise ConfigError(
                f"Episodes were recorded with different ethograms: behaviour {clash} is {short[clash]!r} in one and "
                f"{long[clash]!r} in another. Record them again with one version: eco1 record --help"
            )
        longest = long
    return longest

"""Write recorded episodes in the formats of other libraries."""

from pathlib import Path
from typing import Literal

from eco1.core.errors import ConfigError, EpisodeError
from eco1.data.places import Place
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.store import list_episodes

Format = Literal["minari", "movement", "mp4", "pettingzoo"]


def export(episodes: Place, to: Format, out: Path | None = None, species: str | None = None) -> Path:
    """Write all episodes under ``episodes`` (or that one) in another format and return where.

    Args:
        episodes: a folder of episodes, one episode, or the URL of either.
        to: the format.
        out: a folder that is not there yet; by default beside the episodes, named after the format.
        species: only the animals of this species; a Minari dataset needs one.

    Raises:
        ConfigError: when a Minari dataset is asked for without a species.
        UnknownNameError: when an episode has no animal of that species.
        EpisodeError: when there is no episode, one cannot be read, or a film is asked for and no camera recorded one.
        MissingExtraError: when the library of the format is not installed.
        Eco1Error: when ``out`` is there already.
    """
    found = list_episodes(episodes)
    if not found:
        raise EpisodeError(f"There is no episode in {episodes}. Record some: eco1 record --out {episodes}")
    target = out or _beside(episodes, to)
    if to == "minari":
        if species is None:
            raise ConfigError("A Minari dataset is about one kind of animal. Name it: --species lion")
        from eco1.data.export.minari import export_minari

        return export_minari(found, target, species)
    if to == "movement":
        from eco1.data.export.movement import export_movement

        return export_movement(found, target, species)
    if to == "mp4":
        from eco1.data.export.mp4 import export_mp4

        return export_mp4(found, target, species)
    from eco1.data.export.pettingzoo import export_pettingzoo

    return export_pettingzoo(found, target, species)


def _beside(episodes: Place, to: Format) -> Path:
    if not isinstance(episodes, Path):
        raise ConfigError(f"Episodes behind a URL are exported to this machine. Say where: --out runs/{to}")
    name = episodes.name.removesuffix(EPISODE_SUFFIX)
    return episodes.with_name(f"{name}-{to}")

"""Which part of a recording is learned from and which is judged on: worlds by seed, one real recording in time."""

from collections.abc import Sequence
from pathlib import Path

from eco1.core.errors import ConfigError, EpisodeError
from eco1.core.records import Episode
from eco1.data.reader import read_episode, read_manifest
from eco1.data.schema import EPISODE_SUFFIX
from eco1.data.splits import Split, split_by_seed, split_in_time
from eco1.data.store import list_episodes
from eco1.recipes.kinds import all_species

TRAIN_SHARE = 0.8


def learning_split(source: Path, species_names: tuple[str, ...] | None = None) -> Split[Episode]:
    """Return the training and held-out parts of a folder of episodes, or of one episode.

    A folder is split by seed; a single recording in time, its last 20 % held out. Episodes in which animals were told
    what to do are only learned from. Recordings of several biomes are read with one list of all their species, or with
    ``species_names``, such as those of a model.

    Raises:
        EpisodeError: when there is no episode, or one cannot be read.
        ConfigError: when a folder has fewer than two seeds, or nothing in which animals were left alone.
        UnknownNameError: when an animal's species is not in ``species_names``.
    """
    if source.suffix == EPISODE_SUFFIX:
        _refuse_led(source)
        return split_in_time(read_episode(source, species_names), TRAIN_SHARE)
    chosen = folder_split(source)
    paths = (*chosen.train, *chosen.held_out)
    names = species_names or all_species(read_manifest(path).info.species_names for path in paths)
    return Split(
        train=tuple(read_episode(path, names) for path in chosen.train),
        held_out=tuple(read_episode(path, names) for path in chosen.held_out),
    )


def folder_split(folder: Path, senses: str = "") -> Split[Path]:
    """Return the training and held-out recordings of a folder by seed; those in which animals were led only train.

    ``senses`` are those that recordings should have come with.

    Raises:
        EpisodeError: when there is no episode.
        ConfigError: when there are fewer than two seeds, or nothing in which animals were left alone.
    """
    paths, wanted = list_episodes(folder), f" --senses {senses}" if senses else ""
    if not paths:
        raise EpisodeError(f"There is no episode in {folder}. Record some: eco1 record --out {folder}{wanted}")
    manifests = {path: read_manifest(path) for path in paths}
    free = [path for path in paths if not manifests[path].has_action]
    if not free:
        raise ConfigError(
            f"In all {len(paths)} episodes of {folder} animals were led, so none can be held out. "
            f"Record some without: eco1 record --out {folder}{wanted} --first-seed 10000"
        )
    chosen = split_by_seed(free, TRAIN_SHARE)
    judged = {manifests[path].info.seed for path in chosen.held_out}
    led = [path for path in paths if manifests[path].has_action and manifests[path].info.seed not in judged]
    return Split(train=(*chosen.train, *led), held_out=chosen.held_out)


def _refuse_led(path: Path) -> None:
    if read_manifest(path).has_action:
        raise ConfigError(
            f"In {path} animals were led, so no part of it can be held out. Record some without beside it: "
            f"eco1 record --out {path.parent} --first-seed 10000, and name the folder: "
            f"eco1 train --episodes {path.parent}"
        )


def undisturbed(episodes: Sequence[Episode]) -> tuple[Episode, ...]:
    """Return the episodes in which all animals decided for themselves."""
    return tuple(episode for episode in episodes if episode.action is None)


def only_kind(episodes: tuple[Episode, ...]) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """Return the species, behaviours and time step that all episodes share.

    Raises:
        ConfigError: when they differ.
    """
    kinds = {(e.info.species_names, e.info.behavior_names, round(e.info.dt_s, 6)) for e in episodes}
    if len(kinds) > 1:
        raise ConfigError(
            f"The episodes are of {len(kinds)} kinds (other species, behaviours or frame rate); train on one at a time."
        )
    return kinds.pop()

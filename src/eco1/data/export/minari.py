"""Single animals of one species as a Minari dataset, for offline reinforcement learning."""

import os
import warnings
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.extras import require
from eco1.data.export.trajectories import feature_names, trajectories_of
from eco1.data.export.whole import whole
from eco1.data.places import Place
from eco1.data.reader import read_episode, read_manifest

_FOLDER = "MINARI_DATASETS_PATH"
_PURPOSE = "Exporting to Minari"


def export_minari(episodes: Sequence[Place], out: Path, species: str) -> Path:
    """Write the dataset ``<biome>-<species>-v0`` under ``out`` and return ``out``.

    Load it with ``minari.load_dataset`` while the environment variable MINARI_DATASETS_PATH names ``out``. Every life
    is an episode of its own. Recordings have no rewards, so all rewards are 0.

    Raises:
        MissingExtraError: when Minari is not installed.
        UnknownNameError: when an episode has no animal of that species.
        ConfigError: when episodes are of different biomes, sizes or ethograms, or no life has two frames.
        EpisodeError: when an episode cannot be read.
        Eco1Error: when ``out`` is there already.
    """
    minari, spaces = require("minari", _PURPOSE), require("gymnasium", _PURPOSE).spaces
    require("h5py", _PURPOSE)
    biome, animals, behaviors = _only_kind(episodes)
    features = feature_names(animals)
    steps = _Steps(minari, episodes, species)
    with whole(out) as folder, _datasets_in(folder), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # it asks for environments and people, which recordings lack
        minari.create_dataset_from_buffers(
            f"{biome}-{species}-v0",
            steps,
            observation_space=spaces.Box(-np.inf, np.inf, (len(features),), np.float32),
            action_space=spaces.Dict(
                velocity_mps=spaces.Box(-np.inf, np.inf, (3,), np.float32),
                behavior=spaces.Discrete(len(behaviors) + 1, start=-1),
            ),
            algorithm_name="eco1 recording",
            description=_description(biome, species, features, behaviors),
            data_format="hdf5",
        )
        if not steps.count:
            raise ConfigError(f"No {species} was seen in two frames in a row, so there is no step to learn from.")
    return out


class _Steps:
    """Minari's buffers one by one, so that memory is that of one episode; counts those handed out."""

    def __init__(self, minari: Any, episodes: Sequence[Place], species: str) -> None:
        self._minari, self._episodes, self._species = minari, episodes, species
        self.count = 0

    def __iter__(self) -> Iterator[Any]:
        for place in self._episodes:
            episode = read_episode(place)
            for one in trajectories_of(episode, self._species, str(place)):
                yield self._minari.data_collector.EpisodeBuffer(
                    id=self.count,
                    observations=one.observations,
                    actions={"velocity_mps": one.velocity_mps, "behavior": one.behavior},
                    rewards=[0.0] * len(one.behavior),
                    terminations=one.terminations.tolist(),
                    truncations=one.truncations.tolist(),
                )
                self.count += 1


def _only_kind(episodes: Sequence[Place]) -> tuple[str, int, tuple[str, ...]]:
    manifests = [read_manifest(place) for place in episodes]
    kinds = {(one.info.biome, one.animals, one.info.behavior_names) for one in manifests}
    if len(kinds) != 1:
        raise ConfigError(
            f"A Minari dataset has one kind of observation and action; these {len(manifests)} episodes are of "
            f"{len(kinds)} kinds (biome, animals, ethogram). Export them one kind at a time."
        )
    return kinds.pop()


def _description(biome: str, species: str, features: Sequence[str], behaviors: Sequence[str]) -> str:
    return (
        f"Lives of single animals ({species}) of the biome {biome}, recorded by Eco-1. Actions: velocity_mps (ahead, "
        f"left, up) and behavior (-1 unknown; 0 on: {', '.join(behaviors)}). No rewards were recorded: all are 0. "
        f"Observations: {', '.join(features)}."
    )


@contextmanager
def _datasets_in(folder: Path) -> Generator[None]:
    """Minari takes the folder of its datasets from the environment alone."""
    before = os.environ.get(_FOLDER)
    os.environ[_FOLDER] = str(folder)
    try:
        yield
    finally:
        os.environ.pop(_FOLDER)
        if before is not None:
            os.environ[_FOLDER] = before

"""Trajectories of all agents, laid out as PettingZoo's parallel environments give them: one file for each agent.

Observations have one entry more than actions; ``terminations`` and ``truncations`` are as in PettingZoo, and agents
come and go (``born``, ``died``). There are no rewards in a recording, so there are none in the files.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eco1.data.export.trajectories import Trajectory, feature_names, trajectories_of
from eco1.data.export.whole import whole
from eco1.data.places import Place, leaf
from eco1.data.reader import read_episode
from eco1.data.schema import EPISODE_SUFFIX

INDEX = "index.json"


def export_pettingzoo(episodes: Sequence[Place], out: Path, species: str | None = None) -> Path:
    """Write ``out/<episode>/<agent>-<first frame>.npz`` and ``out/index.json``, and return ``out``.

    Raises:
        UnknownNameError: when an episode has no animal of that species.
        EpisodeError: when an episode cannot be read.
        Eco1Error: when ``out`` is there already.
    """
    with whole(out) as folder:
        index = [_export(place, folder, species) for place in episodes]
        (folder / INDEX).write_text(json.dumps({"format": "eco1-trajectories", "episodes": index}, indent=1))
    return out


def _export(place: Place, folder: Path, species: str | None) -> dict[str, Any]:
    episode = read_episode(place)
    name = leaf(place).removesuffix(EPISODE_SUFFIX)
    (folder / name).mkdir(parents=True)
    agents = [_save(life, folder / name) for life in trajectories_of(episode, species, str(place))]
    return {
        "episode": name,
        "biome": episode.info.biome,
        "seed": episode.info.seed,
        "dt_s": episode.info.dt_s,
        "licence": episode.info.provenance.get("licence", "unknown"),
        "behavior_names": episode.info.behavior_names,
        "observation": feature_names(episode.observation.alive.shape[1]),
        "action": {"velocity_mps": ["ahead", "left", "up"], "behavior": "index of behavior_names, -1 unknown"},
        "agents": agents,
    }


def _save(trajectory: Trajectory, folder: Path) -> dict[str, Any]:
    life = trajectory.life
    path = folder / f"{life.name}-{life.first:06d}.npz"
    np.savez_compressed(
        path,
        observations=trajectory.observations,
        velocity_mps=trajectory.velocity_mps,
        behavior=trajectory.behavior,
        terminations=trajectory.terminations,
        truncations=trajectory.truncations,
    )
    return {
        "agent": life.name,
        "file": f"{folder.name}/{path.name}",
        "species": life.species,
        "first_frame": life.first,
        "last_frame": life.last,
        "born": life.born,
        "died": life.died,
    }

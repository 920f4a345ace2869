"""Poses for ``movement`` (neuroinformatics-unit), as the netCDF files it keeps its own datasets in.

Layout: ``position`` (time, space, keypoints, individuals) and ``confidence`` (time, keypoints, individuals), attributes
``ds_type``, ``fps``, ``time_unit`` and ``source_software``, as checked by ``ValidPosesInputs`` of movement 0.15.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from eco1.core.extras import require
from eco1.core.records import Episode
from eco1.data.export.lives import Life, only_species
from eco1.data.export.whole import whole
from eco1.data.places import Place, leaf
from eco1.data.reader import read_episode
from eco1.data.schema import EPISODE_SUFFIX

#: Along the heading, in body lengths from the middle: head and tail are where a straight body would have them.
KEYPOINTS = {"head": 0.5, "centre": 0.0, "tail": -0.5}
_PURPOSE = "Exporting to movement"


def export_movement(episodes: Sequence[Place], out: Path, species: str | None = None) -> Path:
    """Write ``out/<episode>.nc`` for every episode and return ``out``.

    An animal is an individual of its own, NaN while it is not alive; confidence is 1 where it is. ``behavior`` is
    added beside the poses. Open a file with ``xarray.open_dataset(path, engine="h5netcdf")``.

    Raises:
        MissingExtraError: when xarray or h5netcdf is not installed.
        UnknownNameError: when an episode has no animal of that species.
        EpisodeError: when an episode cannot be read.
        Eco1Error: when ``out`` is there already.
    """
    require("h5netcdf", _PURPOSE)
    with whole(out) as folder:
        folder.mkdir()
        for place in episodes:
            episode = read_episode(place)
            dataset = poses_of(episode, list(only_species(episode, species, str(place))))
            dataset.to_netcdf(folder / f"{leaf(place).removesuffix(EPISODE_SUFFIX)}.nc", engine="h5netcdf")
    return out


def poses_of(episode: Episode, lives: Sequence[Life]) -> Any:
    """Return the poses of some lives as an ``xarray.Dataset`` that movement takes for its own."""
    xarray = require("xarray", _PURPOSE)
    info = episode.info
    names = list(dict.fromkeys(life.name for life in lives))
    frames = len(episode.observation.alive)
    position = np.full((frames, 3, len(KEYPOINTS), len(names)), np.nan, np.float32)
    behavior = np.full((frames, len(names)), -1, np.int16)
    for life in lives:
        column = names.index(life.name)
        position[life.frames, :, :, column] = _keypoints(episode, life)
        behavior[life.frames, column] = episode.observation.behavior[life.frames, life.row]
    seen = np.isfinite(position).all(1)
    return xarray.Dataset(
        data_vars={
            "position": (("time", "space", "keypoints", "individuals"), position, {"units": "m"}),
            "confidence": (("time", "keypoints", "individuals"), np.where(seen, 1.0, np.nan).astype(np.float32)),
            "behavior": (("time", "individuals"), behavior, _flags(info.behavior_names)),
        },
        coords={
            "time": np.arange(frames, dtype=np.float64) * info.dt_s,
            "space": ["x", "y", "z"],
            "keypoints": list(KEYPOINTS),
            "individuals": names,
        },
        attrs={
            "source_software": "eco1",
            "ds_type": "poses",
            "fps": 1.0 / info.dt_s,
            "time_unit": "seconds",
            "biome": info.biome,
            "seed": info.seed,
            "licence": info.provenance.get("licence", "unknown"),
        },
    )


def _keypoints(episode: Episode, life: Life) -> np.ndarray:
    """Return (frames, 3, keypoints) of one life."""
    seen = episode.observation
    heading = seen.heading_rad[life.frames, life.row]
    ahead = np.stack([np.cos(heading), np.sin(heading), np.zeros_like(heading)], -1)
    along = ahead * seen.body_length_m[life.frames, life.row, None]
    return seen.position_m[life.frames, life.row, :, None] + along[..., None] * np.array(list(KEYPOINTS.values()))


def _flags(behavior_names: Sequence[str]) -> dict[str, Any]:
    """Return the meaning of numbers as the CF conventions write it; nothing where no behaviour has a name."""
    if not behavior_names:
        return {}
    values = np.arange(-1, len(behavior_names), dtype=np.int16)
    return {"flag_values": values, "flag_meanings": " ".join(["unknown", *behavior_names])}

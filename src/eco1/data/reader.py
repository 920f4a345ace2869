"""Find and read episodes, trusting nothing: every array is checked against its checksum."""

import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from eco1.core.errors import EpisodeError
from eco1.core.records import Action, Episode, Hidden, Landscape, Observation
from eco1.data.schema import (
    ACTION_FIELDS,
    ANIMALS,
    FORMAT_NAME,
    HIDDEN_UNITS,
    LANDSCAPE,
    LANDSCAPE_UNITS,
    OBSERVATION_UNITS,
    PARTIAL_SUFFIX,
    Manifest,
    crc32,
    damaged,
    parse_manifest,
)
from eco1.data.vocabulary import remap_species

_MANIFEST_FILE = "zarr.json"


def list_episodes(root: Path) -> list[Path]:
    """Return the complete episodes under ``root`` (or ``root`` itself), sorted by path. Unfinished ones are left out.

    Raises:
        EpisodeError: when there is no such folder.
    """
    if not root.is_dir():
        raise EpisodeError(f"No folder of episodes at {root}.{_nearest(root)} Record some: eco1 record --help")
    found: list[Path] = []
    for parent, folders, files in os.walk(root):
        if _MANIFEST_FILE in files:
            folders.clear()
            if FORMAT_NAME in Path(parent, _MANIFEST_FILE).read_text(errors="replace"):
                found.append(Path(parent))
        folders[:] = [name for name in folders if not name.endswith(PARTIAL_SUFFIX)]
    return sorted(found)


def read_manifest(path: Path) -> Manifest:
    """Return what an episode says of itself, without reading its arrays.

    Raises:
        EpisodeError: when it is missing, unfinished, damaged or of a newer version.
    """
    return _open(path)[1]


def read_episode(path: Path, species_names: Sequence[str] | None = None) -> Episode:
    """Return a whole episode, (T, N) first.

    Args:
        path: the episode's folder.
        species_names: the vocabulary that the species indices shall refer to; the episode's own by default.

    Raises:
        EpisodeError: when it is missing, unfinished, truncated, damaged or of a newer version.
        UnknownNameError: when it holds a species outside ``species_names``.
    """
    group, manifest = _open(path)
    observation = Observation(**{name: _animal_array(group, manifest, name, path) for name in OBSERVATION_UNITS})
    hidden = None
    if manifest.has_hidden:
        hidden = Hidden(**{name: _animal_array(group, manifest, name, path) for name in HIDDEN_UNITS})
    action = None
    if manifest.has_action:
        told = {field: _animal_array(group, manifest, name, path) for name, field in ACTION_FIELDS.items()}
        action = Action(**told)
    episode = Episode(
        info=manifest.info,
        observation=observation,
        hidden=hidden,
        action=action,
        landscape=_landscape(group, manifest, path),
    )
    if species_names is None:
        return episode
    return remap_species(episode, species_names, where=str(path))


def _open(path: Path) -> tuple[Any, Manifest]:
    if path.name.endswith(PARTIAL_SUFFIX) and path.is_dir():
        raise _unfinished(path, path)
    if not path.is_dir():
        partial = path.with_name(path.name + PARTIAL_SUFFIX)
        if partial.is_dir():
            raise _unfinished(path, partial)
        raise EpisodeError(f"No episode at {path}.{_nearest(path)} Record one: eco1 record --help")
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
        attributes = dict(group.attrs)
    except Exception as error:  # a damaged manifest fails in many ways inside JSON and Zarr
        raise damaged(str(path), f"its manifest cannot be read ({type(error).__name__}: {error})") from error
    return group, parse_manifest(attributes, str(path))


def _animal_array(group: Any, manifest: Manifest, name: str, where: Path) -> np.ndarray:
    return _checked(group, manifest, f"{ANIMALS}/{name}", where, (manifest.frames, manifest.animals))


def _checked(group: Any, manifest: Manifest, name: str, where: Path, leading: tuple[int, ...] = ()) -> np.ndarray:
    try:
        stored = group[name]
        shape = tuple(stored.shape)
        array = np.ascontiguousarray(stored[...]) if shape[: len(leading)] == leading else None
    except Exception as error:  # Zarr and its codecs raise errors of many kinds on damaged bytes
        raise damaged(str(where), f"{name} cannot be read ({type(error).__name__}: {error})") from error
    if array is None:
        raise damaged(str(where), f"{name} has shape {shape}, its manifest says {leading}")
    if f"{crc32(array):08x}" != manifest.crc32.get(name):
        raise damaged(str(where), f"{name} does not match its checksum")
    return array


def _landscape(group: Any, manifest: Manifest, where: Path) -> Landscape | None:
    if manifest.landscape_size_m is None:
        return None
    arrays = {name: _checked(group, manifest, f"{LANDSCAPE}/{name}", where) for name in LANDSCAPE_UNITS}
    return Landscape(size_m=manifest.landscape_size_m, **arrays)


def _unfinished(path: Path, partial: Path) -> EpisodeError:
    return EpisodeError(
        f"The recording of {path} was interrupted: {partial.name} is unfinished and cannot be read. "
        "Record it again under the same name and it will be overwritten."
    )


def _nearest(path: Path) -> str:
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    match = get_close_matches(path.name, siblings, n=1, cutoff=0.6)
    return f" Did you mean {path.with_name(match[0])}?" if match else ""

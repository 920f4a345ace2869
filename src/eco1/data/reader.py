"""Read episodes, trusting nothing: every array is checked against its checksum."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import zarr

from eco1.core.errors import EpisodeError
from eco1.core.records import Action, Episode, Hidden, Landscape, Observation
from eco1.data.finding import nearest_path
from eco1.data.raw_tracks import spatial
from eco1.data.schema import (
    ACTION_FIELDS,
    ANIMALS,
    EVERY_LANDSCAPE,
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
from eco1.data.track_observation import observe_positions
from eco1.data.vocabulary import remap_species


def read_manifest(path: Path) -> Manifest:
    """Return what an episode says of itself, without reading its arrays.

    Raises:
        EpisodeError: when it is missing, unfinished, damaged or of a newer version.
    """
    return _open(path)[1]


def read_episode(path: Path, species_names: Sequence[str] | None = None) -> Episode:
    """Return a whole episode, (T, N) first.

    Where it holds positions alone, the rest is worked out as for imported tracks; nobody is alive in the first frame.

    Args:
        path: the episode's folder.
        species_names: the vocabulary that the species indices shall refer to; the episode's own by default.

    Raises:
        EpisodeError: when it is missing, unfinished, truncated, damaged or of a newer version.
        UnknownNameError: when it holds a species outside ``species_names``.
    """
    group, manifest = _open(path)
    observation = _observation(group, manifest, path)
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
        raise EpisodeError(f"No episode at {path}.{nearest_path(path)} Record one: eco1 record --help")
    try:
        group = zarr.open_group(path, mode="r", zarr_format=3)
        attributes = dict(group.attrs)
    except Exception as error:  # a damaged manifest fails in many ways inside JSON and Zarr
        raise damaged(str(path), f"its manifest cannot be read ({type(error).__name__}: {error})") from error
    return group, parse_manifest(attributes, str(path))


def _observation(group: Any, manifest: Manifest, where: Path) -> Observation:
    if manifest.has_positions_alone:
        shape = (manifest.frames, manifest.animals, 3)
        position_m = _checked(group, manifest, f"{ANIMALS}/position_m", where, shape)
        return observe_positions(spatial(position_m, str(where)), manifest.info.dt_s, _only_length_m(manifest, where))
    return Observation(**{name: _animal_array(group, manifest, name, where) for name in OBSERVATION_UNITS})


def _only_length_m(manifest: Manifest, where: Path) -> float:
    """Return the one body length of animals of the one species, as an episode of positions alone has to state."""
    length, names = manifest.body_length_m, manifest.info.species_names
    if not isinstance(length, int | float) or not 0 < length < math.inf or len(names) != 1:
        raise EpisodeError(
            f"Episode {where} holds positions alone. Then its manifest has to say body_length_m, in metres, and one "
            f"species; it says {length} and {list(names)}. Or import the tracks: eco1 import --help"
        )
    return float(length)


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
    there = [name for name in LANDSCAPE_UNITS if name in EVERY_LANDSCAPE or f"{LANDSCAPE}/{name}" in manifest.crc32]
    arrays = {name: _checked(group, manifest, f"{LANDSCAPE}/{name}", where) for name in there}
    return Landscape(size_m=manifest.landscape_size_m, **arrays)


def _unfinished(path: Path, partial: Path) -> EpisodeError:
    return EpisodeError(
        f"The recording of {path} was interrupted: {partial.name} is unfinished and cannot be read. "
        "Record it again under the same name and it will be overwritten."
    )

"""Read episodes, trusting nothing: every array is checked against its checksum."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from eco1.core.errors import EpisodeError
from eco1.core.records import Action, Episode, Hidden, Landscape, Observation
from eco1.data.opening import open_episode, read_checked
from eco1.data.places import Place
from eco1.data.raw_tracks import spatial
from eco1.data.schema import (
    ACTION_FIELDS,
    ANIMALS,
    EVERY_LANDSCAPE,
    HIDDEN_UNITS,
    LANDSCAPE,
    LANDSCAPE_UNITS,
    OBSERVATION_UNITS,
    Manifest,
)
from eco1.data.track_observation import observe_positions
from eco1.data.vocabulary import remap_species


def read_manifest(path: Place) -> Manifest:
    """Return what an episode says of itself, without reading its arrays.

    Raises:
        EpisodeError: when it is missing, unfinished, damaged or of a newer version.
    """
    return open_episode(path)[1]


def read_episode(path: Place, species_names: Sequence[str] | None = None) -> Episode:
    """Return a whole episode, (T, N) first.

    Where it holds positions alone, the rest is worked out as for imported tracks; nobody is alive in the first frame.

    Args:
        path: the episode's folder, or its URL.
        species_names: the vocabulary that the species indices shall refer to; the episode's own by default.

    Raises:
        EpisodeError: when it is missing, unfinished, truncated, damaged or of a newer version.
        UnknownNameError: when it holds a species outside ``species_names``.
    """
    group, manifest = open_episode(path)
    episode = replace(_cuttable(group, manifest, path, with_hidden=True), landscape=_landscape(group, manifest, path))
    return episode if species_names is None else remap_species(episode, species_names, where=str(path))


def read_cuttable(path: Place, species_names: Sequence[str], *, with_hidden: bool) -> Episode:
    """Return what clips are cut from: an episode without its landscape, and only where wanted with its hidden state.

    Raises:
        EpisodeError: when it is missing, unfinished, truncated, damaged or of a newer version.
        UnknownNameError: when it holds a species outside ``species_names``.
    """
    group, manifest = open_episode(path)
    episode = _cuttable(group, manifest, path, with_hidden=with_hidden)
    return remap_species(episode, species_names, where=str(path))


def _cuttable(group: Any, manifest: Manifest, path: Place, *, with_hidden: bool) -> Episode:
    hidden = None
    if manifest.has_hidden and with_hidden:
        hidden = Hidden(**{name: _animal_array(group, manifest, name, path) for name in HIDDEN_UNITS})
    action = None
    if manifest.has_action:
        told = {field: _animal_array(group, manifest, name, path) for name, field in ACTION_FIELDS.items()}
        action = Action(**told)
    return Episode(info=manifest.info, observation=_observation(group, manifest, path), hidden=hidden, action=action)


def _observation(group: Any, manifest: Manifest, where: Place) -> Observation:
    if manifest.has_positions_alone:
        shape = (manifest.frames, manifest.animals, 3)
        position_m = read_checked(group, manifest, f"{ANIMALS}/position_m", where, shape)
        return observe_positions(spatial(position_m, str(where)), manifest.info.dt_s, _only_length_m(manifest, where))
    return Observation(**{name: _animal_array(group, manifest, name, where) for name in OBSERVATION_UNITS})


def _only_length_m(manifest: Manifest, where: Place) -> float:
    """Return the one body length of animals of the one species, as an episode of positions alone has to state."""
    length, names = manifest.body_length_m, manifest.info.species_names
    if not isinstance(length, int | float) or not 0 < length < math.inf or len(names) != 1:
        raise EpisodeError(
            f"Episode {where} holds positions alone. Then its manifest has to say body_length_m, in metres, and one "
            f"species; it says {length} and {list(names)}. Or import the tracks: eco1 import --help"
        )
    return float(length)


def _animal_array(group: Any, manifest: Manifest, name: str, where: Place) -> np.ndarray:
    return read_checked(group, manifest, f"{ANIMALS}/{name}", where, (manifest.frames, manifest.animals))


def _landscape(group: Any, manifest: Manifest, where: Place) -> Landscape | None:
    if manifest.landscape_size_m is None:
        return None
    there = [name for name in LANDSCAPE_UNITS if name in EVERY_LANDSCAPE or f"{LANDSCAPE}/{name}" in manifest.crc32]
    arrays = {name: read_checked(group, manifest, f"{LANDSCAPE}/{name}", where) for name in there}
    return Landscape(size_m=manifest.landscape_size_m, **arrays)

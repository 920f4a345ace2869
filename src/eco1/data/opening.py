"""Open an episode wherever it lies, and read its arrays trusting nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import zarr

from eco1.core.errors import EpisodeError
from eco1.data.finding import MANIFEST_FILE, nearest_path
from eco1.data.places import Place, child, store, store_errors
from eco1.data.schema import PARTIAL_SUFFIX, Manifest, crc32, damaged, parse_manifest


def open_episode(place: Place) -> tuple[Any, Manifest]:
    """Return the Zarr group of an episode and what it says of itself.

    Raises:
        EpisodeError: when it is missing, unfinished, damaged or of a newer version.
    """
    if isinstance(place, Path):
        _refuse_missing(place)
    else:
        _refuse_missing_there(place)
    try:
        group = zarr.open_group(place, mode="r", zarr_format=3)
        attributes = dict(group.attrs)
    except Exception as error:  # a damaged manifest fails in many ways inside JSON and Zarr
        raise damaged(str(place), f"its manifest cannot be read ({type(error).__name__}: {error})") from error
    return group, parse_manifest(attributes, str(place))


def read_checked(group: Any, manifest: Manifest, name: str, where: Place, leading: tuple[int, ...] = ()) -> np.ndarray:
    """Return a whole array, checked against the manifest.

    Raises:
        EpisodeError: when its bytes, or the ``leading`` axes of its shape, are not those that were written.
    """
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


def _refuse_missing(path: Path) -> None:
    if path.name.endswith(PARTIAL_SUFFIX) and path.is_dir():
        raise _unfinished(path, path.name)
    if not path.is_dir():
        partial = path.with_name(path.name + PARTIAL_SUFFIX)
        if partial.is_dir():
            raise _unfinished(path, partial.name)
        raise EpisodeError(f"No episode at {path}.{nearest_path(path)} Record one: eco1 record --help")


def _refuse_missing_there(url: str) -> None:
    files, root = store(url)
    with store_errors(url):
        if files.exists(store(child(url, MANIFEST_FILE))[1]):
            return
        begun = files.exists(root)
    if begun:
        raise _unfinished(url, f"{url} has no {MANIFEST_FILE} yet, so it")
    raise EpisodeError(f"No episode at {url}. Record one: eco1 record --help")


def _unfinished(place: Place, partial: str) -> EpisodeError:
    return EpisodeError(
        f"The recording of {place} was interrupted: {partial} is unfinished and cannot be read. "
        "Record it again under the same name and it will be overwritten."
    )

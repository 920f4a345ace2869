"""What instruments leave on disk: array names, units, types and how each is packed.

``<modality>/<instrument>/<field>`` holds one field of the record of that modality, time first.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from zarr.codecs import BloscCodec, ZstdCodec

from eco1.core.errors import EpisodeError, unknown_name
from eco1.core.records import ArrayRecord
from eco1.core.senses import SKY, UNLABELLED, Description, Frames, PointCloud, Senses, Sound

TEXT = "text"
#: By modality, the record that one instrument brings back.
RECORDS: dict[str, type[ArrayRecord]] = {"video": Frames, "audio": Sound, "points": PointCloud}
#: By modality and field: unit, type, axes of one moment, and what stands where it was not recorded.
FIELDS: dict[str, dict[str, tuple[str, type[np.generic], str, float]]] = {
    "video": {
        "rgb": ("1", np.uint8, "h w 3", 0),
        "depth_m": ("m", np.float32, "h w", np.nan),
        "instance": ("row, or what else it is", np.int16, "h w", UNLABELLED),
        "flow_px": ("px", np.float32, "h w 2", np.nan),
        "eye_m": ("m", np.float32, "3", np.nan),
        "axes": ("1", np.float32, "3 3", np.nan),
        "field_of_view_rad": ("rad", np.float32, "", np.nan),
    },
    "audio": {"samples": ("1", np.int16, "c s", 0), "ear_m": ("m", np.float32, "3", np.nan)},
    "points": {
        "position_m": ("m", np.float32, "k 3", np.nan),
        "instance": ("row, or what else it is", np.int16, "k", SKY),
        "species": ("index of species_names", np.int16, "k", -1),
    },
}
TEXT_FIELDS = tuple(vars(Description()))
#: Everything is kept exactly. Measured on pictures of a moving camera, 64 x 64, in chunks of 64, one thread, in bytes
#: and milliseconds a frame: rgb 2541, 0.04; depth 6391, 0.06; flow 23170, 0.02; instance 20, 0.002. What repeats in
#: time (pictures, labels) packs best as one run of bytes, numbers with noise in their low bytes after a shuffle.
_PLAIN, _LABELS = ZstdCodec(level=3), ZstdCodec(level=1)
_NUMBERS, _SOUND = BloscCodec(cname="zstd", clevel=3, shuffle="shuffle"), BloscCodec(cname="zstd", clevel=1)
_FLOW = BloscCodec(cname="lz4", clevel=5, shuffle="bitshuffle")
_PACKED: dict[str, Any] = {
    "rgb": _PLAIN,
    "depth_m": _NUMBERS,
    "flow_px": _FLOW,
    "instance": _LABELS,
    "species": _LABELS,
    "samples": _SOUND,
    "position_m": _NUMBERS,
}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

R = TypeVar("R", Frames, Sound, PointCloud)


def unit_of(path: str) -> str:
    """Return the unit of an array of an instrument."""
    modality, _, field = path.split("/")
    return FIELDS[modality][field][0]


def compressor_of(path: str) -> Any:
    """Return the codec that packs an array of an instrument."""
    return _PACKED.get(path.rpartition("/")[2], _PLAIN)


def sense_arrays(senses: Senses) -> dict[str, np.ndarray]:
    """Return the arrays of one moment by their path in the group.

    Raises:
        EpisodeError: when an instrument has a name that cannot be one, an array of another type or no pixel at all.
    """
    return {path: _proper(path, array) for path, array in _arrays(senses)}


def wanted_paths(recorded: Mapping[str, object], wanted: tuple[str, ...], where: str) -> list[str]:
    """Return the recorded array paths that ``wanted`` asks for: modalities, instruments or arrays.

    Raises:
        UnknownNameError: when it asks for what was not recorded.
    """
    allowed = {"/".join(path.split("/")[: k + 1]) for path in recorded for k in range(3)}
    for name in wanted:
        if name not in allowed:
            raise unknown_name("recorded sense", name, allowed or {"(nothing was recorded)"}, where=where)
    return [path for path in recorded if any(f"{path}/".startswith(f"{name}/") for name in wanted)]


def assemble(arrays: Mapping[str, np.ndarray]) -> Senses:
    """Return arrays by their paths as records; fields that are missing are filled with what stands for unknown.

    The filling takes no memory: it is one number seen everywhere, and cannot be written to.
    """
    names = {tuple(path.split("/")[:2]) for path in arrays}
    found: dict[str, dict[str, Any]] = {modality: {} for modality in FIELDS}
    for modality, name in sorted(names):
        mine = {field: arrays[path] for field in FIELDS[modality] if (path := f"{modality}/{name}/{field}") in arrays}
        found[modality][name] = RECORDS[modality](**mine, **_unknown(modality, mine))
    return Senses(**found)


def _unknown(modality: str, known: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    sizes: dict[str, int] = {}
    leading: tuple[int, ...] = ()
    for field, array in known.items():
        letters = FIELDS[modality][field][2].split()
        leading = array.shape[: array.ndim - len(letters)]
        sizes |= dict(zip(letters, array.shape[len(leading) :], strict=True))
    return {
        name: np.broadcast_to(np.array(blank, dtype), (*leading, *_shape(axes, sizes)))
        for name, (_, dtype, axes, blank) in FIELDS[modality].items()
        if name not in known
    }


def _shape(axes: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """Return the shape of a moment; an axis of which nothing is known has no length."""
    return tuple(int(axis) if axis.isdigit() else sizes.get(axis, 0) for axis in axes.split())


def _arrays(senses: Senses) -> Iterator[tuple[str, np.ndarray]]:
    for modality, instruments in vars(senses).items():
        for name, record in instruments.items():
            if not _NAME.fullmatch(name):
                raise EpisodeError(
                    f"An instrument is called {name!r}; its name becomes that of a folder, so letters, digits, - and _ "
                    "are allowed, such as 'waterhole'."
                )
            for field in FIELDS[modality]:
                yield f"{modality}/{name}/{field}", getattr(record, field)


def _proper(path: str, array: np.ndarray) -> np.ndarray:
    modality, _, field = path.split("/")
    _, dtype, axes, _ = FIELDS[modality][field]
    if array.dtype != dtype or array.ndim != len(axes.split()) or 0 in array.shape:
        raise EpisodeError(
            f"{path} came with type {array.dtype} and shape {array.shape}; wanted {np.dtype(dtype)} of shape ({axes}), "
            "not empty."
        )
    return array

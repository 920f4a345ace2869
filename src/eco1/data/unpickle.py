"""Read a NumPy file that holds a pickled dict, without letting it run code.

Loading a pickle may execute anything its author wrote into it. Tracks come from strangers, so only the few
constructors that NumPy arrays and scalars need are allowed; every other name is refused.
"""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from eco1.core.errors import TrackError


def _encode(text: str, encoding: str = "latin1") -> bytes:
    """Stand in for ``_codecs.encode``, which pickle protocol 2 uses to store bytes."""
    if encoding not in ("latin1", "latin-1"):
        raise pickle.UnpicklingError(f"encoding {encoding!r} is not allowed")
    return text.encode("latin1")


_RECONSTRUCT: Callable[..., Any] = np.zeros(0).__reduce__()[0]  # type: ignore[assignment,index]
_SCALAR: Callable[..., Any] = np.float64(0).__reduce__()[0]  # type: ignore[assignment,index]
_FROM_BUFFER: Callable[..., Any] = np.zeros(1).__reduce_ex__(5)[0]  # type: ignore[assignment,index]
_ALLOWED: dict[tuple[str, str], Any] = {
    ("numpy", "ndarray"): np.ndarray,
    ("numpy", "dtype"): np.dtype,
    ("_codecs", "encode"): _encode,
    **{(f"numpy.{core}.multiarray", "_reconstruct"): _RECONSTRUCT for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): _SCALAR for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): _FROM_BUFFER for core in ("core", "_core")},
}


class _ArrayUnpickler(pickle.Unpickler):
    def find_class(self, module_name: str, global_name: str, /) -> Any:
        """Return an allowed constructor, or refuse."""
        try:
            return _ALLOWED[module_name, global_name]
        except KeyError:
            raise pickle.UnpicklingError(f"it wants to call {module_name}.{global_name}") from None


def load_npy(path: Path) -> Any:
    """Return the array, or the pickled Python object, in a ``.npy`` file.

    Raises:
        TrackError: when it is not a NumPy file, is cut short, or holds anything but plain data and arrays.
    """
    try:
        with path.open("rb") as file:
            return _load(file)
    except FileNotFoundError:
        raise TrackError(f"No tracks at {path}. Give the path of a .npy or .csv file.") from None
    except (OSError, ValueError, EOFError, pickle.UnpicklingError, TypeError, AttributeError, IndexError) as error:
        raise TrackError(
            f"{path} cannot be read as tracks: {error}. Allowed: a NumPy file with a (frames, animals, 2) array, or "
            "with a dict of plain values and arrays as idtracker.ai writes it."
        ) from error


def _load(file: BinaryIO) -> Any:
    version = np.lib.format.read_magic(file)
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, _, dtype = read_header(file)
    if dtype != np.dtype(object):
        file.seek(0)
        return np.load(file, allow_pickle=False)
    if shape != ():
        raise ValueError(f"an array of objects of shape {shape}")
    return _ArrayUnpickler(file, encoding="latin1").load().item()

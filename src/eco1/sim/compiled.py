"""How the laws and kernels are compiled, and where the result is kept."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core import config

from eco1.core import random

F = TypeVar("F", bound=Callable[..., Any])


def _source_digest(folders: tuple[Path, ...]) -> str:
    """Return a name for the state of all sources that are compiled together."""
    digest = hashlib.sha256()
    for path in [*(path for folder in folders for path in sorted(folder.rglob("*.py"))), Path(random.__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


_HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
_SETTINGS: Any = config
_CACHE = Path(_SETTINGS.CACHE_DIR or _HOME / "eco1")


def _compile(function: F, **options: Any) -> F:
    # Without numba's runtime (_nrt) no references are counted: atomic counters on shared arrays cost a quarter of the
    # time and keep threads from scaling. In return nothing compiled here may create an array.
    settings: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, **options}
    return cast(F, njit(**settings)(function))


def entry_of(room: str, *folders: Path) -> Callable[[F], F]:
    """Return the decorator of what a room calls from Python: compiled, and kept on disk with all it calls.

    Numba looks for changes only in the file of a function, not in those of the functions it calls: a changed law would
    go unnoticed by its kernel. A folder per state of the sources keeps every kernel true to its laws; a room above this
    one names its own ``folders``.
    """
    kept = str(_CACHE / f"{room}-{_source_digest((Path(__file__).parent, *folders))}")

    def entry(function: F) -> F:
        before, _SETTINGS.CACHE_DIR = _SETTINGS.CACHE_DIR, kept
        try:
            return _compile(function, cache=True)
        finally:
            _SETTINGS.CACHE_DIR = before

    return entry


entry = entry_of("sim")


def compiled(function: F) -> F:
    """Compile a path that is taken rarely or is long: called as a function."""
    return _compile(function)


def inlined(function: F) -> F:
    """Compile a law into whatever calls it: passing the tables along would cost more than most laws themselves."""
    return _compile(function, forceinline=True)

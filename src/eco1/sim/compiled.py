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


def _source_digest() -> str:
    """Return a name for the state of all sources that are compiled together."""
    digest = hashlib.sha256()
    for path in [*sorted(Path(__file__).parent.rglob("*.py")), Path(random.__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


# Numba looks for changes only in the file of a function, not in those of the functions it calls: a changed law would go
# unnoticed by its kernel. A folder per state of the sources keeps every kernel true to its laws.
_HOME = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
_SETTINGS: Any = config
_FOLDER = str(Path(_SETTINGS.CACHE_DIR or _HOME / "eco1") / f"sim-{_source_digest()}")


def _compile(function: F, **options: Any) -> F:
    # Without numba's runtime (_nrt) no references are counted: atomic counters on shared arrays cost a quarter of the
    # time and keep threads from scaling. In return nothing compiled here may create an array.
    settings: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, **options}
    return cast(F, njit(**settings)(function))


def entry(function: F) -> F:
    """Compile what is called from Python; the result, with all it calls, is kept on disk."""
    before, _SETTINGS.CACHE_DIR = _SETTINGS.CACHE_DIR, _FOLDER
    try:
        return _compile(function, cache=True)
    finally:
        _SETTINGS.CACHE_DIR = before


def compiled(function: F) -> F:
    """Compile a path that is taken rarely or is long: called as a function."""
    return _compile(function)


def inlined(function: F) -> F:
    """Compile a law into whatever calls it: passing the tables along would cost more than most laws themselves."""
    return _compile(function, forceinline=True)

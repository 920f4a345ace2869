"""How kernels are compiled by Numba, and where the result is kept."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit
from numba.core import config

from eco1.core import random
from eco1.core.files import cache_folder

F = TypeVar("F", bound=Callable[..., Any])

_SETTINGS: Any = config
_CACHE = Path(_SETTINGS.CACHE_DIR or cache_folder())


class Compiler:
    """Compiles the kernels of one room and keeps them in a folder per state of that room's sources.

    Numba looks for changes only in the file of a function, not in those of the functions it calls: a changed law would
    go unnoticed by its kernel. A folder per state of all sources keeps every kernel true to what it calls. What is
    compiled may call functions of these folders and ``core.random``, and must not create an array.

    Args:
        room: names the folder.
        sources: the package folders whose files, together with ``core.random``, decide about the state.
        options: further settings of ``numba.njit``, such as ``fastmath``.
    """

    def __init__(self, room: str, *sources: Path, **options: Any) -> None:
        self._folder = str(_CACHE / f"{room}-{source_digest(*sources)}")
        # Without numba's runtime (_nrt) no references are counted: atomic counters on shared arrays cost a quarter of
        # the time and keep threads from scaling.
        self._settings: dict[str, Any] = {"nogil": True, "error_model": "numpy", "_nrt": False, **options}

    def entry(self, function: F) -> F:
        """Compile what is called from Python; the result, with all it calls, is kept on disk."""
        before, _SETTINGS.CACHE_DIR = _SETTINGS.CACHE_DIR, self._folder
        try:
            return self._compile(function, cache=True)
        finally:
            _SETTINGS.CACHE_DIR = before

    def compiled(self, function: F) -> F:
        """Compile a path that is taken rarely or is long: called as a function."""
        return self._compile(function)

    def inlined(self, function: F) -> F:
        """Compile into whatever calls it: passing tables along would cost more than most short functions themselves."""
        return self._compile(function, forceinline=True)

    def _compile(self, function: F, **options: Any) -> F:
        return cast(F, njit(**self._settings, **options)(function))


def source_digest(*sources: Path) -> str:
    """Return a name for the state of all files that are compiled together: package folders and ``core.random``."""
    digest = hashlib.sha256()
    for path in [*(path for folder in sources for path in sorted(folder.rglob("*.py"))), Path(random.__file__)]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]

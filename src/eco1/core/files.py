"""Files that are either whole or not there."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from eco1.core.errors import Eco1Error

PART = ".part"


def cache_folder() -> Path:
    """Return where what can be had again is kept: ``$XDG_CACHE_HOME/eco1`` or ``~/.cache/eco1``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "eco1"


def write_durably(path: Path, data: bytes) -> None:
    """Write a file so that a reader, or a power cut, meets the old content or the new and nothing between."""
    replace_durably(path, lambda part: part.write_bytes(data))


def write_result(path: Path, text: str) -> Path:
    """Write a file whole or not at all, make its folder when missing, and return its path.

    Raises:
        Eco1Error: when the disk is full or cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_durably(path, text.encode())
    except OSError as error:
        raise Eco1Error(
            f"Could not write {path}: {error.strerror or error}. What was there before is untouched. "
            f"Make room in {path.parent}, or write elsewhere, then run the command again."
        ) from error
    return path


def replace_durably(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a file beside ``path``, bring it to the disk, then rename it over ``path``."""
    part = path.with_name(path.name + PART)
    try:
        write(part)
        flush(part)
        os.replace(part, path)
    except OSError:
        part.unlink(missing_ok=True)
        raise
    flush(path.parent)


def flush(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file as hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

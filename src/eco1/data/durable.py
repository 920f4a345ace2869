"""Bring files to the disk, and say in one message why that failed."""

import errno
import os
from pathlib import Path

from eco1.core.errors import EpisodeError
from eco1.core.files import flush


def sync_tree(folder: Path) -> None:
    """Make sure that a folder and all in it survive a loss of power."""
    for parent, _, files in os.walk(folder):
        for name in files:
            flush(Path(parent, name))
        flush(Path(parent))


def storage_error(path: Path, error: OSError) -> EpisodeError:
    """Return what to say when a recording could not be written."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return EpisodeError(
            f"The disk is full: {path} could not be written and was removed; other episodes are untouched. "
            f"Free space in {path.parent} and record again."
        )
    return EpisodeError(f"{path} could not be written: {error}. Choose a folder that can be written: --out OTHER")

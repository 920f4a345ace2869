"""Files and folders that are either whole or not there."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from eco1.core.errors import Eco1Error
from eco1.data.schema import PARTIAL_SUFFIX


@contextmanager
def whole(out: Path) -> Generator[Path]:
    """Give a place to write to, which becomes ``out`` when the context is left without an error, else nothing.

    Raises:
        Eco1Error: when ``out`` is there already.
    """
    if out.exists():
        raise Eco1Error(f"{out} exists already and is never overwritten. Delete it, or name another place with --out.")
    partial = out.with_name(out.name + PARTIAL_SUFFIX)
    _remove(partial)
    out.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield partial
        partial.rename(out)
    finally:
        _remove(partial)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""One writer for a dataset at a time: a lock file that says who, and that is void when they are gone."""

import json
import logging
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from eco1.core.errors import EpisodeError
from eco1.data.places import Place, child, store, store_errors

LOCK_FILE = ".recording.json"
_log = logging.getLogger(__name__)


@contextmanager
def only_writer(root: Place) -> Generator[None]:
    """Be the one who records to a dataset, until the context is left.

    A lock whose process is gone from this machine is taken over. Processes of other machines cannot be asked.

    Raises:
        EpisodeError: when another process records there; nothing was changed.
    """
    files, path = store(child(root, LOCK_FILE))
    me = {"pid": os.getpid(), "host": socket.gethostname(), "began": _began(os.getpid())}
    with store_errors(root):
        files.makedirs(path.rpartition("/")[0], exist_ok=True)
        if not _created(files, path, me):
            _take_over(files, path, me, root)
    try:
        yield
    finally:
        with suppress(OSError):
            files.rm(path)


def _created(files: Any, path: str, me: dict[str, Any]) -> bool:
    try:
        with files.open(path, "xb") as lock:
            lock.write(json.dumps(me).encode())
    except FileExistsError:
        return False
    return True


def _take_over(files: Any, path: str, me: dict[str, Any], root: Place) -> None:
    try:
        holder = json.loads(files.cat_file(path))
        gone = holder["host"] == me["host"] and not _is_running(int(holder["pid"]), holder["began"])
    except (ValueError, KeyError, TypeError):
        holder, gone = {"pid": "?", "host": "?"}, False
    if gone:
        _log.warning("Process %s, which was recording to %s, is gone; going on in its place", holder["pid"], root)
        files.rm(path)
        if _created(files, path, me):
            return
    raise EpisodeError(
        f"{root} is being recorded by process {holder['pid']} on {holder['host']}; two at once would get into each "
        f"other's way, so nothing was changed. Wait for it, or record elsewhere: eco1 record --out OTHER. If that "
        f"process is gone, delete {child(root, LOCK_FILE)}"
    )


def _is_running(pid: int, began: str) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it runs, and belongs to somebody else
        pass
    return _began(pid) == began


def _began(pid: int) -> str:
    """Return when a process started, where the system tells, so that a number given out anew is not mistaken."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""

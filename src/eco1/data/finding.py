"""Find episodes on disk, and say so when one that should be there has lost its manifest."""

import json
import os
from difflib import get_close_matches
from pathlib import Path
from typing import NoReturn, overload

from eco1.core.errors import EpisodeError
from eco1.data.places import Place, store, store_errors
from eco1.data.schema import EPISODE_SUFFIX, FORMAT_NAME, PARTIAL_SUFFIX, damaged

#: Holds the manifest of an episode, and is written last.
MANIFEST_FILE = "zarr.json"
#: What Zarr v2, which no episode was ever written in, has in place of the manifest.
_OLD_ZARR_FILES = (".zgroup", ".zarray")


@overload
def list_episodes(root: Path) -> list[Path]: ...
@overload
def list_episodes(root: str) -> list[str]: ...
def list_episodes(root: Place) -> list[Path] | list[str]:
    """Return the complete episodes under ``root`` (or ``root`` itself), sorted by path. Unfinished ones are left out.

    On this machine an episode without a manifest has lost it; behind a URL it is one that is still on its way.

    Raises:
        EpisodeError: when there is no such folder, or the manifest of a ``.zarr`` folder is lost or unreadable.
    """
    return _list_here(root) if isinstance(root, Path) else _list_there(root)


def is_complete(place: Place) -> bool:
    """Return whether an episode is there. A damaged one is: it is found out when it is read, never written over."""
    if isinstance(place, Path):
        return place.exists()
    files, top = store(place)
    with store_errors(place):
        return bool(files.exists(f"{top}/{MANIFEST_FILE}"))


def _list_there(root: str) -> list[str]:
    files, top = store(root)
    with store_errors(root):
        manifests = files.glob(f"{top}/**/*{EPISODE_SUFFIX}/{MANIFEST_FILE}")
        if top.endswith(EPISODE_SUFFIX) and files.exists(f"{top}/{MANIFEST_FILE}"):
            manifests.append(f"{top}/{MANIFEST_FILE}")
        if not manifests and not files.exists(top):
            raise EpisodeError(f"No episodes at {root}. Record some: eco1 record --help")
    inside = sorted(manifest.removesuffix(f"/{MANIFEST_FILE}").removeprefix(top) for manifest in manifests)
    return [f"{root}{path}" for path in inside]


def _list_here(root: Path) -> list[Path]:
    if not root.is_dir():
        raise EpisodeError(f"No folder of episodes at {root}.{nearest_path(root)} Record some: eco1 record --help")
    found: list[Path] = []
    for parent, folders, files in os.walk(root, onerror=_refuse_closed):
        folders[:] = [name for name in folders if not name.endswith(PARTIAL_SUFFIX)]
        if MANIFEST_FILE in files:
            folders.clear()
            if _is_episode(Path(parent)):
                found.append(Path(parent))
        elif parent.endswith(EPISODE_SUFFIX) and not any(name in files for name in _OLD_ZARR_FILES):
            raise damaged(parent, f"its manifest {MANIFEST_FILE} is lost")
    return sorted(found)


def nearest_path(path: Path) -> str:
    """Return a sentence with the entry beside ``path`` that was perhaps meant, or nothing."""
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    match = get_close_matches(path.name, siblings, n=1, cutoff=0.6)
    return f" Did you mean {path.with_name(match[0])}?" if match else ""


def _is_episode(folder: Path) -> bool:
    """Return whether a manifest is that of an episode: others are of other Zarr groups, and nobody's business."""
    try:
        text = (folder / MANIFEST_FILE).read_text(encoding="utf-8")
        json.loads(text)
    except (OSError, ValueError) as error:
        raise damaged(str(folder), f"its manifest cannot be read ({type(error).__name__}: {error})") from error
    return FORMAT_NAME in text


def _refuse_closed(error: OSError) -> NoReturn:
    raise EpisodeError(
        f"{error.filename} cannot be searched for episodes: {error.strerror}. Make it readable, or move it elsewhere."
    ) from error

"""Where episodes lie: a path of this machine, or a URL of any store that fsspec knows (s3://, gs://, memory:// ...).

fsspec is a small package without dependencies of its own; the store's driver (s3fs, gcsfs) is up to the user.
"""

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fsspec
from fsspec.core import url_to_fs

from eco1.core.errors import EpisodeError, unknown_name

#: A path, or the text of a URL.
Place = Path | str


def as_place(text: Place) -> Place:
    """Return a path for what lies on this machine (``file://`` too), else the URL without a slash at its end.

    Raises:
        UnknownNameError: when no store goes by the URL's protocol.
    """
    if isinstance(text, Path):
        return text
    protocol, divider, rest = text.partition("://")
    if not divider:
        return Path(text)
    if protocol in ("file", "local"):
        return Path(rest)
    if protocol not in fsspec.available_protocols():
        raise unknown_name("protocol", protocol, fsspec.available_protocols(), where=text)
    return text.rstrip("/")


def child(place: Place, name: str) -> Place:
    """Return the place ``name`` inside another."""
    return place / name if isinstance(place, Path) else f"{place}/{name}"


def leaf(place: Place) -> str:
    """Return the last part of a place."""
    return place.name if isinstance(place, Path) else place.rpartition("/")[2]


def store(place: Place) -> tuple[Any, str]:
    """Return the file system that holds a place, and the path of the place in it.

    Raises:
        EpisodeError: when the store's driver is not installed, or refuses.
    """
    if isinstance(place, Path):
        return fsspec.filesystem("file"), str(place.absolute())
    with store_errors(place):
        return url_to_fs(place)


@contextmanager
def store_errors(place: Place) -> Generator[None]:
    """Say in one message what a store refused."""
    try:
        yield
    except ImportError as error:
        raise EpisodeError(
            f"{place} needs a driver that is not installed: {error}. Install it, such as: pip install s3fs"
        ) from error
    except OSError as error:
        raise EpisodeError(
            f"{place} could not be reached: {error}. Complete episodes there are kept; the same command goes on."
        ) from error

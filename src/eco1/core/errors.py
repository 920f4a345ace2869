"""Errors that teach: what was wrong, what came, what is allowed, the nearest match, the next command."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class Eco1Error(Exception):
    """Base of every error a user can cause. The command line prints it on one line and exits with code 2."""


class UnknownNameError(Eco1Error):
    """A name that is not in a closed list."""


class CatalogError(Eco1Error):
    """A catalog file that cannot be read as it stands."""


class EpisodeError(Eco1Error):
    """An episode that is missing, incomplete, damaged or of another version."""


class TrackError(Eco1Error):
    """Tracks of real animals that cannot be imported as they stand."""


class CheckpointError(Eco1Error):
    """A checkpoint that is missing, damaged or of another shape."""


class ConfigError(Eco1Error):
    """Settings that contradict each other or are out of range."""


class MissingExtraError(Eco1Error):
    """A library of an optional extra is not installed."""


def unknown_name(kind: str, got: str, allowed: Iterable[str], *, where: str = "", see: str = "") -> UnknownNameError:
    """Return the error for a name outside ``allowed``, with the nearest match.

    Args:
        kind: what the name should have been, such as ``species``.
        got: the name that came.
        allowed: the names that exist.
        where: file and line, when known.
        see: the command that lists what exists.
    """
    names = sorted(allowed)
    nearest = get_close_matches(got, names, n=1, cutoff=0.5)
    message = f"Unknown {kind} {got!r}" + (f" in {where}" if where else "") + "."
    message += f" Did you mean {nearest[0]!r}?" if nearest else f" Allowed: {', '.join(names)}."
    return UnknownNameError(message + (f" See: {see}" if see else ""))


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """Return the keys whose values differ, or that only one of the two has, in order."""
    return [key for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key)]

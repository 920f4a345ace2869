"""Read the ``.npy`` files of idtracker.ai and trajectorytools.

Such a file holds a dict with ``trajectories`` (frames, animals, 2) in pixels, ``frames_per_second``, ``body_length``
and, since version 4, ``setup_points`` and ``identities_labels`` (layout as written by idtrackerai 6.0.14,
``base/postprocess/trajectories_creation.py``). A bare array of positions is read too, given its frame rate.
"""

from collections import Counter
from difflib import get_close_matches
from pathlib import Path
from typing import Any, cast

import numpy as np
from jaxtyping import Float64

from eco1.core.errors import TrackError
from eco1.data.raw_tracks import RawTracks, spatial
from eco1.data.unpickle import load_npy

_POSITIONS, _RATE, _LENGTH = "trajectories", "frames_per_second", "body_length"
_NAMES = "identities_labels"
_BORDER_CORNERS = 3


def read_npy(path: Path, frame_rate_hz: float | None = None) -> RawTracks:
    """Return the tracks in a file of idtracker.ai or a bare array of positions.

    Raises:
        TrackError: when it holds something else, or no frame rate is known.
    """
    content = load_npy(path)
    if isinstance(content, np.ndarray):
        content = {_POSITIONS: content}
    if not isinstance(content, dict):
        raise TrackError(f"{path} holds a {type(content).__name__}; wanted a dict with {_POSITIONS!r}, or an array.")
    fields = cast(dict[str, Any], content)
    if _POSITIONS not in fields:
        raise TrackError(f"{path} has no {_POSITIONS!r}.{_nearest(fields)} It holds: {', '.join(map(str, fields))}.")
    position = spatial(_numbers(fields[_POSITIONS], path), str(path))
    return RawTracks(
        source=str(path),
        position=position,
        frame_rate_hz=_frame_rate(fields, frame_rate_hz, path),
        labels=_labels(fields, position.shape[1], path),
        body_length=_body_length(fields),
        border=_border(fields),
    )


def _numbers(value: Any, path: Path) -> np.ndarray:
    try:
        return np.asarray(value, np.float64)
    except (TypeError, ValueError) as error:
        raise TrackError(f"{_POSITIONS!r} in {path} is not an array of numbers: {error}.") from error


def _nearest(fields: dict[str, Any]) -> str:
    match = get_close_matches(_POSITIONS, [str(key) for key in fields], n=1)
    return f" Is it {match[0]!r}? Then rename it." if match else ""


def _frame_rate(fields: dict[str, Any], given: float | None, path: Path) -> float:
    rate = given if given is not None else fields.get(_RATE)
    if not isinstance(rate, int | float | np.number):
        raise TrackError(f"{path} has no frame rate ({_RATE!r} is {rate!r}). Give it: --fps 30")
    return float(rate)


def _labels(fields: dict[str, Any], animals: int, path: Path) -> tuple[str, ...]:
    given = fields.get(_NAMES)
    if not isinstance(given, list | tuple) or len(cast(list[Any], given)) != animals:
        return tuple(str(index + 1) for index in range(animals))
    labels = tuple(str(label) for label in cast(list[Any], given))
    twice = [label for label, count in Counter(labels).items() if count > 1]
    if twice:
        raise TrackError(
            f"{path} gives several animals one label: {', '.join(map(repr, twice))} in {_NAMES!r}. "
            "Every animal needs its own; rename them in the tracker."
        )
    return labels


def _body_length(fields: dict[str, Any]) -> float | None:
    value = fields.get(_LENGTH)
    known = isinstance(value, int | float | np.number) and np.isfinite(float(value)) and float(value) > 0
    return float(cast(float, value)) if known else None


def _border(fields: dict[str, Any]) -> Float64[np.ndarray, "k 2"] | None:
    points = fields.get("setup_points")
    border = cast(dict[str, Any], points).get("border") if isinstance(points, dict) else None
    if border is None:
        return None
    corners = np.asarray(border, np.float64)
    usable = corners.ndim == 2 and corners.shape[1] == 2 and len(corners) >= _BORDER_CORNERS
    return corners if usable and bool(np.isfinite(corners).all()) else None

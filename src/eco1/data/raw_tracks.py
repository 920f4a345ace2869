"""Tracks as they come from a tracker, in its own units."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64

from eco1.core.errors import TrackError

#: Coordinates in one table; beyond this a time stamp is almost certainly wrong.
MAX_CELLS = 200_000_000


@dataclass(frozen=True, kw_only=True)
class RawTracks:
    """Positions (T, N, 3) in the tracker's units, NaN where an animal was not seen.

    ``border`` lists points along the wall of the arena, when the recording has them. ``body_length`` is in the
    tracker's units, None when unknown.
    """

    source: str
    position: Float64[np.ndarray, "t n 3"]
    frame_rate_hz: float
    labels: tuple[str, ...]
    body_length: float | None = None
    border: Float64[np.ndarray, "k 2"] | None = None

    def __post_init__(self) -> None:
        seen = known_places(self.position)
        if not (np.isfinite(self.frame_rate_hz) and self.frame_rate_hz > 0):
            raise TrackError(
                f"{self.source} has frame rate {self.frame_rate_hz} Hz; it has to be positive. Give it: --fps 30"
            )
        if not (seen[1:] & seen[:-1]).any():
            raise TrackError(
                f"{self.source} has no animal with known positions in two frames in a row "
                f"({seen.sum()} known of {seen.size}), so nothing moves in it. Allowed: gaps, but not only gaps."
            )


def known_places(position: Float64[np.ndarray, "*b 3"]) -> Bool[np.ndarray, "*b"]:
    """Return where all coordinates are finite."""
    return np.logical_and.reduce(np.isfinite(position), axis=-1)


def spatial(position: np.ndarray, source: str) -> Float64[np.ndarray, "t n 3"]:
    """Return positions (T, N, 2 or 3) as (T, N, 3), z = 0 where there was none, all NaN where any is not finite.

    Raises:
        TrackError: when the array has another shape.
    """
    if position.ndim != 3 or position.shape[2] not in (2, 3) or not position.size:
        raise TrackError(f"{source} holds an array of shape {position.shape}; wanted (frames, animals, 2 or 3).")
    full = np.zeros((*position.shape[:2], 3))
    full[..., : position.shape[2]] = position
    full[~known_places(full)] = np.nan
    return full


def refuse_unless_positive(flag: str, value: float | None, example: str) -> None:
    """Make sure that a number somebody gave, if any, can be a rate or a length.

    Raises:
        TrackError: when it is zero, negative or not finite.
    """
    if value is not None and not (np.isfinite(value) and value > 0):
        raise TrackError(f"{flag} is {value}; it has to be positive, such as {flag} {example}")

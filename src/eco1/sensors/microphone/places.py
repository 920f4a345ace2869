"""Where a microphone may be, and where that puts its two ears."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from eco1.core.errors import ConfigError
from eco1.core.records import Observation
from eco1.core.senses import Frames

#: Distance between the ears of a dummy head, m: twice the radius of 8.75 cm in Brown & Duda (1998).
HEAD_WIDTH_M = 0.175
# estimate: ears of a mammal stand about an eighth of head and body apart
_EARS_PER_LENGTH = 0.12
_HEAD_HEIGHT_PER_LENGTH = 0.5  # above the ground; estimate


@dataclass(frozen=True, kw_only=True)
class FixedPlace:
    """A microphone on a stand, looking along ``heading_rad`` (0 east, counter-clockwise)."""

    position_m: tuple[float, float, float]
    heading_rad: float = 0.0
    width_m: float = HEAD_WIDTH_M


@dataclass(frozen=True, kw_only=True)
class OnCamera:
    """A microphone on top of a camera; each step must be told where the camera is."""

    width_m: float = HEAD_WIDTH_M


@dataclass(frozen=True, kw_only=True)
class OnAnimal:
    """The ears of one animal. When it is gone they stay where it was last."""

    identity: int


Place = FixedPlace | OnCamera | OnAnimal


def _pair(middle_m: np.ndarray, right: np.ndarray, width_m: float) -> Float64[np.ndarray, "2 3"]:
    return np.stack([middle_m - 0.5 * width_m * right, middle_m + 0.5 * width_m * right]).astype(np.float64)


def _to_the_right(heading_rad: float) -> np.ndarray:
    return np.array([math.sin(heading_rad), -math.cos(heading_rad), 0.0])


def ears_at(
    place: Place, observation: Observation, camera: Frames | None, before_m: Float64[np.ndarray, "2 3"] | None
) -> Float64[np.ndarray, "2 3"]:
    """Return where the left and the right ear are, m.

    Args:
        place: where the microphone is.
        observation: the animals (N rows).
        camera: what the camera saw in this step, for its place.
        before_m: where the ears were a step ago; None at the first.

    Raises:
        ConfigError: the camera is missing, or the animal has never been there.
    """
    if isinstance(place, FixedPlace):
        return _pair(np.array(place.position_m), _to_the_right(place.heading_rad), place.width_m)
    if isinstance(place, OnCamera):
        if camera is None:
            raise ConfigError("A microphone on the camera needs the camera's picture of each step. Pass camera=.")
        return _pair(camera.eye_m, camera.axes[0], place.width_m)
    rows = np.flatnonzero((observation.identity == place.identity) & observation.alive)
    if len(rows):
        length = float(observation.body_length_m[rows[0]])
        head = observation.position_m[rows[0]] + np.array([0.0, 0.0, _HEAD_HEIGHT_PER_LENGTH * length])
        return _pair(head, _to_the_right(float(observation.heading_rad[rows[0]])), _EARS_PER_LENGTH * length)
    if before_m is None:
        living = observation.identity[observation.alive].tolist()
        raise ConfigError(
            f"No living animal has the identity {place.identity}, so that nobody lends its ears. "
            f"Identities here: {', '.join(map(str, living[:20])) or 'none'}."
        )
    return before_m

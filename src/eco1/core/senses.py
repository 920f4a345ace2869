"""What instruments bring back from a scene: pictures, sound, points and words.

Like other records these are arrays whose leading axes ``*b`` are free: () for one moment, (T,) for an episode.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np
from jaxtyping import Float32, Int16, Int64, UInt8

from eco1.core.records import ArrayRecord, Clip, Observation

#: Sounds are sampled this often per second.
SAMPLE_RATE_HZ = 16_000

#: What a pixel or point belongs to when it is not an animal's row (0 and above).
SKY, GROUND, WATER, PLANT, BUILDING, ICE = -1, -2, -3, -4, -5, -6
#: ``instance`` where nobody said what is seen, as in real footage.
UNLABELLED = -7


@dataclass(frozen=True, kw_only=True)
class Frames(ArrayRecord):
    """Pictures of one camera and where it stood.

    Rows of a picture run from top to bottom. ``depth_m`` is the distance along the ray, infinite in the sky;
    ``instance`` is the row of the animal, or one of SKY, GROUND ...; ``flow_px`` (right, down) is how far what is
    seen here has moved in the picture since the frame before, NaN where it was behind the camera then. The rows of
    ``axes`` are right, up and forward in world axes; ``field_of_view_rad`` is the vertical angle.
    """

    rgb: UInt8[np.ndarray, "*b h w 3"]
    depth_m: Float32[np.ndarray, "*b h w"]
    instance: Int16[np.ndarray, "*b h w"]
    flow_px: Float32[np.ndarray, "*b h w 2"]
    eye_m: Float32[np.ndarray, "*b 3"]
    axes: Float32[np.ndarray, "*b 3 3"]
    field_of_view_rad: Float32[np.ndarray, "*b"]


@dataclass(frozen=True, kw_only=True)
class Sound(ArrayRecord):
    """What two ears heard during one step at SAMPLE_RATE_HZ, left first, and where they were."""

    samples: Int16[np.ndarray, "*b c s"]
    ear_m: Float32[np.ndarray, "*b 3"]


@dataclass(frozen=True, kw_only=True)
class PointCloud(ArrayRecord):
    """Points on surfaces, world axes. Where a beam met nothing the position is NaN and ``instance`` SKY.

    ``instance`` is the row of the animal, or one of GROUND, WATER ...; ``species`` -1 where it is no animal.
    """

    position_m: Float32[np.ndarray, "*b k 3"]
    instance: Int16[np.ndarray, "*b k"]
    species: Int16[np.ndarray, "*b k"]


@dataclass(frozen=True, kw_only=True)
class Senses:
    """What all instruments of a recording brought back in one step, by the name of the instrument."""

    video: Mapping[str, Frames] = field(default_factory=dict)
    audio: Mapping[str, Sound] = field(default_factory=dict)
    points: Mapping[str, PointCloud] = field(default_factory=dict)

    def map(self, function: Callable[[Any], Any]) -> "Senses":
        """Return senses with ``function`` applied to every array."""
        return Senses(
            video={name: record.map(function) for name, record in self.video.items()},
            audio={name: record.map(function) for name, record in self.audio.items()},
            points={name: record.map(function) for name, record in self.points.items()},
        )

    @classmethod
    def stack(cls, records: "list[Senses]", axis: int = 0) -> "Senses":
        """Return senses with a new axis, such as time from successive steps; all must have the same instruments."""
        first = records[0]
        return cls(
            video={name: Frames.stack([each.video[name] for each in records], axis) for name in first.video},
            audio={name: Sound.stack([each.audio[name] for each in records], axis) for name in first.audio},
            points={name: PointCloud.stack([each.points[name] for each in records], axis) for name in first.points},
        )

    def __getitem__(self, index: Any) -> "Senses":
        """Index the leading axes of every array."""
        return self.map(lambda array: array[index])


@dataclass(frozen=True, kw_only=True)
class SensedObservation(Observation):
    """A scene with what instruments brought back at that moment: what a world model that looks at pictures observes."""

    senses: Senses

    @property
    def scene(self) -> Observation:
        """Return the scene alone."""
        return Observation(**{each.name: getattr(self, each.name) for each in fields(Observation)})


@dataclass(frozen=True, kw_only=True)
class FollowedObservation(SensedObservation):
    """A scene, its senses, and the row of the animal that the camera of each world follows."""

    followed: Int64[np.ndarray, "*b"]


@dataclass(frozen=True, kw_only=True)
class CameraMotion(ArrayRecord):
    """How a camera moves during a step, seen from itself: along and about its right, up and forward before it.

    ``turn_rad`` is a rotation vector, whose length is the angle.
    """

    shift_m: Float32[np.ndarray, "*b 3"]
    turn_rad: Float32[np.ndarray, "*b 3"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that happened, as the log has it: ``rows`` who did it first, then to whom; ``kind`` names it."""

    kind: str
    start_s: float
    end_s: float
    rows: tuple[int, ...]
    place: str


@dataclass(frozen=True, kw_only=True)
class Caption:
    """A sentence about a stretch of time and the animals it speaks of; ``kind`` is event, dense or summary."""

    kind: str
    start_s: float
    end_s: float
    rows: tuple[int, ...]
    text: str


@dataclass(frozen=True, kw_only=True)
class Question:
    """A question that can be answered from the stretch it names; the answer is one of ``choices``."""

    kind: str  # count, actor, order, cause, future, place
    start_s: float
    end_s: float
    question: str
    answer: str
    choices: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Description:
    """What can be said of a whole episode once it is over."""

    events: tuple[Event, ...] = ()
    captions: tuple[Caption, ...] = ()
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SensedClip(Clip):
    """Clips with what instruments brought back during them, (B, T) first.

    ``said`` holds, when it was asked for, what is told of each clip's stretch of time, in seconds from its first frame;
    ``biome`` names the world of each clip, "" where it is unknown.
    """

    senses: Senses
    said: tuple[Description, ...] = ()
    biome: tuple[str, ...] = ()

    def moment(self, time: int) -> SensedObservation:
        """Return what was seen at one frame, (B) first."""
        return SensedObservation(**vars(self.observation[:, time]), senses=self.senses[:, time])

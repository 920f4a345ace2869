"""Typed records of arrays. Animals are rows; leading axes ``*b`` are free.

``*b`` is () for one scene, (W,) for worlds side by side, (T,) for an episode and (B, T) for a batch of clips.
World axes: x east, y north, z up, metres. Heading 0 looks east and grows counter-clockwise.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Protocol, Self, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float32, Int16, Int64

#: Channels of ``Observation.surroundings``. Offsets lead from the animal, in world axes; those in metres are NaN where
#: there is nothing. The barrier is the border of the world, or for those who cannot fly a nearer wall. The current
#: carries the animal along. Swimmers, climbers and flyers have a height above what they would come to rest on (sea bed,
#: ground, roof), and headroom up to the surface of the sea or the top of the crown here, negative above it.
SURROUNDINGS = (
    "water_x_m",
    "water_y_m",
    "shelter_x_m",
    "shelter_y_m",
    "forage_x_m",
    "forage_y_m",
    "barrier_x_m",
    "barrier_y_m",
    "slope_x",
    "slope_y",
    "current_x_mps",
    "current_y_mps",
    "vegetation",
    "cover",
    "daylight",
    "height_m",
    "headroom_m",
)
#: The channels of ``surroundings`` that may be NaN.
IN_METRES = [index for index, name in enumerate(SURROUNDINGS) if name.endswith("_m")]
#: Hidden drives, each in [0, 1].
DRIVES = ("hunger", "thirst", "fear", "fatigue", "social", "reproductive", "curiosity")
#: Hidden traits, each in [0, 1] with 0.5 the middle of the species.
PERSONALITY = ("boldness", "sociability", "activity", "aggression")

UNKNOWN_BEHAVIOR = -1


@runtime_checkable
class Nested(Protocol):
    """Records inside of a record: they share its leading axes."""

    def map(self, function: Callable[[Any], Any]) -> Self:
        """Return the same with ``function`` applied to every array."""
        ...

    @classmethod
    def stack(cls, records: "list[Self]", axis: int = 0) -> Self:
        """Return one of several, with a new axis."""
        ...


class ArrayRecord:
    """Shared behaviour of records whose fields are arrays, or records of them, with the same leading axes."""

    def map(self, function: Callable[[Any], Any]) -> Self:
        """Return a record with ``function`` applied to every array."""
        return type(self)(**{f.name: _mapped(getattr(self, f.name), function) for f in fields(self)})  # type: ignore[arg-type]

    def __getitem__(self, index: Any) -> Self:
        """Index the leading axes of every array."""
        return self.map(lambda array: array[index])

    @classmethod
    def stack(cls, records: "list[Self]", axis: int = 0) -> Self:
        """Return one record with a new axis, such as time from successive steps."""
        names = [f.name for f in fields(cls)]  # type: ignore[arg-type]
        return cls(**{name: _stacked([getattr(r, name) for r in records], axis) for name in names})


def _mapped(value: Any, function: Callable[[Any], Any]) -> Any:
    return value.map(function) if isinstance(value, Nested) else function(value)


def _stacked(values: list[Any], axis: int) -> Any:
    return type(values[0]).stack(values, axis) if isinstance(values[0], Nested) else np.stack(values, axis=axis)


@dataclass(frozen=True, kw_only=True)
class Observation(ArrayRecord):
    """What anyone standing in the world could measure of its animals.

    A row is an animal while ``alive``; after death its body may lie there as a ``carcass``; otherwise the row is
    empty and its other numbers mean nothing. ``identity`` is never reused: a row taken over by a newborn gets a
    new one. ``behavior`` is what an ethologist would write down (index into the ethogram, -1 unknown);
    ``species`` is an index into a list of names kept beside the record.
    """

    position_m: Float32[np.ndarray, "*b n 3"]
    velocity_mps: Float32[np.ndarray, "*b n 3"]
    heading_rad: Float32[np.ndarray, "*b n"]
    alive: Bool[np.ndarray, "*b n"]
    carcass: Bool[np.ndarray, "*b n"]
    identity: Int64[np.ndarray, "*b n"]
    species: Int16[np.ndarray, "*b n"]
    behavior: Int16[np.ndarray, "*b n"]
    body_length_m: Float32[np.ndarray, "*b n"]
    surroundings: Float32[np.ndarray, "*b n s"]


@dataclass(frozen=True, kw_only=True)
class Hidden(ArrayRecord):
    """What nobody can see: recorded as ground truth to probe against, never an input of a model.

    ``intent`` is the index into ``DRIVES`` of the need the animal acts on; ``target`` the row it attends to, or -1.
    """

    drives: Float32[np.ndarray, "*b n d"]
    intent: Int16[np.ndarray, "*b n"]
    personality: Float32[np.ndarray, "*b n p"]
    target: Int16[np.ndarray, "*b n"]


@dataclass(frozen=True, kw_only=True)
class Action(ArrayRecord):
    """What animals try to do during the next step. Rows that are not ``controlled`` decide for themselves.

    ``velocity_mps`` is the velocity wished for, in world axes; the body's limits are applied by the simulator.
    """

    velocity_mps: Float32[np.ndarray, "*b n 3"]
    behavior: Int16[np.ndarray, "*b n"]
    controlled: Bool[np.ndarray, "*b n"]


@dataclass(frozen=True, kw_only=True)
class Landscape:
    """The ground of a square world [0, size] x [0, size]: what does not move.

    Maps are indexed [row of y, column of x] at cell centres. ``vegetation`` is the forage at the start, as a share
    of what the ground can carry; ``tree_*`` and ``shelter_*`` list single trees and burrows. A biome lies under water
    when all of it has a depth. What only some biomes have is None elsewhere: crowns that close, houses, water that
    freezes (``freezing``: the share of ice from which a place is frozen, 2 never), breathing holes, refuse, flowers.
    """

    size_m: float
    height_m: Float32[np.ndarray, "g g"]
    water_depth_m: Float32[np.ndarray, "g g"]
    vegetation: Float32[np.ndarray, "v v"]
    tree_position_m: Float32[np.ndarray, "k 3"]
    tree_height_m: Float32[np.ndarray, " k"]
    shelter_position_m: Float32[np.ndarray, "h 3"]
    crown_height_m: Float32[np.ndarray, "g g"] | None = None
    building_height_m: Float32[np.ndarray, "g g"] | None = None
    freezing: Float32[np.ndarray, "g g"] | None = None
    hole_position_m: Float32[np.ndarray, "q 3"] | None = None
    refuse_position_m: Float32[np.ndarray, "r 3"] | None = None
    flower_position_m: Float32[np.ndarray, "f 3"] | None = None


@dataclass(frozen=True, kw_only=True)
class Sky:
    """What hour, season and weather do to everything at a moment.

    ``daylight`` 0 (night) to 1; ``hour`` 0 to 24; ``year`` 0 (midwinter) over 0.5 (midsummer) to 1; ``rain`` 0 or 1;
    ``ice`` the share of the sea that is frozen; ``snow_m`` how deep snow lies.
    """

    daylight: float
    hour: float
    year: float
    rain: float
    ice: float
    snow_m: float


@dataclass(frozen=True, kw_only=True)
class EpisodeInfo:
    """Where an episode comes from. ``species_names`` and ``behavior_names`` give meaning to its indices."""

    biome: str
    seed: int
    world: int
    dt_s: float
    species_names: tuple[str, ...]
    behavior_names: tuple[str, ...]
    provenance: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Episode:
    """A whole recording, time first. ``hidden`` and ``landscape`` are None for real tracks.

    ``action`` is what each animal was told to do from its frame to the next; None when all decided for themselves.
    """

    info: EpisodeInfo
    observation: Observation
    hidden: Hidden | None = None
    landscape: Landscape | None = None
    action: Action | None = None


@dataclass(frozen=True, kw_only=True)
class Clip:
    """A batch of equally long cuts from episodes, (B, T) first; ``dt_s`` (B,) is the time between frames."""

    observation: Observation
    dt_s: Float32[np.ndarray, " b"]
    hidden: Hidden | None = None
    action: Action | None = None


def empty_surroundings(*shape: int) -> Float32[np.ndarray, "*b n s"]:
    """Return surroundings in which nothing is known: what is in metres NaN, the rest 0."""
    surroundings = np.zeros((*shape, len(SURROUNDINGS)), np.float32)
    surroundings[..., IN_METRES] = np.nan
    return surroundings

"""A list of solids while it is being put together, and the tables it becomes."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from eco1.sensors.scenery import col
from eco1.sensors.scenery.arrays import F32, I32
from eco1.sensors.scenery.look import Rgb
from eco1.sensors.scenery.surfaces import surface

Point = Sequence[float] | np.ndarray


def shifted(place: Point, *offset_m: float) -> np.ndarray:
    """Return a point so far east, north and above another."""
    return np.asarray(place, float) + np.array(offset_m)


@dataclass
class SolidSet:
    """Solids that do not move."""

    floats: list[np.ndarray] = field(default_factory=list[np.ndarray])
    integers: list[np.ndarray] = field(default_factory=list[np.ndarray])
    colors: list[np.ndarray] = field(default_factory=list[np.ndarray])

    def ellipsoid(self, middle_m: Point, half_m: Point, *, instance: int, colors: int, turn_rad: float = 0.0) -> None:
        """Add an ellipsoid, turned about the vertical."""
        self._add(col.ELLIPSOID, middle_m, half_m, turn_rad, float(np.max(half_m)), instance, colors)

    def box(self, middle_m: Point, half_m: Point, *, instance: int, colors: int, turn_rad: float = 0.0) -> None:
        """Add a box, turned about the vertical."""
        self._add(col.BOX, middle_m, half_m, turn_rad, float(np.linalg.norm(half_m)), instance, colors)

    def capsule(
        self, first_m: Point, second_m: Point, first_radius_m: float, second_radius_m: float, *, instance: int,
        colors: int,
    ) -> None:  # fmt: skip
        """Add the hull of two balls; they must be further apart than their radii differ."""
        first, second = np.asarray(first_m, float), np.asarray(second_m, float)
        length = float(np.linalg.norm(second - first))
        row = np.zeros(col.FLOATS)
        row[: col.UNIT] = first
        row[col.UNIT : col.UNIT + 3] = (second - first) / length
        row[col.HALF : col.HALF + 3] = length, first_radius_m, second_radius_m
        row[col.BOUND] = max(first_radius_m, length + second_radius_m)
        self._append(row, col.CAPSULE, instance, colors)

    def paint(self, coat: Rgb, accent: Rgb, name: str, *, per_m: float = 1.0) -> int:
        """Add a pair of colours laid on as the surface ``name`` says, and return its number."""
        row = np.zeros(col.COLOR_FLOATS)
        row[col.COAT : col.COAT + 3], row[col.ACCENT : col.ACCENT + 3] = coat, accent
        row[col.PER_M : col.PER_M + 3], row[col.PATTERN] = per_m, surface(name)
        self.colors.append(row)
        return len(self.colors) - 1

    def tables(self) -> tuple[F32, I32, F32]:
        """Return floats, integers and colours as ``col`` describes them."""
        return (
            np.array(self.floats, np.float32).reshape(-1, col.FLOATS),
            np.array(self.integers, np.int32).reshape(-1, col.INTEGERS),
            np.array(self.colors, np.float32).reshape(-1, col.COLOR_FLOATS),
        )

    def _add(
        self, kind: int, middle_m: Point, half_m: Point, turn_rad: float, bound_m: float, instance: int, colors: int
    ) -> None:  # fmt: skip
        cos, sin = np.cos(turn_rad), np.sin(turn_rad)
        axes = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
        row = np.zeros(col.FLOATS)
        row[: col.UNIT] = middle_m
        row[col.UNIT : col.HALF] = (axes / np.asarray(half_m, float)[:, None]).ravel()
        row[col.HALF : col.HALF + 3], row[col.BOUND] = half_m, bound_m
        self._append(row, kind, instance, colors)

    def _append(self, row: np.ndarray, kind: int, instance: int, colors: int) -> None:
        self.floats.append(row)
        integers = np.full(col.INTEGERS, -1)
        integers[[col.KIND, col.INSTANCE, col.COLORS]] = kind, instance, colors
        self.integers.append(integers)

"""From the triangles of a body part to a few solids that look like it from any side."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from eco1.sensors.scenery import col
from eco1.sensors.scenery.bodies import Shapes

_THINNEST = 0.03  # of a solid's longest half-length: ears and wings are plates
_MUST_GAIN = 0.72  # halves are taken when they miss the vertices by less than this share of what one solid does
_LEAST_SIDE = 10  # vertices a half must have to be fitted
_LONG = 1.25  # how much longer than wide a capsule must be
_OVERLAP = 0.4  # of a piece's length, by which its halves reach into each other: no waists between them
_MOST_HALVINGS = 2
_MOST_SOLIDS = 40
_SMALL = 0.02  # of a body's longest part: smaller pieces (eyes, nostrils) are left out


@dataclass(frozen=True, kw_only=True)
class Solid:
    """One ellipsoid or capsule in the frame of a body part; see ``scenery.bodies.Shapes``."""

    kind: int
    middle_m: Float[np.ndarray, " 3"]
    axes: Float[np.ndarray, "3 3"]
    half_m: Float[np.ndarray, " 3"]

    @property
    def bound_m(self) -> float:
        """Radius of the ball around the middle that holds it."""
        length, first, second = self.half_m
        return float(max(first, length + second) if self.kind == col.CAPSULE else self.half_m.max())

    def misses(self, points_m: Float[np.ndarray, "v 3"]) -> Float[np.ndarray, " v"]:
        """Return about how far points lie from its surface, metres."""
        apart = points_m - self.middle_m
        if self.kind == col.CAPSULE:
            length, first, second = self.half_m
            along = np.clip(apart @ self.axes[0], 0, length)
            near = np.linalg.norm(apart - along[:, None] * self.axes[0], axis=1)
            return np.abs(near - (first + (second - first) * along / length))
        inside = np.linalg.norm(apart @ self.axes.T / self.half_m, axis=1)
        return np.abs(inside - 1) / np.maximum(inside, 1e-6) * np.linalg.norm(apart, axis=1)


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A connected part of a mesh: its vertices, and the colour and area of each of its triangles."""

    vertices_m: Float[np.ndarray, "v 3"]
    colors: Float[np.ndarray, "f 3"]
    area_m2: Float[np.ndarray, " f"]


def fit(piece: Piece) -> list[Solid]:
    """Return a solid, or those of the piece's halves where they lie clearly closer to the vertices."""
    return _fit(piece.vertices_m.astype(float), _MOST_HALVINGS)


def _fit(points: Float[np.ndarray, "v 3"], halvings: int) -> list[Solid]:
    one = _fit_one(points)
    along = (points - points.mean(0)) @ _main_axes(points)[0]
    reach = 0.5 * _OVERLAP * np.ptp(along)
    low, high = points[along <= reach], points[along >= -reach]
    if halvings == 0 or min(len(low), len(high)) < _LEAST_SIDE:
        return [one]
    halves = [*_fit(low, halvings - 1), *_fit(high, halvings - 1)]
    missed = np.min([solid.misses(points) for solid in halves], axis=0).mean()
    return halves if missed < _MUST_GAIN * one.misses(points).mean() else [one]


def pieces_of(
    vertices_m: Float[np.ndarray, "v 3"], faces: Int[np.ndarray, "f 3"], colors: Float[np.ndarray, "f 3"]
) -> list[Piece]:
    """Return the connected pieces of a mesh."""
    label = np.arange(len(vertices_m))
    while True:
        least = label[faces].min(1)
        spread = label.copy()
        for corner in range(3):
            np.minimum.at(spread, faces[:, corner], least)
        if np.array_equal(spread, label):
            break
        label = spread
    corners = vertices_m[faces]
    area = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return [
        Piece(vertices_m=vertices_m[label == one], colors=colors[own], area_m2=area[own])
        for one in np.unique(label[faces[:, 0]])
        for own in [label[faces[:, 0]] == one]
    ]


def two_colors(
    piece: Piece, coat: Float[np.ndarray, " 3"], accent: Float[np.ndarray, " 3"]
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the two colours a piece is painted with, that nearer to the coat first, and the share of the second.

    k-means with k = 2, weighted by area: Lloyd (1982), DOI 10.1109/TIT.1982.1056489.
    """
    colors, weight = np.sqrt(piece.colors.astype(float)), np.maximum(piece.area_m2.astype(float), 1e-12)
    centers = np.sqrt(np.stack([coat, accent]))
    second = np.zeros(len(colors), bool)
    for _ in range(8):
        second = np.linalg.norm(colors - centers[1], axis=1) < np.linalg.norm(colors - centers[0], axis=1)
        for k, own in enumerate((~second, second)):
            if own.any():
                centers[k] = np.average(colors[own], axis=0, weights=weight[own])
    share = float(weight[second].sum() / weight.sum())
    return centers[0] ** 2, centers[1] ** 2, share


def assemble(bodies: Sequence[Sequence[tuple[int, Solid, Float[np.ndarray, " c"]]]]) -> Shapes:
    """Return the shapes of species, each a list of (body part, solid, row of colours) in any order."""
    kept = [_largest_first(body) for body in bodies]
    flat = [entry for body in kept for entry in body]
    return Shapes(
        first=np.cumsum([0] + [len(body) for body in kept]).astype(np.int32),
        kind=np.array([solid.kind for _, solid, _ in flat], np.int32),
        part=np.array([part for part, _, _ in flat], np.int32),
        middle=np.array([solid.middle_m for _, solid, _ in flat], np.float32).reshape(-1, 3),
        axes=np.array([solid.axes for _, solid, _ in flat], np.float32).reshape(-1, 3, 3),
        half=np.array([solid.half_m for _, solid, _ in flat], np.float32).reshape(-1, 3),
        bound=np.array([solid.bound_m for _, solid, _ in flat], np.float32),
        colors=np.array([colors for _, _, colors in flat], np.float32).reshape(-1, col.COLOR_FLOATS),
    )


def _largest_first(
    body: Sequence[tuple[int, Solid, Float[np.ndarray, " c"]]],
) -> list[tuple[int, Solid, Float[np.ndarray, " c"]]]:
    largest = max((solid.bound_m for _, solid, _ in body), default=0.0)
    large = [entry for entry in body if entry[1].bound_m >= _SMALL * largest]
    return sorted(large, key=lambda entry: -_volume(entry[1]))[:_MOST_SOLIDS]


def _volume(solid: Solid) -> float:
    if solid.kind == col.CAPSULE:
        length, first, second = solid.half_m
        return float((length + first + second) * max(first, second) ** 2)
    return float(np.prod(solid.half_m))


def _fit_one(points: Float[np.ndarray, "v 3"]) -> Solid:
    ball = _ellipsoid(points)
    capsule = _capsule(points)
    if capsule is None or capsule.misses(points).mean() > ball.misses(points).mean():
        return ball
    return capsule


def _ellipsoid(points: Float[np.ndarray, "v 3"]) -> Solid:
    axes = _main_axes(points)
    along = points @ axes.T
    half = np.maximum(np.ptp(along, axis=0) / 2, 1e-4)
    half = np.maximum(half, _THINNEST * half.max())
    return Solid(
        kind=col.ELLIPSOID, middle_m=(along.max(0) + along.min(0)) / 2 @ axes, axes=axes, half_m=half
    )  # fmt: skip


def _capsule(points: Float[np.ndarray, "v 3"]) -> Solid | None:
    """Return the capsule with the points' length and the widths of their ends; None when they are too stout."""
    axis = _main_axes(points)[0]
    along = points @ axis
    middle = points.mean(0) - (points.mean(0) @ axis) * axis
    wide = np.linalg.norm(points - middle - along[:, None] * axis, axis=1)
    ends = along.min(), along.max()
    if ends[1] - ends[0] < 2 * _LONG * max(float(wide.max()), 1e-9):
        return None
    rim = wide > 0.25 * np.median(wide)  # without the middles of flat ends
    slope, base = np.polyfit(along[rim], wide[rim], 1) if rim.sum() > 3 else (0.0, float(wide.mean()))
    least = 0.1 * float(wide.max())
    first, second = (max(float(base + slope * end), least) for end in ends)
    length = ends[1] - ends[0] - first - second
    if length <= 1.05 * abs(first - second):
        return None
    return Solid(
        kind=col.CAPSULE, middle_m=middle + (ends[0] + first) * axis, axes=np.stack([axis, *_beside(axis)]),
        half_m=np.array([length, first, second]),
    )  # fmt: skip


def _main_axes(points: Float[np.ndarray, "v 3"]) -> Float[np.ndarray, "3 3"]:
    """Return the principal axes as rows, the longest first, right-handed."""
    apart = points - points.mean(0)
    axes = np.linalg.eigh(apart.T @ apart)[1].T[::-1].copy()
    axes[2] = np.cross(axes[0], axes[1])
    return axes


def _beside(axis: Float[np.ndarray, " 3"]) -> tuple[np.ndarray, np.ndarray]:
    side = np.cross(axis, np.eye(3)[int(np.argmin(np.abs(axis)))])
    side /= np.linalg.norm(side)
    return side, np.cross(axis, side)

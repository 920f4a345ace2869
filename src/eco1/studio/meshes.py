"""Small triangle meshes: tubes, domes and plates, from which animals, trees and stones are made.

Axes of a body: x forward, y left, z up, metres. Colours are linear-light RGB, one per triangle, so that coats
have crisp marks while normals stay smooth.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from jaxtyping import Float32, Int32
from numpy.typing import NDArray

Painter = Callable[[np.ndarray, np.ndarray], np.ndarray]
Point = Sequence[float] | NDArray[Any]
_SAMPLES = np.array([[1, 1, 1], [2, 0.5, 0.5], [0.5, 2, 0.5], [0.5, 0.5, 2]]) / 3  # barycentric: soft edges of marks


@dataclass(frozen=True, kw_only=True)
class Mesh:
    """Triangles with smooth normals and flat colours."""

    vertices_m: Float32[np.ndarray, "v 3"]
    normals: Float32[np.ndarray, "v 3"]
    faces: Int32[np.ndarray, "f 3"]
    colors: Float32[np.ndarray, "f 3"]

    def moved(self, offset_m: Point) -> "Mesh":
        """Return the mesh shifted by an offset."""
        return replace(self, vertices_m=(self.vertices_m + np.asarray(offset_m, np.float32)).astype(np.float32))

    def painted(self, painter: Painter) -> "Mesh":
        """Return the mesh with new colours, the painter's mean over four points of each face."""
        corners, normals = self.vertices_m[self.faces], self.normals[self.faces].mean(1)
        points = np.einsum("sk,fkc->sfc", _SAMPLES, corners)
        colors = np.mean([painter(at, normals) for at in points], axis=0)
        return replace(self, colors=np.clip(colors, 0, 1).astype(np.float32))

    def mirrored(self) -> "Mesh":
        """Return the mesh mirrored left to right."""
        flip = np.array([1, -1, 1], np.float32)
        faces = np.ascontiguousarray(self.faces[:, ::-1])
        return replace(self, vertices_m=self.vertices_m * flip, normals=self.normals * flip, faces=faces)


def make_mesh(vertices_m: np.ndarray, faces: np.ndarray, color: Sequence[float] = (0.5, 0.5, 0.5)) -> Mesh:
    """Return a mesh in one colour with area-weighted vertex normals."""
    vertices = np.asarray(vertices_m, np.float32)
    triangles = np.asarray(faces, np.int32).reshape(-1, 3)
    corners = vertices[triangles]
    face_normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(normals, triangles[:, corner], face_normals)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
    colors = np.broadcast_to(np.asarray(color, np.float32), (len(triangles), 3)).copy()
    return Mesh(vertices_m=vertices, normals=normals.astype(np.float32), faces=triangles, colors=colors)


def merge(meshes: Sequence[Mesh]) -> Mesh:
    """Return one mesh of all triangles."""
    starts = np.cumsum([0] + [len(mesh.vertices_m) for mesh in meshes[:-1]])
    return Mesh(
        vertices_m=np.concatenate([mesh.vertices_m for mesh in meshes]),
        normals=np.concatenate([mesh.normals for mesh in meshes]),
        faces=np.concatenate([mesh.faces + np.int32(start) for mesh, start in zip(meshes, starts, strict=True)]),
        colors=np.concatenate([mesh.colors for mesh in meshes]),
    )


def tube(
    centers_m: Sequence[Point],
    radii_m: Sequence[Point],
    *,
    sides: int = 8,
    rings: int | None = None,
    side_axis: Point = (0.0, 1.0, 0.0),
    color: Sequence[float] = (0.5, 0.5, 0.5),
) -> Mesh:
    """Return a closed tube through ``centers_m`` with elliptical cross-sections.

    Args:
        centers_m: points along the middle line (K, 3).
        radii_m: half extent along ``side_axis`` and across it at each point (K, 2).
        sides: corners of a cross-section.
        rings: cross-sections after smooth resampling; None keeps the given points.
        side_axis: the direction that stays sideways all along.
        color: linear-light RGB.
    """
    centers, radii = np.asarray(centers_m, float), np.asarray(radii_m, float)
    if rings is not None:
        centers, radii = _resample(centers, rings), np.maximum(_resample(radii, rings), 1e-4)
    tangents = np.gradient(centers, axis=0)
    side = np.asarray(side_axis, float) / np.linalg.norm(side_axis)
    up = np.cross(tangents, side)
    up /= np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    angle = np.arange(sides) * 2 * np.pi / sides + np.pi / sides
    ring = (
        centers[:, None]
        + radii[:, None, :1] * np.cos(angle)[None, :, None] * side
        + radii[:, None, 1:] * np.sin(angle)[None, :, None] * up[:, None]
    )
    vertices = np.concatenate([ring.reshape(-1, 3), centers[:1], centers[-1:]])
    return make_mesh(vertices, _tube_faces(len(centers), sides), color)


def dome(
    center_m: Point, radii_m: Point, *, sides: int = 8, rings: int = 5, color: Sequence[float] = (0.5, 0.5, 0.5)
) -> Mesh:
    """Return an ellipsoid with its poles up and down."""
    angle = np.linspace(-np.pi / 2 + 0.15, np.pi / 2 - 0.15, rings)
    centers = [(center_m[0], center_m[1], center_m[2] + radii_m[2] * np.sin(a)) for a in angle]
    radii = [(radii_m[1] * np.cos(a), radii_m[0] * np.cos(a)) for a in angle]
    return tube(centers, radii, sides=sides, color=color)


def plate(outline_m: Sequence[Point], *, thickness_m: float, color: Sequence[float] = (0.5, 0.5, 0.5)) -> Mesh:
    """Return a thin convex plate from its outline, such as an ear or a wing."""
    points = np.asarray(outline_m, float)
    normal = np.cross(points[1] - points[0], points[2] - points[0])
    normal = normal / max(float(np.linalg.norm(normal)), 1e-9) * thickness_m / 2
    count = len(points)
    middle = points.mean(0)
    vertices = np.concatenate([points, [middle + normal], [middle - normal]])
    faces = [(i, (i + 1) % count, count) for i in range(count)] + [
        ((i + 1) % count, i, count + 1) for i in range(count)
    ]
    return make_mesh(vertices, np.array(faces), color)


def _tube_faces(rings: int, sides: int) -> np.ndarray:
    faces: list[tuple[int, int, int]] = []
    for ring in range(rings - 1):
        for side in range(sides):
            a, b = ring * sides + side, ring * sides + (side + 1) % sides
            c, d = a + sides, b + sides
            faces += [(a, b, c), (b, d, c)]
    start, end = rings * sides, rings * sides + 1
    for side in range(sides):
        following = (side + 1) % sides
        faces += [(start, following, side), (end, (rings - 1) * sides + side, (rings - 1) * sides + following)]
    return np.array(faces)


def _resample(points: np.ndarray, count: int) -> np.ndarray:
    """Catmull-Rom through the points, evenly spaced in the parameter."""
    padded = np.concatenate([2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]])
    where = np.linspace(0, len(points) - 1, count)
    index = np.minimum(where.astype(int), len(points) - 2)
    t = (where - index)[:, None]
    p0, p1, p2, p3 = (padded[index + k] for k in range(4))
    return 0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)

"""A bank of meshes laid end to end in flat arrays, and lists of where to draw them."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float32, Int32, UInt8

from eco1.studio.meshes import Mesh


@dataclass(frozen=True, kw_only=True)
class MeshBank:
    """All meshes of a scene. ``radius_m`` bounds each around its own origin."""

    vertices_m: Float32[np.ndarray, "v 3"]
    normals: Float32[np.ndarray, "v 3"]
    faces: Int32[np.ndarray, "f 3"]
    colors: Float32[np.ndarray, "f 3"]
    vertex_start: Int32[np.ndarray, " m1"]
    face_start: Int32[np.ndarray, " m1"]
    radius_m: Float32[np.ndarray, " m"]
    two_sided: Bool[np.ndarray, " m"]


@dataclass(frozen=True, kw_only=True)
class Instances:
    """Copies of meshes in the world. Their shadows fall on the plane through ``foot_m`` with the ground's ``slope``.

    ``sunlit`` is how much sun reaches each, 0 to 1; ``glow`` how much light it gives of its own.
    """

    mesh: Int32[np.ndarray, " i"]
    rotation: Float32[np.ndarray, "i 3 3"]
    position_m: Float32[np.ndarray, "i 3"]
    scale: Float32[np.ndarray, " i"]
    tint: Float32[np.ndarray, "i 3"]
    foot_m: Float32[np.ndarray, "i 3"]
    slope: Float32[np.ndarray, "i 2"]
    shadow: UInt8[np.ndarray, " i"]
    sunlit: Float32[np.ndarray, " i"]
    glow: Float32[np.ndarray, " i"]

    def at(self, rows: np.ndarray) -> "Instances":
        """Return some of the copies, by number or mask."""
        return Instances(**{f.name: getattr(self, f.name)[rows] for f in fields(Instances)})


def turned(angle_rad: np.ndarray, wide: np.ndarray | float = 1.0) -> Float32[np.ndarray, "i 3 3"]:
    """Return turns about the vertical (I) that also widen by a factor."""
    zero, one = np.zeros_like(angle_rad, float), np.ones_like(angle_rad, float)
    cos, sin = np.cos(angle_rad) * wide, np.sin(angle_rad) * wide
    return np.stack([cos, -sin, zero, sin, cos, zero, zero, zero, one], -1).reshape(-1, 3, 3).astype(np.float32)


def placed(
    mesh: np.ndarray, position_m: np.ndarray, *, turn_rad: np.ndarray | None = None,
    rotation: np.ndarray | None = None, scale: np.ndarray | None = None, tint: np.ndarray | None = None,
    slope: np.ndarray | None = None, shadow: int = 0, glow: np.ndarray | None = None,
) -> Instances:  # fmt: skip
    """Return copies that stand where they are put, in full sun, with a shadow at their foot of the given strength.

    Args:
        mesh: numbers of meshes (I).
        position_m: where their origins are (I, 3).
        turn_rad: about the vertical (I); ignored where ``rotation`` (I, 3, 3) is given.
        rotation: any turn, shear or stretch (I, 3, 3).
        scale: size (I), 1 when None.
        tint: factor on colours (I, 3), 1 when None.
        slope: of the ground under them (I, 2), level when None.
        shadow: its strength, 0 to 255.
        glow: light of their own (I), 0 when None.
    """
    count = len(position_m)
    if rotation is None:
        angle = np.zeros(count) if turn_rad is None else turn_rad
        rotation = turned(angle)
    position = np.asarray(position_m, np.float32).reshape(-1, 3)
    return Instances(
        mesh=np.broadcast_to(mesh, count).astype(np.int32),
        rotation=rotation.astype(np.float32),
        position_m=position,
        scale=np.ones(count, np.float32) if scale is None else scale.astype(np.float32),
        tint=np.ones((count, 3), np.float32) if tint is None else tint.astype(np.float32),
        foot_m=position,
        slope=np.zeros((count, 2), np.float32) if slope is None else slope.astype(np.float32),
        shadow=np.full(count, shadow, np.uint8),
        sunlit=np.ones(count, np.float32),
        glow=np.zeros(count, np.float32) if glow is None else glow.astype(np.float32),
    )


def make_bank(meshes: Sequence[Mesh], two_sided: Sequence[bool]) -> MeshBank:
    """Return the bank of ``meshes``, in order."""
    return MeshBank(
        vertices_m=np.concatenate([mesh.vertices_m for mesh in meshes]),
        normals=np.concatenate([mesh.normals for mesh in meshes]),
        faces=np.concatenate([mesh.faces for mesh in meshes]),
        colors=np.concatenate([mesh.colors for mesh in meshes]),
        vertex_start=np.cumsum([0] + [len(mesh.vertices_m) for mesh in meshes]).astype(np.int32),
        face_start=np.cumsum([0] + [len(mesh.faces) for mesh in meshes]).astype(np.int32),
        radius_m=np.array([np.linalg.norm(mesh.vertices_m, axis=1).max() for mesh in meshes], np.float32),
        two_sided=np.array(two_sided, bool),
    )


def joined(parts: Sequence[Instances]) -> Instances:
    """Return all instances in one list."""
    return Instances(**{f.name: np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Instances)})

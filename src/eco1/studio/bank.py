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
    """Copies of meshes in the world. Their shadows fall on the plane through ``foot_m`` with the ground's ``slope``."""

    mesh: Int32[np.ndarray, " i"]
    rotation: Float32[np.ndarray, "i 3 3"]
    position_m: Float32[np.ndarray, "i 3"]
    scale: Float32[np.ndarray, " i"]
    tint: Float32[np.ndarray, "i 3"]
    foot_m: Float32[np.ndarray, "i 3"]
    slope: Float32[np.ndarray, "i 2"]
    shadow: UInt8[np.ndarray, " i"]


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

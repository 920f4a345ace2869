"""Meshes as binary glTF 2.0 (Khronos, ISO/IEC 12113), for the browser."""

import json
import struct

import numpy as np

from eco1.studio.meshes import Mesh

_FLOAT, _UNSIGNED_SHORT = 5126, 5123
_ARRAY_BUFFER = 34962
_MIRRORED_REPEAT = 33648
_TEXTURE: dict[str, object] = {
    "textures": [{"source": 0, "sampler": 0}],
    "images": [{"bufferView": 3, "mimeType": "image/jpeg"}],
    "samplers": [{"wrapS": _MIRRORED_REPEAT, "wrapT": _MIRRORED_REPEAT}],
}


def to_glb(
    mesh: Mesh, *, unlit: bool = False, two_sided: bool = False, picture: tuple[bytes, np.ndarray] | None = None
) -> bytes:
    """Return a mesh as a GLB with normals and colours per triangle corner.

    Args:
        mesh: triangles; colours are linear light, as glTF wants them.
        unlit: show the colours as they are (``KHR_materials_unlit``).
        two_sided: also show triangles from behind.
        picture: a JPEG and where in it each vertex lies (V, 2; mirrored beyond 0..1); takes the place of colours.
    """
    corners = mesh.faces.reshape(-1)
    position = np.ascontiguousarray(mesh.vertices_m[corners], np.float32)
    chunks = [position.tobytes(), _unit_normals(mesh.normals[corners]).tobytes()]
    if picture is None:
        chunks.append(_corner_colors(mesh).tobytes())
        third = {
            "bufferView": 2,
            "componentType": _UNSIGNED_SHORT,
            "count": len(corners),
            "type": "VEC4",
            "normalized": True,
        }
    else:
        chunks += [
            np.ascontiguousarray(picture[1][corners], np.float32).tobytes(),
            picture[0] + b"\0" * (-len(picture[0]) % 4),
        ]
        third = {"bufferView": 2, "componentType": _FLOAT, "count": len(corners), "type": "VEC2"}
    views: list[dict[str, int]] = []
    start = 0
    for number, chunk in enumerate(chunks):
        target = {"target": _ARRAY_BUFFER} if number < 3 else {}
        views.append({"buffer": 0, "byteOffset": start, "byteLength": len(chunk), **target})
        start += len(chunk)
    count, paint = len(corners), "COLOR_0" if picture is None else "TEXCOORD_0"
    surface: dict[str, object] = {"baseColorFactor": [1, 1, 1, 1], "metallicFactor": 0.0, "roughnessFactor": 0.95}
    if picture is not None:
        surface["baseColorTexture"] = {"index": 0}
    material = {
        "pbrMetallicRoughness": surface,
        "doubleSided": two_sided,
        **({"extensions": {"KHR_materials_unlit": {}}} if unlit else {}),
    }
    document = {
        "asset": {"version": "2.0", "generator": "eco1"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0}],
        "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1, paint: 2}, "material": 0}]}],
        "materials": [material],
        "accessors": [
            {
                "bufferView": 0, "componentType": _FLOAT, "count": count, "type": "VEC3",
                "min": position.min(0).tolist(), "max": position.max(0).tolist(),
            },
            {"bufferView": 1, "componentType": _FLOAT, "count": count, "type": "VEC3"},
            third,
        ],
        "bufferViews": views,
        "buffers": [{"byteLength": start}],
        **({"extensionsUsed": ["KHR_materials_unlit"]} if unlit else {}),
        **(_TEXTURE if picture is not None else {}),
    }  # fmt: skip
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    body = b"".join(chunks)
    body += b"\0" * (-len(body) % 4)
    total = 12 + 8 + len(text) + 8 + len(body)
    head = struct.pack("<4sII", b"glTF", 2, total)
    return head + struct.pack("<I4s", len(text), b"JSON") + text + struct.pack("<I4s", len(body), b"BIN\0") + body


def _unit_normals(normals: np.ndarray) -> np.ndarray:
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    upward = np.array([0, 0, 1], np.float32)
    return np.where(length > 1e-6, normals / np.maximum(length, 1e-6), upward).astype(np.float32)


def _corner_colors(mesh: Mesh) -> np.ndarray:
    color = np.full((3 * len(mesh.faces), 4), 65535, np.uint16)
    color[:, :3] = np.round(np.clip(np.repeat(mesh.colors, 3, axis=0), 0, 1) * 65535)
    return color

"""Wings of bees and butterflies. Shapes are judged by eye."""

from itertools import pairwise

import numpy as np

from eco1.studio.colors import Rgb, mix
from eco1.studio.meshes import Mesh, make_mesh, merge, tube

_DARK: Rgb = (0.012, 0.010, 0.010)
_CLEAR: Rgb = (0.62, 0.66, 0.70)
WRIST = 0.42  # of the length, half-way out on the wing


def insect_wings(kind: str, long: float, coat: Rgb, accent: Rgb) -> dict[str, Mesh]:
    """Wings spread along y: clear with veins in bees; broad, bright and dark-edged in butterflies."""
    if kind == "ant":
        return {}
    if kind == "bee":
        fore = _vane([(0.10, 0.0), (0.13, WRIST), (-0.10, WRIST), (-0.12, 0.1), (-0.04, 0.0)], long, _CLEAR)
        hind = _vane([(-0.06, 0.02), (-0.11, 0.40), (-0.28, 0.34), (-0.22, 0.06)], long, mix(_CLEAR, coat, 0.2))
        tip = _vane([(0.13, 0.0), (0.06, 0.30), (-0.04, 0.36), (-0.12, 0.22), (-0.10, 0.0)], long, _CLEAR)
        vein = tube(
            [(0.11 * long, 0, 0), (0.125 * long, WRIST * long, 0)],
            [(0.012 * long,) * 2] * 2,
            sides=4,
            side_axis=(1, 0, 0),
            color=mix(accent, _DARK, 0.4),
        )
        left = {"left_wing_inner": merge([fore, hind, vein]), "left_wing_outer": tip}
    else:
        left = {"left_wing_inner": _bright([(0.22, 0.0), (0.62, WRIST), (-0.02, WRIST + 0.0), (-0.72, WRIST),
            (-0.80, 0.16), (-0.24, 0.0)], long, accent, 0.0),
                "left_wing_outer": _bright([(0.62, 0.0), (0.98, 0.55), (0.92, 0.82), (0.42, 0.74), (0.02, 0.62),
                    (-0.06, 0.56), (-0.52, 0.52), (-0.78, 0.22), (-0.72, 0.0)], long, accent, WRIST)}  # fmt: skip
    return {**left, **{name.replace("left", "right"): mesh.mirrored() for name, mesh in left.items()}}


def _vane(corners: list[tuple[float, float]], long: float, color: Rgb) -> Mesh:
    top = np.array([(x, y, 0.004) for x, y in corners]) * long
    below = top - [0, 0, 0.008 * long]
    count = len(top)
    fan = [(0, k + 1, k) for k in range(1, count - 1)]
    faces = np.array(fan + [(a + count, c + count, b + count) for a, b, c in fan])
    mesh = make_mesh(np.concatenate([top, below]), faces, color)
    return mesh if mesh.normals[0, 2] > 0 else make_mesh(np.concatenate([top, below]), faces[:, ::-1], color)


def _bright(corners: list[tuple[float, float]], long: float, accent: Rgb, out: float) -> Mesh:
    """A butterfly's wing as a fan of small triangles: bright above, brown with eye spots below, a dark border."""
    outline = np.array([(x, y) for x, y in corners])
    middle = outline.mean(0)
    around = np.concatenate([outline, outline[:1]])
    rim = np.concatenate([np.linspace(a, b, 5)[:-1] for a, b in pairwise(around)])
    rings = np.concatenate([middle + (rim - middle) * s for s in (0.25, 0.5, 0.75, 1.0)])
    count = len(rim)
    flat = np.concatenate([rings, middle[None]])
    faces: list[tuple[int, int, int]] = []
    for k in range(count):
        n = (k + 1) % count
        faces.append((4 * count, k, n))
        for ring in range(3):
            a, b, c, d = ring * count + k, ring * count + n, (ring + 1) * count + k, (ring + 1) * count + n
            faces += [(a, c, b), (b, c, d)]
    top = np.column_stack([flat, np.full(len(flat), 0.004)]) * long
    below = np.column_stack([flat, np.full(len(flat), -0.004)]) * long
    triangles = np.array(faces)
    first = make_mesh(top, triangles)
    if first.normals[:, 2].mean() < 0:
        triangles = triangles[:, ::-1]
    both = make_mesh(np.concatenate([top, below]), np.concatenate([triangles, triangles[:, ::-1] + len(flat)]))

    def paint(at: np.ndarray, normals: np.ndarray) -> np.ndarray:
        x, y = at[:, 0] / long, at[:, 1] / long + out
        border = np.hypot(x * 0.95, y) > 0.86
        upper = np.where(
            border[:, None], np.array(_DARK), np.array(accent) * (0.85 + 0.4 * np.exp(-((y - 0.5) ** 2) * 9))[:, None]
        )
        spot = np.hypot((x + 0.35) % 0.5 - 0.25, y % 0.42 - 0.21) < 0.07
        lower = np.where(spot[:, None], np.array((0.62, 0.46, 0.10)), np.array((0.12, 0.075, 0.045)))
        return np.where((normals[:, 2] > 0)[:, None], upper, lower)

    return both.painted(paint)

"""Parts of rainforest trees: trunks with buttresses, clumps of leaves, lianas, and ferns. Shapes are judged by eye."""

import math

import numpy as np

from eco1.core.random import generator
from eco1.studio.colors import Rgb
from eco1.studio.flora import VARIANTS, leafy
from eco1.studio.meshes import Mesh, make_mesh, merge, tube

_BARK: Rgb = (0.105, 0.088, 0.070)
_LIGHT, _DARK = (0.115, 0.205, 0.040), (0.020, 0.050, 0.014)


def trunk(variant: int) -> Mesh:
    """Return a trunk one metre high with buttresses at its foot and limbs under its crown."""
    rng = generator(variant, 31)
    thick = 0.021
    lean = rng.uniform(-0.015, 0.015, 2)
    top = np.array([lean[0], lean[1], 0.80])
    pieces = [
        tube(
            [(0, 0, -0.02), (0, 0, 0.05), top * 0.5, top],
            [(thick * 1.5, thick * 1.5), (thick, thick), (thick * 0.8,) * 2, (thick * 0.5,) * 2],
            sides=9,
            rings=10,
        )
    ]
    for k in range(5):
        angle = k * 1.257 + rng.uniform(-0.3, 0.3)
        out, side = np.array([math.cos(angle), math.sin(angle), 0]), np.array([-math.sin(angle), math.cos(angle), 0])
        foot = out * rng.uniform(0.06, 0.085)
        corners = [foot - [0, 0, 0.03], out * thick * 0.6 + [0, 0, rng.uniform(0.09, 0.14)], [0, 0, -0.03]]
        points = np.array([np.asarray(c) + side * s for s in (-0.004, 0.004) for c in corners])
        pieces.append(make_mesh(points, np.array([(0, 1, 2), (5, 4, 3), (0, 3, 4), (0, 4, 1), (1, 4, 5), (1, 5, 2)])))
    for k in range(7):
        angle, root = k * 2.4, top * rng.uniform(0.76, 0.98)
        way = np.array([math.cos(angle), math.sin(angle), 0])
        end = root + way * rng.uniform(0.15, 0.27) + np.array([0, 0, rng.uniform(0.02, 0.14)])
        middle = (root + end) / 2 + np.array([0, 0, 0.02])
        pieces.append(
            tube(
                [root, middle, end],
                [(0.010,) * 2, (0.007,) * 2, (0.003,) * 2],
                sides=6,
                rings=6,
                side_axis=(-way[1], way[0], 0),
            )
        )
    whole = merge(pieces)
    shade = rng.uniform(0.75, 1.2, (len(whole.faces), 1))

    def paint(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        moss = np.clip(np.sin(points[:, 2:] * 90 + 3 * points[:, :1] * 200) - 0.35, 0, 1) * (points[:, 2:] < 0.5)
        return (np.array(_BARK) * (1 - moss) + np.array((0.075, 0.115, 0.030)) * moss) * shade

    return whole.painted(paint)


def clump(variant: int, *, cards: int) -> Mesh:
    """Return a clump of leaves of radius one: a rough ball, with ``cards`` single leaves standing out of it."""
    rng = generator(variant, 32)
    lobes = [(0.55 * math.cos(a), 0.55 * math.sin(a), rng.uniform(-0.12, 0.12)) for a in np.arange(5) * 1.257]
    balls = [leafy(at, (0.46, 0.46, 0.36), rng, light=_LIGHT, dark=_DARK, rough=0.2) for at in (*lobes, (0, 0, 0.22))]
    ball = merge(balls)
    out = rng.normal(size=(cards, 3)) * [1, 1, 0.75]
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    root = out * [0.82, 0.82, 0.52]
    along = out + rng.normal(0, 0.5, (cards, 3)) - [0, 0, 0.15]
    along *= rng.uniform(0.22, 0.36, (cards, 1)) / np.linalg.norm(along, axis=1, keepdims=True)
    across = np.cross(along, out + rng.normal(0, 0.4, (cards, 3)))
    across *= 0.085 / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-6)
    vertices = np.stack([root, root + along * 0.5 + across, root + along, root + along * 0.5 - across], 1).reshape(
        -1, 3
    )
    first = 4 * np.arange(cards)
    faces = np.concatenate([np.stack([first, first + 1, first + 2], 1), np.stack([first, first + 2, first + 3], 1)])
    leaves = make_mesh(vertices, faces)
    share = np.clip(0.5 + 0.6 * out[:, 2] + rng.normal(0, 0.22, cards), 0, 1)[:, None]
    colors = np.array(_DARK) * (1 - share) + np.array((0.17, 0.30, 0.055)) * share
    return merge([ball, leaves.painted(lambda _, __: np.concatenate([colors, colors]))])


def fern(variant: int, *, fronds: int) -> Mesh:
    """Return a fern one metre high: arching fronds, pale along the middle."""
    rng = generator(variant, 33)
    vertices: list[np.ndarray] = []
    faces: list[tuple[int, int, int]] = []
    for k in range(fronds):
        angle = k * 2.4 + rng.uniform(-0.3, 0.3)
        out, side = np.array([math.cos(angle), math.sin(angle), 0]), np.array([-math.sin(angle), math.cos(angle), 0])
        tall, wide = rng.uniform(0.6, 1.0), 0.45 / math.sqrt(fronds)
        spine = [
            out * 0.05,
            out * 0.35 + [0, 0, 0.72 * tall],
            out * 0.78 + [0, 0, 0.95 * tall],
            out * 1.15 + [0, 0, 0.70 * tall],
        ]
        n = len(vertices)
        vertices += [
            spine[0],
            spine[1] - side * wide,
            spine[1] + side * wide,
            spine[2] - side * wide * 0.8,
            spine[2] + side * wide * 0.8,
            spine[3],
        ]
        faces += [(n, n + 1, n + 2), (n + 1, n + 3, n + 2), (n + 2, n + 3, n + 4), (n + 3, n + 5, n + 4)]
    mesh = make_mesh(np.array(vertices), np.array(faces))
    shade = rng.uniform(0.7, 1.2, (len(faces), 1))
    painted = mesh.painted(lambda _, __: np.array((0.75, 0.85, 0.50)) * shade)
    upward = np.tile(np.array([0, 0, 1], np.float32), (len(mesh.normals), 1))
    return Mesh(vertices_m=painted.vertices_m, normals=upward, faces=painted.faces, colors=painted.colors)


def liana() -> Mesh:
    """Return a hanging vine one metre long, from its top at the origin down."""
    points = [(0.02 * math.sin(7 * t), 0.02 * math.cos(5 * t), -t) for t in np.linspace(0, 1, 9)]
    return tube(points, [(0.0028, 0.0028)] * 9, sides=5, rings=18, color=(0.085, 0.070, 0.045))


def tuft_meshes() -> list[Mesh]:
    """Return what grows on the floor: ferns near the camera, simpler ones far from it."""
    return [fern(k, fronds=count) for count in (7, 4) for k in range(VARIANTS)]

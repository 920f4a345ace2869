"""Corals, sponges and anemones: what stands on a reef. Shapes are judged by eye."""

import math

import numpy as np

from eco1.core.random import generator
from eco1.studio.colors import Rgb
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube

_ROCK: Rgb = (0.20, 0.17, 0.15)
COLORS: tuple[Rgb, ...] = (
    *((0.50, 0.30, 0.10), (0.62, 0.22, 0.24), (0.30, 0.42, 0.16), (0.50, 0.22, 0.44), (0.66, 0.50, 0.22)),
    *((0.20, 0.36, 0.50), (0.72, 0.40, 0.26), (0.44, 0.40, 0.32)),
)


def brain(rng: np.random.Generator, color: Rgb) -> Mesh:
    """Return a brain coral of radius one: a dome with winding grooves."""
    ball = dome((0, 0, 0.25), (1.0, 0.95, 0.8), sides=44, rings=26)
    turn = rng.uniform(0, 6)

    def paint(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        fold = np.sin(9 * points[:, 0] + 3 * np.sin(5 * points[:, 1] + turn)) + np.sin(
            8 * points[:, 1] + 3 * np.sin(6 * points[:, 2] - turn)
        )
        return np.array(color) * np.where(np.abs(fold) < 0.55, 0.45, 1.1)[:, None]

    return ball.painted(paint)


def table(rng: np.random.Generator, color: Rgb) -> Mesh:
    """Return a table coral: a wide ragged plate on a stalk."""
    sides = 26
    around = np.arange(sides) * 2 * math.pi / sides
    reach = 1.0 + rng.normal(0, 0.07, sides)
    lean = rng.uniform(-0.12, 0.12, 2)
    rim = np.stack([np.cos(around) * reach, np.sin(around) * reach, 0.62 + rng.normal(0, 0.03, sides)], 1)
    rim[:, 2] += rim[:, :2] @ lean
    middle = rim * [0.5, 0.5, 1] + [0, 0, 0.01]
    top = np.concatenate([rim, middle, [[0, 0, 0.62]]])
    below = top - [0, 0, 0.07]
    faces: list[tuple[int, int, int]] = []
    low = len(top)
    for k in range(sides):
        n = (k + 1) % sides
        faces += [(k, n, sides + k), (n, sides + n, sides + k), (sides + k, sides + n, 2 * sides)]
        faces += [(low + n, low + k, low + sides + k), (low + n, low + sides + k, low + sides + n)]
        faces += [(low + sides + n, low + sides + k, low + 2 * sides), (low + k, n, k), (low + k, low + n, n)]
    plate = make_mesh(np.concatenate([top, below]), np.array(faces), color)
    tips = rng.uniform(0.7, 1.25, (len(plate.faces), 1))
    stalk = tube([(0, 0, -0.2), (0, 0, 0.3), (0, 0, 0.62)], [(0.26, 0.26), (0.18, 0.18), (0.45, 0.45)], color=_ROCK)
    return merge([plate.painted(lambda _, __: np.array(color) * tips), stalk])


def branching(rng: np.random.Generator, color: Rgb) -> Mesh:
    """Return a staghorn thicket: forked branches with pale tips."""
    pieces: list[Mesh] = []

    def branch(root: np.ndarray, way: np.ndarray, long: float, thick: float, forks: int) -> None:
        bend = root + way * long * 0.5 + rng.normal(0, 0.04, 3)
        end = root + way * long + np.array([0, 0, 0.08])
        side = np.cross(way, [0.3, 0.8, 0.1])
        pieces.append(
            tube([root, bend, end], [(thick, thick), (thick * 0.8,) * 2, (thick * 0.45,) * 2], sides=5, side_axis=side)
        )
        for _ in range(forks):
            turned = way + rng.normal(0, 0.55, 3) + np.array([0, 0, 0.25])
            branch(
                bend + (end - bend) * rng.uniform(0.1, 0.9),
                turned / np.linalg.norm(turned),
                long * 0.6,
                thick * 0.7,
                forks - 1,
            )

    for k in range(11):
        angle = k * 2.4
        way = np.array([math.cos(angle) * 0.75, math.sin(angle) * 0.75, rng.uniform(0.5, 1.1)])
        branch(np.array([0, 0, -0.05]) + way * 0.1, way / np.linalg.norm(way), rng.uniform(0.5, 0.8), 0.075, 2)
    bush = merge(pieces)

    def paint(points: np.ndarray, _: np.ndarray) -> np.ndarray:
        out = np.clip(np.linalg.norm(points, axis=1) * 1.25 - 0.45, 0, 1)[:, None]
        return np.array(color) * (1 - 0.55 * out) + np.array((0.80, 0.72, 0.62)) * 0.55 * out

    return bush.painted(paint)


def tubes(rng: np.random.Generator, color: Rgb) -> Mesh:
    """Return a cluster of tube sponges with dark mouths."""
    pieces: list[Mesh] = []
    for k in range(6):
        angle, tall = k * 2.4, rng.uniform(0.6, 1.3)
        foot = np.array([math.cos(angle), math.sin(angle), 0]) * rng.uniform(0.05, 0.3)
        top = foot * 2.0 + np.array([0, 0, tall])
        side = (-math.sin(angle), math.cos(angle), 0)
        wide = rng.uniform(0.10, 0.15)
        radii = [(wide * 0.8,) * 2, (wide,) * 2, (wide * 1.15,) * 2, (wide * 0.75,) * 2]
        pieces.append(tube([foot, (foot + top) / 2, top, top * 0.985], radii, sides=8, side_axis=side, color=color))
        pieces.append(
            dome(top - [0, 0, 0.02], (wide * 0.8, wide * 0.8, 0.04), sides=8, rings=4, color=(0.02, 0.01, 0.02))
        )
    return merge(pieces)


def fan(rng: np.random.Generator, color: Rgb) -> Mesh:
    """Return a sea fan: a net of branches in one plane."""
    pieces: list[Mesh] = []
    for k in range(15):
        angle = -1.15 + 2.3 * k / 14 + rng.normal(0, 0.03)
        long = 1.1 * (1 - 0.25 * abs(angle)) * rng.uniform(0.85, 1.05)
        points = [
            (0, 0, 0),
            (0, math.sin(angle) * long * 0.45, math.cos(angle * 0.7) * long * 0.55),
            (0, math.sin(angle) * long, math.cos(angle) * long + 0.1),
        ]
        pieces.append(
            tube(
                points, [(0.03, 0.03), (0.02, 0.02), (0.008, 0.008)], sides=4, rings=5, side_axis=(1, 0, 0), color=color
            )
        )
    for ring in (0.35, 0.55, 0.75, 0.95):
        around = np.linspace(-1.1, 1.1, 12)
        arc = [(0, math.sin(a) * ring, math.cos(a) * ring + 0.06) for a in around]
        pieces.append(tube(arc, [(0.012, 0.012)] * 12, sides=4, side_axis=(1, 0, 0), color=color))
    return merge(pieces)


def boulder(rng: np.random.Generator, color: Rgb) -> Mesh:
    """Return a boulder of rock with lumps of living coral."""
    ball = dome((0, 0, 0.1), (1.0, 0.9, 0.62), sides=12, rings=8)
    mesh = make_mesh(ball.vertices_m + rng.normal(0, 0.07, ball.vertices_m.shape), ball.faces)
    live = rng.random(len(mesh.faces)) < 0.35

    def paint(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        return np.where((live & (normals[:, 2] > 0))[:, None], np.array(color) * 0.8, np.array(_ROCK))

    return mesh.painted(paint)


def anemone() -> Mesh:
    """Return an anemone of radius one half: a crown of tentacles with pale tips on a short column."""
    pieces = [dome((0, 0, 0.08), (0.34, 0.34, 0.16), color=(0.40, 0.12, 0.22))]
    for k in range(46):
        angle, out = k * 2.39996, 0.36 * math.sqrt((k + 0.5) / 46)
        foot = np.array([math.cos(angle) * out, math.sin(angle) * out, 0.2 - 0.25 * out])
        tip = foot + np.array([math.cos(angle) * (0.04 + 0.5 * out), math.sin(angle) * (0.04 + 0.5 * out), 0.24])
        side = (-math.sin(angle), math.cos(angle), 0)
        pieces.append(
            tube(
                [foot, (foot + tip) / 2 + [0, 0, 0.03], tip],
                [(0.026, 0.026), (0.024, 0.024), (0.03, 0.03)],
                sides=5,
                side_axis=side,
            )
        )
    whole = merge(pieces)

    def paint(points: np.ndarray, _: np.ndarray) -> np.ndarray:
        tip = np.clip((points[:, 2] - 0.28) * 7, 0, 1)[:, None]
        return np.array((0.50, 0.36, 0.14)) * (1 - tip) + np.array((0.80, 0.50, 0.62)) * tip

    return whole.painted(paint)


def crevice(rng: np.random.Generator) -> Mesh:
    """Return a rock with a dark cleft that a moray fits in."""
    slabs = [
        dome((-0.3, 0.0, 0.2), (0.9, 0.8, 0.5), sides=11, rings=7, color=_ROCK),
        dome((0.25, 0.5, 0.15), (0.6, 0.4, 0.42), sides=9, rings=6, color=(0.24, 0.20, 0.16)),
        dome((0.25, -0.5, 0.15), (0.6, 0.4, 0.42), sides=9, rings=6, color=(0.22, 0.19, 0.17)),
        dome((0.25, 0, 0.48), (0.62, 0.7, 0.2), sides=9, rings=6, color=(0.34, 0.20, 0.16)),
    ]
    rough = [
        make_mesh(m.vertices_m + rng.normal(0, 0.035, m.vertices_m.shape), m.faces, m.colors[0].tolist()) for m in slabs
    ]
    hole = dome((0.62, 0, 0.14), (0.2, 0.24, 0.24), sides=8, rings=5, color=(0.006, 0.008, 0.010))
    return merge([*rough, hole])


def tuft_meshes() -> list[Mesh]:
    """Return what grows between the heads, one metre high: seagrass, a small soft coral, a lump of rubble."""
    rng = generator(5, 21)
    blades: list[Mesh] = []
    for k in range(9):
        angle, lean = k * 2.4, rng.uniform(0.1, 0.5)
        out = np.array([math.cos(angle), math.sin(angle), 0])
        foot, tall = out * rng.uniform(0, 0.25), rng.uniform(0.6, 1.0)
        points = [foot, foot + out * lean * 0.3 + [0, 0, 0.5 * tall], foot + out * lean + [0, 0, tall]]
        blades.append(
            tube(
                points,
                [(0.035, 0.008), (0.035, 0.008), (0.008, 0.004)],
                sides=4,
                side_axis=(-out[1], out[0], 0),
                color=(0.30, 0.40, 0.16),
            )
        )
    soft = [
        tube(
            [
                (0, 0, -0.05),
                (math.cos(a) * 0.12, math.sin(a) * 0.12, 0.3),
                (math.cos(a) * 0.34, math.sin(a) * 0.34, 0.5),
            ],
            [(0.09, 0.09), (0.07, 0.07), (0.05, 0.05)],
            sides=6,
            side_axis=(-math.sin(a), math.cos(a), 0),
            color=(0.50, 0.20, 0.26),
        )
        for a in np.arange(7) * 0.9
    ]
    lump = dome((0, 0, 0.02), (0.34, 0.28, 0.2), sides=7, rings=4)
    stone = make_mesh(lump.vertices_m + rng.normal(0, 0.035, lump.vertices_m.shape), lump.faces, (0.40, 0.34, 0.29))
    return [merge(blades), merge(soft), stone]

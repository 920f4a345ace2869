"""The sea turtle and the manta: wide bodies that fly under water. Shapes are judged by eye."""

import math
from dataclasses import replace

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.skeleton import FIRST_LEG, FIRST_WING, HEAD, NECK, PARTS, TAIL, TAIL_MID, TAIL_TIP, TORSO
from eco1.studio.body import Body, limbless_rig
from eco1.studio.coats import painter
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube

_DARK: Rgb = (0.014, 0.012, 0.010)
_WHITE: Rgb = (0.70, 0.70, 0.66)
_SCUTES = 5.5  # plates along a shell
_DISC = 1.05  # half the width of a manta in its length


def build_turtle(species: Species) -> Body:
    """Return a sea turtle: a domed shell, long fore flippers, short hind ones."""
    length, height = float(species.body.length), float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    shell_long, half = 0.80 * length, 0.5 * height
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, half)
    pivots[NECK] = (0.40 * shell_long, 0, -0.02 * height)
    pivots[HEAD] = (0.11 * length, 0, 0.02 * height)
    pivots[TAIL] = (-0.47 * shell_long, 0, -0.12 * height)
    for side, first, leg in ((1, FIRST_WING, FIRST_LEG + 4), (-1, FIRST_WING + 2, FIRST_LEG + 6)):
        pivots[first] = (0.27 * shell_long, side * 0.30 * shell_long, -0.10 * height)
        pivots[first + 1] = (-0.02 * length, side * 0.20 * length, 0)
        pivots[leg] = (-0.36 * shell_long, side * 0.22 * shell_long, -0.12 * height)
    paint = painter("scales", coat, accent, length, height, repeat=_SCUTES)
    shell = dome(
        (0, 0, -0.04 * height), (0.5 * shell_long, 0.42 * shell_long, 0.54 * height), sides=34, rings=22
    ).painted(paint)
    belly = dome(
        (0.01 * length, 0, -0.16 * height),
        (0.45 * shell_long, 0.37 * shell_long, 0.30 * height),
        sides=16,
        rings=8,
        color=mix(accent, _WHITE, 0.3),
    )
    rim = dome(
        (0, 0, -0.12 * height),
        (0.515 * shell_long, 0.435 * shell_long, 0.10 * height),
        sides=24,
        rings=6,
        color=mix(coat, _DARK, 0.4),
    )
    skin = mix(coat, accent, 0.25)
    spotted = painter("scales", mix(coat, _DARK, 0.35), accent, length, height, repeat=17.0)
    neck = tube(
        [(-0.06 * length, 0, -0.02 * height), (0.04 * length, 0, 0), (0.13 * length, 0, 0.02 * height)],
        [(0.075 * length,) * 2, (0.065 * length,) * 2, (0.06 * length,) * 2],
        sides=12,
        rings=8,
        color=skin,
    )
    head = dome((0.06 * length, 0, 0), (0.105 * length, 0.072 * length, 0.072 * length), sides=16, rings=11).painted(
        spotted
    )
    beak = dome(
        (0.145 * length, 0, -0.015 * length),
        (0.035 * length, 0.035 * length, 0.035 * length),
        sides=8,
        rings=5,
        color=mix(accent, _DARK, 0.5),
    )
    eye = dome((0.105 * length, 0.056 * length, 0.02 * length), (0.016 * length,) * 3, sides=7, rings=5, color=_DARK)
    inner = _flipper(
        [(0.075, -0.02), (0.085, 0.10), (0.06, 0.22), (-0.085, 0.22), (-0.075, 0.10), (-0.06, -0.02)], length, 0.035
    ).painted(spotted)
    outer = _flipper(
        [(0.08, -0.02), (0.045, 0.12), (-0.10, 0.33), (-0.145, 0.34), (-0.12, 0.16), (-0.065, -0.02)], length, 0.028
    ).painted(spotted)
    hind = _flipper(
        [(0.05, 0.0), (0.0, 0.10), (-0.14, 0.19), (-0.19, 0.15), (-0.12, 0.02), (-0.05, -0.02)], length, 0.028
    ).painted(spotted)
    meshes = {
        "torso": merge([shell, belly, rim, hind.moved(pivots[FIRST_LEG + 4]),
            hind.mirrored().moved(pivots[FIRST_LEG + 6])]),
        "neck": neck,
        "head": merge([head, beak, eye, eye.mirrored()]),
        "tail": tube([(0.02 * length, 0, 0), (-0.07 * length, 0, -0.02 * length)], [(0.03 * length,) * 2,
            (0.008 * length,) * 2], sides=6, color=skin),
        "left_wing_inner": inner, "right_wing_inner": inner.mirrored(), "left_wing_outer": outer,
            "right_wing_outer": outer.mirrored(),
    }  # fmt: skip
    pivots[FIRST_LEG:FIRST_WING] = 0
    return _body(species, pivots, meshes, "flippers")


def build_ray(species: Species) -> Body:
    """Return a manta: a diamond of wings, white below, with horns beside its wide mouth and a whip of a tail."""
    length, height = float(species.body.length), float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    half = _DISC * length
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, height / 2)
    pivots[TAIL], pivots[TAIL_MID], pivots[TAIL_TIP] = (
        (-0.46 * length, 0, 0),
        (-0.22 * length, 0, 0),
        (-0.24 * length, 0, 0),
    )
    for side, first in ((1, FIRST_WING), (-1, FIRST_WING + 2)):
        pivots[first] = (0.0, side * 0.20 * length, 0)
        pivots[first + 1] = (-0.02 * length, side * 0.36 * length, 0)
    shoulder = mix(coat, _WHITE, 0.55)

    def skin(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """Black above with pale shoulders, white below with a few dark spots."""
        top = normals[:, 2] > 0.0
        patch = (
            top
            & (points[:, 0] > 0.10 * length)
            & (points[:, 0] < 0.27 * length)
            & (np.abs(points[:, 1]) > 0.08 * length)
            & (np.abs(points[:, 1]) < 0.42 * length)
        )
        spots = ~top & (np.sin(points[:, 0] * 19 / length) * np.sin(points[:, 1] * 17 / length) > 0.82)
        color = np.where(top[:, None], np.array(coat), np.array(accent))
        return np.where(patch[:, None], np.array(shoulder), np.where(spots[:, None], np.array(coat), color))

    stations = [
        (0.42, 0.10, 0.16),
        (0.34, 0.20, 0.34),
        (0.18, 0.25, 0.46),
        (0.0, 0.26, 0.50),
        (-0.22, 0.22, 0.42),
        (-0.40, 0.12, 0.24),
        (-0.50, 0.05, 0.10),
    ]
    trunk = tube(
        [(x * length, 0, 0) for x, _, _ in stations],
        [(w * length, h * height) for _, w, h in stations],
        sides=22,
        rings=26,
    ).painted(skin)
    root, wrist, tip = (0.30, -0.34, 0.34), (0.17, -0.22, 0.17), (-0.19, -0.25, 0.01)
    inner = _wing(root, wrist, 0.0, 0.36 * length, length, height)
    outer = _wing(wrist, tip, 0.0, half - 0.56 * length, length, height)
    inner = inner.moved(pivots[FIRST_WING]).painted(skin).moved(-pivots[FIRST_WING])
    at = pivots[FIRST_WING] + pivots[FIRST_WING + 1]
    outer = outer.moved(at).painted(skin).moved(-at)
    mouth = dome(
        (0.405 * length, 0, -0.02 * height),
        (0.03 * length, 0.11 * length, 0.10 * height),
        sides=10,
        rings=5,
        color=_DARK,
    )
    horn = tube(
        [
            (0.36 * length, 0.14 * length, 0),
            (0.46 * length, 0.145 * length, -0.02 * length),
            (0.54 * length, 0.115 * length, -0.05 * length),
        ],
        [(0.03 * length, 0.05 * length), (0.018 * length, 0.05 * length), (0.008 * length, 0.03 * length)],
        sides=8,
        rings=9,
        color=coat,
    )
    eye = dome((0.33 * length, 0.195 * length, 0.03 * length), (0.018 * length,) * 3, sides=7, rings=5, color=_DARK)
    whip = [
        tube(
            [(0.01 * length, 0, 0), (-long * length, 0, 0)],
            [(a * length,) * 2, (b * length,) * 2],
            sides=6,
            rings=5,
            color=coat,
        )
        for long, a, b in ((0.23, 0.022, 0.014), (0.25, 0.014, 0.009), (0.26, 0.009, 0.003))
    ]
    fin = make_mesh(
        np.array([(-0.02, 0.0, 0.02), (-0.10, 0.005, 0.075), (-0.11, 0, 0.02), (-0.10, -0.005, 0.075)]) * length,
        np.array([(0, 1, 2), (0, 2, 3), (0, 3, 1)]),
        coat,
    )
    meshes = {
        "torso": merge([trunk, mouth, horn, horn.mirrored(), eye, eye.mirrored()]),
        "tail": merge([whip[0], fin]), "tail_mid": whip[1], "tail_tip": whip[2],
        "left_wing_inner": inner, "right_wing_inner": inner.mirrored(), "left_wing_outer": outer,
            "right_wing_outer": outer.mirrored(),
    }  # fmt: skip
    return _body(species, pivots, meshes, "wings")


def _wing(
    near: tuple[float, float, float],
    far: tuple[float, float, float],
    start: float,
    end: float,
    length: float,
    height: float,
) -> Mesh:
    """A stretch of a manta's wing: leading edge, trailing edge (x) and thickness at both ends."""
    steps = np.linspace(0, 1, 9)
    centers, radii = [], []
    for s in steps:
        bow = 0.05 * math.sin(math.pi * s)
        lead, trail = near[0] + (far[0] - near[0]) * s + bow, near[1] + (far[1] - near[1]) * s
        centers.append(((lead + trail) / 2 * length, start + (end - start) * s, 0.0))
        radii.append(((lead - trail) / 2 * length, (near[2] + (far[2] - near[2]) * s) * 0.38 * height))
    return tube(centers, radii, sides=14, side_axis=(1.0, 0.0, 0.0))


def _flipper(corners: list[tuple[float, float]], length: float, thick: float) -> Mesh:
    outline = np.array([(x, y, 0.0) for x, y in corners]) * length
    inner = outline.mean(0) + (outline - outline.mean(0)) * 0.55
    count = len(outline)
    lift = np.array([0, 0, thick * length / 2])
    vertices = np.concatenate([outline, inner + lift, inner - lift, [outline.mean(0) + lift, outline.mean(0) - lift]])
    faces: list[tuple[int, int, int]] = []
    for k in range(count):
        n = (k + 1) % count
        faces += [(k, count + k, n), (n, count + k, count + n), (count + k, 3 * count, count + n)]
        faces += [
            (k, n, 2 * count + k),
            (n, 2 * count + n, 2 * count + k),
            (2 * count + k, 2 * count + n, 3 * count + 1),
        ]
    mesh = make_mesh(vertices, np.array(faces))
    up = mesh.normals[3 * count][2] > 0
    return mesh if up else make_mesh(vertices, np.array(faces)[:, ::-1])


def _body(species: Species, pivots: np.ndarray, meshes: dict[str, Mesh], style: str) -> Body:
    rig = replace(limbless_rig(pivots), graze_neck_rad=0.3, graze_head_rad=0.2, graze_torso_rad=0.25, swims=style)
    return Body(
        species=species.name, plan=species.body.plan, length_m=float(species.body.length),
        height_m=float(species.body.height), rig=rig, meshes=meshes,
    )  # fmt: skip

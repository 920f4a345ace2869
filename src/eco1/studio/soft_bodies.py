"""The octopus and the snake. Shapes are judged by eye."""

import math
from dataclasses import replace

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.skeleton import ARMS, FIRST_ARM, HEAD, NECK, PARTS, TAIL, TAIL_MID, TAIL_TIP, TORSO, Rig
from eco1.studio.body import Body, limbless_rig
from eco1.studio.coats import painter
from eco1.studio.colors import linear_rgb, mix
from eco1.studio.meshes import Mesh, dome, merge, tube

_DARK = (0.014, 0.012, 0.010)
_ARM_SHARE, _MANTLE_SHARE = 0.68, 0.30  # of an octopus's length
_SNAKE = (("neck", 0.20), ("torso", 0.24), ("tail", 0.20), ("tail_mid", 0.17), ("tail_tip", 0.15))  # shares of length


def build_octopus(species: Species) -> Body:
    """Return an octopus: a mantle that leans back, raised eyes and eight arms with pale suckers."""
    length, height = float(species.body.length), float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    arm, mantle = _ARM_SHARE * length, _MANTLE_SHARE * length
    wide = 0.36 * mantle
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, 0.42 * height)
    for k in range(ARMS):
        angle = math.pi * (k + 0.5) / 4
        pivots[FIRST_ARM + k] = (0.42 * wide * math.cos(angle), 0.42 * wide * math.sin(angle), -0.10 * height)
    paint = painter("blotches", coat, accent, 0.55 * length, 0.55 * length)
    back = np.array([-0.72, 0.0, 0.70])
    points = [
        np.array([0.25, 0, -0.15]) * wide,
        np.array([0, 0, 0.45]) * wide,
        back * 0.42 * mantle + [0, 0, 0.5 * wide],
        back * 0.85 * mantle + [0, 0, 0.4 * wide],
        back * 1.05 * mantle + [0, 0, 0.3 * wide],
    ]
    radii = [
        (0.72 * wide, 0.55 * wide),
        (0.66 * wide, 0.62 * wide),
        (1.02 * wide, 0.95 * wide),
        (0.8 * wide, 0.75 * wide),
        (0.15 * wide, 0.15 * wide),
    ]
    body = tube(points, radii, sides=22, rings=24).moved((0, 0, 0.5)).painted(paint).moved((0, 0, -0.5))
    eye = dome(
        (0.22 * wide, 0.50 * wide, 0.66 * wide),
        (0.22 * wide, 0.20 * wide, 0.24 * wide),
        sides=9,
        rings=7,
        color=mix(coat, accent, 0.4),
    )
    slit = dome(
        (0.26 * wide, 0.66 * wide, 0.70 * wide), (0.15 * wide, 0.08 * wide, 0.045 * wide), sides=7, rings=5, color=_DARK
    )
    siphon = tube(
        [(-0.2 * wide, 0.5 * wide, 0.1 * wide), (0.1 * wide, 0.8 * wide, 0.0)],
        [(0.14 * wide,) * 2, (0.11 * wide,) * 2],
        sides=7,
        color=mix(coat, accent, 0.3),
    )
    web = dome(
        (0.05 * wide, 0, -0.15 * wide),
        (0.95 * wide, 0.95 * wide, 0.36 * wide),
        sides=16,
        rings=7,
        color=mix(coat, _DARK, 0.12),
    )
    meshes = {"torso": merge([body, web, eye, eye.mirrored(), slit, slit.mirrored(), siphon])}
    limb = _arm(arm, 0.23 * wide, coat, accent)
    for k in range(ARMS):
        meshes[PARTS[FIRST_ARM + k]] = limb
    return _body(species, pivots, meshes, replace(limbless_rig(pivots), swims="jet"))


def _arm(long: float, thick: float, coat: tuple[float, float, float], accent: tuple[float, float, float]) -> Mesh:
    """An arm hangs down and curls outwards at its tip; suckers on its inner side."""
    steps = np.linspace(0, 1, 14)
    points = [(0.16 * long * s**2.5, 0.0, -long * s * (1 - 0.10 * s)) for s in steps]
    arm = tube(points, [(thick * (1 - 0.88 * s),) * 2 for s in steps], sides=8, rings=26)
    rows = np.sin(np.linspace(0, 2, 5))

    def paint(at: np.ndarray, normals: np.ndarray) -> np.ndarray:
        inner = normals[:, 0] < -0.45
        sucker = inner & (np.sin(at[:, 2] * 130 / long) > -0.2)
        mottle = 0.8 + 0.35 * np.sin(at[:, 2:] * 41 / long + rows[1]) * np.sin(at[:, 1:2] * 60 / thick)
        return np.where(sucker[:, None], np.array(mix(accent, (0.8, 0.75, 0.7), 0.4)), np.array(coat) * mottle)

    return arm.painted(paint)


def build_snake(species: Species) -> Body:
    """Return a snake in six pieces that a wave can run through, with a broad head."""
    length, height = float(species.body.length), float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    paint = painter(species.body.pattern, coat, accent, length, height, repeat=22.0)
    long = {name: share * length for name, share in _SNAKE}
    r = height / 2
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, r)
    pivots[NECK], pivots[HEAD] = (long["torso"] / 2, 0, 0), (long["neck"], 0, 0.1 * r)
    pivots[TAIL], pivots[TAIL_MID], pivots[TAIL_TIP] = (
        (-long["torso"] / 2, 0, 0),
        (-long["tail"], 0, 0),
        (-long["tail_mid"], 0, 0),
    )
    pieces = {
        "neck": (0.0, long["neck"], 0.98, 0.55), "torso": (-long["torso"] / 2, long["torso"] / 2, 0.95, 0.98),
        "tail": (-long["tail"], 0.0, 0.72, 0.95), "tail_mid": (-long["tail_mid"], 0.0, 0.45, 0.72),
        "tail_tip": (-long["tail_tip"], 0.0, 0.06, 0.45),
    }  # fmt: skip
    offsets = {
        "neck": pivots[NECK],
        "torso": 0 * pivots[TORSO],
        "tail": pivots[TAIL],
        "tail_mid": pivots[TAIL] + pivots[TAIL_MID],
        "tail_tip": pivots[TAIL : TAIL + 1].sum(0) + pivots[TAIL_MID] + pivots[TAIL_TIP],
    }
    meshes: dict[str, Mesh] = {}
    for name, (low, high, thin, thick) in pieces.items():
        ends = 0.6 * r
        steps = [
            (low - ends, 0.4 * thin),
            (low, thin),
            ((low + high) / 2, (thin + thick) / 2),
            (high, thick),
            (high + ends, 0.4 * thick),
        ]
        mesh = tube([(x, 0, 0) for x, _ in steps], [(w * r, w * r) for _, w in steps], sides=16, rings=44)
        at = offsets[name] + pivots[TORSO]
        meshes[name] = mesh.moved(at).painted(paint).moved(-at)
    meshes["head"] = _snake_head(r, coat, accent)
    return _body(
        species,
        pivots,
        meshes,
        replace(limbless_rig(pivots), slithers=True, climbs="climb" in species.locomotion.modes),
    )


def _snake_head(r: float, coat: tuple[float, float, float], accent: tuple[float, float, float]) -> Mesh:
    points = [(-0.5 * r, 0, 0), (0.3 * r, 0, 0), (1.2 * r, 0, 0.05 * r), (2.2 * r, 0, 0), (2.9 * r, 0, -0.08 * r)]
    skull = tube(
        points,
        [(0.4 * r, 0.4 * r), (0.62 * r, 0.55 * r), (1.02 * r, 0.70 * r), (0.72 * r, 0.50 * r), (0.30 * r, 0.26 * r)],
        sides=14,
        rings=16,
    )
    low = np.array(mix(accent, (0.8, 0.7, 0.2), 0.5))
    skull = skull.painted(lambda at, n: np.where((n[:, 2] < -0.25)[:, None], low, np.array(coat)))
    eye = dome((1.75 * r, 0.72 * r, 0.30 * r), (0.17 * r,) * 3, sides=7, rings=5, color=(0.60, 0.50, 0.08))
    slit = dome((1.80 * r, 0.84 * r, 0.30 * r), (0.04 * r, 0.06 * r, 0.15 * r), sides=6, rings=4, color=_DARK)
    tongue = tube(
        [(2.8 * r, 0, -0.1 * r), (3.8 * r, 0, -0.15 * r)],
        [(0.06 * r, 0.03 * r), (0.09 * r, 0.02 * r)],
        sides=5,
        color=(0.35, 0.03, 0.04),
    )
    return merge([skull, eye, eye.mirrored(), slit, slit.mirrored(), tongue])


def _body(species: Species, pivots: np.ndarray, meshes: dict[str, Mesh], rig: Rig) -> Body:
    return Body(
        species=species.name, plan=species.body.plan, length_m=float(species.body.length),
        height_m=float(species.body.height), rig=rig, meshes=meshes,
    )  # fmt: skip

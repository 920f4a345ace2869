"""Faces, tails, hair and claws by which one tells the smaller mammals apart. Shapes are judged by eye."""

import math

import numpy as np

from eco1.studio.colors import Rgb, mix
from eco1.studio.head_frame import DARK, HeadFrame, both
from eco1.studio.meshes import Mesh, dome, merge, tube
from eco1.studio.plans import Proportions

_PALE: Rgb = (0.66, 0.62, 0.54)
_PINK: Rgb = (0.42, 0.24, 0.20)


def mask(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return a dark band through the eyes with a pale rim above it."""
    r = frame.radius
    band = both(
        lambda: dome(
            frame.at(0.50, 0.26, 0.50), (0.36 * r, 0.42 * r, 0.25 * r), sides=9, rings=6, color=mix(accent, DARK, 0.5)
        )
    )
    brow = both(
        lambda: dome(
            frame.at(0.42, 0.55, 0.44), (0.30 * r, 0.36 * r, 0.13 * r), sides=8, rings=5, color=mix(coat, _PALE, 0.7)
        )
    )
    eyes = both(
        lambda: dome(
            frame.at(0.60, 0.34, 0.66), (0.10 * r, 0.08 * r, 0.10 * r), sides=6, rings=4, color=(0.25, 0.19, 0.10)
        )
    )
    return [*band, *brow, *eyes]


def flat_face(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return the bare face of a monkey or a sloth: a shield around eyes and mouth."""
    r = frame.radius
    color = mix(accent, DARK, 0.35) if sum(accent) < sum(coat) else mix(coat, DARK, 0.3)
    face = dome(frame.at(0.66, 0.02, 0.0), (0.42 * r, 0.66 * r, 0.62 * r), sides=10, rings=7, color=color)
    eyes = both(
        lambda: dome(
            frame.at(0.80, 0.30, 0.34), (0.13 * r, 0.13 * r, 0.13 * r), sides=7, rings=5, color=(0.20, 0.13, 0.06)
        )
    )
    return [face, *eyes]


def bare_tail(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    """Paint a tail without hair."""
    if plan.tail > 1:
        meshes["tail"] = meshes["tail"].painted(lambda points, _: np.broadcast_to(np.array(_PINK), points.shape))


def ringed_tail(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    """Paint dark rings around a bushy tail."""
    long = plan.tail * height

    def paint(points: np.ndarray, _: np.ndarray) -> np.ndarray:
        ring = np.sin(2 * np.pi * 5.5 * points[:, :1] / long) > 0.05
        return np.where(ring, np.array(mix(accent, DARK, 0.4)), np.array(mix(coat, _PALE, 0.25)))

    radii = [
        (0.05 * height, 0.05 * height),
        (0.085 * height,) * 2,
        (0.095 * height,) * 2,
        (0.075 * height,) * 2,
        (0.02 * height,) * 2,
    ]
    points = [(-long * k / 4, 0.0, -long * k / 4 * math.tan(0.5 - 0.09 * k)) for k in range(5)]
    meshes["tail"] = tube(points, radii, sides=9, rings=34).painted(paint)


def skirt(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    """Hang a skirt of long hair from the flanks of a muskox, and a beard from its neck."""
    torso = meshes["torso"]
    low, high = torso.vertices_m[:, 0].min(), torso.vertices_m[:, 0].max()
    wide = float(np.abs(torso.vertices_m[:, 1]).max())
    rng = np.random.Generator(np.random.Philox(9))
    strands: list[Mesh] = []
    dark = mix(coat, DARK, 0.45)
    for k in range(30):
        x = low * 0.86 + (high * 0.92 - low * 0.86) * k / 29
        top = np.array([x, wide * (0.96 - 0.25 * abs(2 * k / 29 - 1) ** 3), 0.05 * height])
        foot = np.array([x - 0.015 * height, wide * 0.86, -plan.depth * height * (0.66 + 0.12 * rng.random())])
        color = mix(coat, dark, rng.uniform(0, 1))
        strands += both(
            lambda t=top, f=foot, c=color: tube(
                [t, (t + f) / 2 + [0, 0.03 * height, 0], f],
                [(0.065 * height, 0.02 * height), (0.07 * height, 0.02 * height), (0.02 * height, 0.01 * height)],
                sides=5,
                side_axis=(1, 0, 0),
                color=c,
            )
        )
    meshes["torso"] = merge([torso, *strands])
    beard = dome(
        (0.10 * height, 0, -0.20 * height), (0.20 * height, 0.15 * height, 0.24 * height), sides=9, rings=6, color=dark
    )
    meshes["neck"] = merge([meshes["neck"], beard])


def claws(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    """Give every foot three long hooked claws."""
    for name in [n for n in meshes if n.endswith("_lower") and "trunk" not in n]:
        low = float(meshes[name].vertices_m[:, 2].min())
        hooks = [
            tube(
                [(0.05 * height, y * height, low), (0.16 * height, y * height, low - 0.01 * height),
                    (0.19 * height, y * height, low - 0.09 * height)],
                [(0.018 * height,) * 2, (0.016 * height,) * 2, (0.005 * height,) * 2], sides=5, rings=6, color=_PALE,
            )
            for y in (-0.05, 0.0, 0.05)
        ]  # fmt: skip
        meshes[name] = merge([meshes[name], *hooks])

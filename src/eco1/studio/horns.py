"""Horns, antlers and tusks. Shapes are judged by eye."""

from collections.abc import Sequence

import numpy as np

from eco1.studio.colors import Rgb, mix
from eco1.studio.head_frame import DARK, HeadFrame, both
from eco1.studio.meshes import Mesh, dome, tube

_IVORY: Rgb = (0.66, 0.60, 0.46)
_HORN: Rgb = (0.035, 0.030, 0.026)
_BONE: Rgb = (0.42, 0.32, 0.20)


def cow_horns(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return horns that go out and down, then up and in: wildebeest."""
    r = frame.radius
    root = frame.at(0.10, 0.92, 0.30)
    points = [root, root + np.array([0, 1.1 * r, -0.15 * r]), root + np.array([0.1 * r, 2.0 * r, 0.1 * r]),
              root + np.array([0.15 * r, 2.15 * r, 1.0 * r]), root + np.array([0.1 * r, 1.5 * r, 1.7 * r])]  # fmt: skip
    return _curve(points, 0.30 * r, _HORN, 12)


def straight_horns(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return slender horns that rise, then lean back: gazelles."""
    r = frame.radius
    root, back = frame.at(0.20, 0.85, 0.30), -frame.nose * 1.2 * frame.radius
    bend = ((0.0, 0.0, 0.0), (1.6, 0.5, 0.12), (3.1, 1.1, 0.35), (4.4, 1.0, 0.5))  # up, back, out
    points = [root + frame.up * up * r + back * behind + np.array([0, out * r, 0]) for up, behind, out in bend]
    return _curve(points, 0.24 * r, _HORN)


def ossicones(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return the knobbed pegs of a giraffe."""
    r = frame.radius
    root = frame.at(0.16, 0.8, 0.35)
    tip = root + frame.up * 1.15 * r - frame.nose * 0.35 * r
    thick = [(0.2 * r, 0.2 * r), (0.2 * r, 0.2 * r), (0.17 * r, 0.17 * r)]
    stem = tube([root, (root + tip) / 2, tip], thick, sides=6, color=mix(coat, accent, 0.4))
    knob = dome(tip, (0.25 * r, 0.25 * r, 0.22 * r), sides=6, rings=4, color=DARK)
    return [stem, stem.mirrored(), knob, knob.mirrored()]


def tusks(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return the tusks of an elephant."""
    root = frame.at(0.86, -0.25, 0.40)
    points = [root, root + np.array([0.06, 0.02, -0.09]) * height, root + np.array([0.16, 0.03, -0.15]) * height,
              root + np.array([0.27, 0.015, -0.13]) * height]  # fmt: skip
    return _curve(points, 0.026 * height, _IVORY)


def muskox_horns(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return a boss across the brow from which horns sweep down beside the face and hook up."""
    r = frame.radius
    boss = dome(
        frame.at(0.12, 0.92, 0.0), (0.55 * r, 0.78 * r, 0.30 * r), sides=9, rings=6, color=mix(_BONE, _HORN, 0.25)
    )
    root = frame.at(0.14, 0.85, 0.45)
    points = [root, root + np.array([0, 0.62 * r, -0.45 * r]), root + np.array([0.1 * r, 0.85 * r, -1.35 * r]),
              root + np.array([0.55 * r, 1.15 * r, -1.45 * r]), root + np.array([0.85 * r, 1.35 * r,
                  -0.75 * r])]  # fmt: skip
    return [boss, *_curve(points, 0.30 * r, mix(_BONE, _HORN, 0.5), 12)]


def antlers(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    """Return a caribou's antlers: beams that sweep back, then up and forward, with a shovel over the brow."""
    r = frame.radius
    root, long = frame.at(0.12, 0.9, 0.28), 0.62 * height
    beam = [(0.0, 0.0, 0.0), (-0.24, 0.16, 0.30), (-0.34, 0.30, 0.62), (-0.16, 0.36, 0.92), (0.10, 0.33, 1.06)]
    points = [root + np.array([x, y, z]) * long for x, y, z in beam]
    pieces = _curve(points, 0.20 * r, _BONE, 16)
    tines = (
        (0, ((0.0, 0.02, 0.02), (0.24, 0.02, 0.10), (0.40, -0.03, 0.20))),
        (0, ((0.0, 0.02, 0.10), (0.16, 0.05, 0.22), (0.30, 0.06, 0.36))),
        (2, ((0.0, 0.0, -0.06), (-0.16, 0.04, 0.02))),
        (3, ((0.0, 0.0, 0.0), (0.02, 0.08, 0.22))),
        (4, ((-0.10, 0.0, -0.05), (-0.04, 0.02, 0.20))),
        (4, ((-0.02, 0.0, -0.02), (0.14, -0.04, 0.16))),
    )
    for start, bends in tines:
        pieces += _curve([points[start] + np.array(b) * long for b in bends], 0.12 * r, _BONE, 6)
    return pieces


def _curve(points: Sequence[np.ndarray], thick: float, color: Rgb, rings: int = 10) -> list[Mesh]:
    radii = [(thick * s,) * 2 for s in np.linspace(1, 0.12, len(points))]
    side = (0.0, 1.0, 0.0) if abs(points[-1][1] - points[0][1]) < thick * 3 else (1.0, 0.0, 0.0)
    return both(lambda: tube(points, radii, sides=6, rings=rings, side_axis=side, color=color))

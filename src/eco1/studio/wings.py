"""Open wings: feathered hands with fingered, pointed or round tips. Folded wings belong to the torso. Judged by eye."""

from dataclasses import dataclass

import numpy as np

from eco1.studio.colors import Rgb, mix
from eco1.studio.meshes import Mesh, make_mesh, merge

_DARK: Rgb = (0.014, 0.012, 0.010)
_BLUE: Rgb = (0.02, 0.13, 0.46)
_WRIST = 0.45  # of half the span: where the inner part ends


@dataclass(frozen=True, kw_only=True)
class WingLook:
    """One wing, in shares of back height H."""

    span: float  # of one wing
    chord: float
    tip: str  # fingers, point or round
    barred: bool = False


_HANDS: dict[str, tuple[tuple[float, float], ...]] = {
    "point": ((-0.18, 0.0), (-0.06, 0.34), (-0.30, 0.56), (-0.44, 0.34), (-0.74, 0.0)),
    "round": ((-0.18, 0.0), (-0.10, 0.38), (-0.30, 0.50), (-0.58, 0.42), (-0.78, 0.0)),
}


def open_wings(look: WingLook, height: float, coat: Rgb, accent: Rgb, pattern: str) -> dict[str, Mesh]:
    """Return the four parts of a pair of wings, spread along y."""
    span, chord = look.span * height, look.chord * height
    lining, middle, flight = _colors(coat, accent, pattern)
    inner = [
        sheet([(0.12, 0.0), (0.16, _WRIST), (-0.12, _WRIST), (-0.22, 0.0)], span, chord, lining),
        sheet([(-0.22, 0.0), (-0.12, _WRIST), (-0.42, _WRIST), (-0.48, 0.0)], span, chord, middle),
        sheet([(-0.48, 0.0), (-0.42, _WRIST), (-0.72, _WRIST), (-0.80, 0.0)], span, chord, flight),
    ]
    outer = [sheet([(0.08, 0.0), (0.05, 0.30), (-0.12, 0.34), (-0.20, 0.0)], span, chord, mix(lining, flight, 0.35))]
    if look.tip == "fingers":
        outer.append(sheet([(-0.18, 0.0), (-0.10, 0.33), (-0.50, 0.32), (-0.78, 0.0)], span, chord, flight))
        outer += [
            sheet([(x, 0.0 if k == 0 else 0.25), (x - 0.03, tip), (x - 0.09, tip), (x - 0.13,
                0.0 if k == 0 else 0.22)], span, chord, flight)
            for k, (x, tip) in enumerate([(0.02, 0.52), (-0.06, 0.56), (-0.17, 0.55), (-0.28, 0.51), (-0.40, 0.45)])
        ]  # fmt: skip
    else:
        outer.append(sheet(_HANDS[look.tip], span, chord, flight))
    if look.barred:
        inner.append(
            sheet(
                [(-0.55, 0.0), (-0.50, _WRIST), (-0.56, _WRIST), (-0.62, 0.0)],
                span,
                chord * 1.002,
                mix(flight, _DARK, 0.7),
            )
        )
    left = {"left_wing_inner": merge(inner), "left_wing_outer": merge(outer)}
    return {**left, **{name.replace("left", "right"): mesh.mirrored() for name, mesh in left.items()}}


def _colors(coat: Rgb, accent: Rgb, pattern: str) -> tuple[Rgb, Rgb, Rgb]:
    """Lining, coverts and flight feathers."""
    if pattern == "bright_wings":
        return (coat, coat, accent) if sum(accent) < 0.3 else (coat, accent, _BLUE)
    dark = mix(coat, _DARK, 0.7 if sum(coat) < 1.9 else 0.12)
    return coat, dark, dark


def sheet(
    corners: "list[tuple[float, float]] | tuple[tuple[float, float], ...]", span: float, chord: float, color: Rgb
) -> Mesh:
    """Return a thin convex sheet, top side up; corners are (x in chords, y in spans)."""
    top = np.array([(x * chord, y * span, 0.0) for x, y in corners])
    below = top - np.array([0, 0, 0.012 * chord])
    count = len(top)
    fan = [(0, k + 1, k) for k in range(1, count - 1)]
    faces = np.array(fan + [(a + count, c + count, b + count) for a, b, c in fan])
    mesh = make_mesh(np.concatenate([top, below]), faces, color)
    return mesh if mesh.normals[0, 2] > 0 else make_mesh(np.concatenate([top, below]), faces[:, ::-1], color)

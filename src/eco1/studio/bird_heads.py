"""Heads of birds: bills, faces and crests, by which one knows them first. Shapes are judged by eye."""

from dataclasses import dataclass

import numpy as np

from eco1.studio.colors import Rgb, mix
from eco1.studio.meshes import Mesh, dome, merge, plate, tube

_DARK: Rgb = (0.014, 0.012, 0.010)
_SKIN: Rgb = (0.46, 0.30, 0.24)
_WHITE: Rgb = (0.72, 0.70, 0.66)

#: A bill from root to tip: along and down in its length, half width and half height in skull radii.
_BILLS: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "straight": ((0.0, 0.0, 0.36, 0.40), (0.6, 0.02, 0.26, 0.28), (1.0, -0.05, 0.08, 0.08)),
    "hooked": ((0.0, 0.0, 0.36, 0.44), (0.55, 0.04, 0.28, 0.34), (0.95, -0.14, 0.14, 0.18), (0.92, -0.42, 0.04, 0.06)),
    "parrot": ((-0.1, 0.0, 0.40, 0.62), (0.45, 0.02, 0.36, 0.52), (0.85, -0.30, 0.22, 0.30), (0.78, -0.85, 0.05, 0.08)),
    "toucan": ((0.0, 0.0, 0.46, 0.62), (0.35, 0.06, 0.42, 0.66), (0.75, 0.02, 0.32, 0.48), (1.0, -0.16, 0.08, 0.12)),
    "flat": ((0.0, 0.0, 0.42, 0.46), (0.5, -0.08, 0.36, 0.28), (1.0, -0.22, 0.28, 0.12)),
    "cone": ((0.0, 0.0, 0.40, 0.46), (0.5, -0.02, 0.24, 0.28), (1.0, -0.06, 0.04, 0.05)),
    "stout": ((0.0, 0.0, 0.34, 0.42), (0.5, 0.02, 0.28, 0.36), (0.85, -0.05, 0.16, 0.20), (1.0, -0.16, 0.04, 0.05)),
}


@dataclass(frozen=True, kw_only=True)
class HeadLook:
    """A head, in shares of back height H."""

    size: float  # length of the skull
    bill: float  # length
    kind: str  # of bill, see ``_BILLS``
    bill_rgb: Rgb = (0.09, 0.08, 0.075)
    eye: float = 0.20  # of the skull's radius
    eye_rgb: Rgb | None = None
    bare: bool = False  # without feathers
    face: bool = False  # a bare or flat patch around the eyes
    crest: float = 0.0  # length of raised feathers, in skull lengths
    pale: bool = False  # a pale head on a dark body
    bib: bool = False  # a bib on the throat below a crown of the coat's colour
    sheen: Rgb | None = None


def bird_head(look: HeadLook, height: float, coat: Rgb, accent: Rgb, pattern: str) -> Mesh:
    """Return a head whose joint with the neck is at the origin."""
    size = look.size * height / 2
    color = _head_color(look, coat, accent)
    skull = dome((0.45 * size, 0, 0.25 * size), (size, size * 0.66, size * 0.66), sides=12, rings=8, color=color)
    if look.bib or pattern == "bib":
        skull = skull.painted(
            lambda points, normals: np.where(
                ((normals[:, 2] < 0.1) & (points[:, 0] > 0.25 * size))[:, None], np.array(accent), np.array(color)
            )
        )
    if look.face and look.kind == "hooked":  # owls are as wide as they are long
        skull = dome(
            (0.35 * size, 0, 0.3 * size), (0.78 * size, 0.86 * size, 0.80 * size), sides=14, rings=10, color=color
        )
    return merge(
        [
            skull,
            *_bill(look, size, height, accent),
            *_face(look, size, color),
            *_eyes(look, size),
            *_crest(look, size, coat),
        ]
    )


def _head_color(look: HeadLook, coat: Rgb, accent: Rgb) -> Rgb:
    if look.bare:
        return _SKIN if look.kind == "straight" else mix(accent, _DARK, 0.55)
    if look.sheen is not None:
        return mix(coat, _DARK, 0.35)
    return mix(coat, _WHITE, 0.45) if look.pale else coat


def _bill(look: HeadLook, size: float, height: float, accent: Rgb) -> list[Mesh]:
    long = look.bill * height
    root = np.array([1.1 * size, 0, 0.10 * size])
    steps = _BILLS[look.kind]
    points = [root + np.array([along * long, 0, up * long]) for along, up, _, _ in steps]
    beak = tube(
        points, [(size * w, size * h) for *_, w, h in steps], sides=8, rings=3 * len(steps), color=look.bill_rgb
    )
    if look.kind != "toucan":
        return [beak]

    def rainbow(at: np.ndarray, normals: np.ndarray) -> np.ndarray:
        along = (at[:, :1] - root[0]) / long
        low = at[:, 2:] < root[2] - 0.05 * size
        color = np.where(low, np.array((0.10, 0.36, 0.44)), np.array(look.bill_rgb))
        color = np.where((along > 0.12) & (along < 0.6) & ~low, np.array((0.75, 0.36, 0.03)), color)
        return np.where(along > 0.84, np.array((0.45, 0.03, 0.05)), color)

    return [beak.painted(rainbow)]


def _eyes(look: HeadLook, size: float) -> list[Mesh]:
    r = look.eye * size
    owl = look.face and look.kind == "hooked"
    at = np.array([1.02 * size, 0.36 * size, 0.42 * size]) if owl else np.array([0.75 * size, 0.56 * size, 0.42 * size])
    pieces = [dome(at, (r * 0.8, r * 0.7, r), sides=8, rings=6, color=look.eye_rgb or _DARK)]
    if look.eye_rgb is not None:
        out = np.array([0.45, 0.2, 0]) if owl else np.array([0.1, 0.45, 0])
        pieces.append(dome(at + out * r, (r * 0.5, r * 0.4, r * 0.55), sides=6, rings=5, color=_DARK))
    return [*pieces, *[piece.mirrored() for piece in pieces]]


def _face(look: HeadLook, size: float, color: Rgb) -> list[Mesh]:
    """A pale disc around each eye: feathered in owls, bare skin in macaws and toucans."""
    if not look.face:
        return []
    if look.kind == "hooked":
        disc = dome(
            (0.86 * size, 0.36 * size, 0.36 * size),
            (0.22 * size, 0.44 * size, 0.50 * size),
            sides=10,
            rings=7,
            color=mix(color, _WHITE, 0.5),
        )
    else:
        patch = (0.45, 0.62, 0.10) if look.kind == "toucan" else _WHITE
        disc = dome(
            (0.78 * size, 0.46 * size, 0.28 * size),
            (0.40 * size, 0.18 * size, 0.36 * size),
            sides=9,
            rings=6,
            color=patch,
        )
    return [disc, disc.mirrored()]


def _crest(look: HeadLook, size: float, coat: Rgb) -> list[Mesh]:
    if look.crest == 0:
        return []
    feathers: list[Mesh] = []
    for k in range(5):
        side = (k - 2) * 0.26
        root = np.array([0.1 * size, side * size, 0.72 * size])
        tip = root + np.array([-0.75, side * 0.8, 0.85 - 0.25 * abs(k - 2)]) * look.crest * 2 * size
        across = np.array([0.1, 0.28, 0]) * size
        feathers.append(
            plate(
                [root - across, root + across, tip + across * 0.5, tip - across * 0.5],
                thickness_m=0.08 * size,
                color=mix(coat, _DARK, 0.4),
            )
        )
    return feathers

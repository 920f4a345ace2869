"""What tells species apart at a glance: ears, manes, horns, tusks, trunks, eyes and hooves."""

import math
from collections.abc import Callable

import numpy as np

from eco1.catalog.records import Species
from eco1.studio import horns, marks
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.head_frame import DARK, HeadFrame, both
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, plate, tube
from eco1.studio.plans import Proportions

_PALE_COAT = 1.9  # sum of the channels of a coat as white as snow
_MANED_FROM_KG = 100.0


def add(meshes: dict[str, Mesh], species: Species, plan: Proportions, height_m: float) -> None:
    """Add to the part meshes whatever the plan's extras and the species ask for."""
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    frame = HeadFrame(plan, height_m)
    extras = (*plan.extras, "mask") if plan.pattern == "mask" else plan.extras
    pieces = [meshes["head"], *_eyes(frame), _nose(plan, frame), *_ears(plan, frame, height_m, coat, accent)]
    for extra in extras:
        pieces += _ON_HEAD.get(extra, _nothing)(frame, height_m, coat, accent)
    meshes["head"] = merge(pieces)
    for extra in plan.extras:
        if extra in _ELSEWHERE:
            _ELSEWHERE[extra](meshes, plan, height_m, coat, accent)
    if species.body.plan == "felid":
        _felid(meshes, plan, height_m, accent, maned=float(species.body.mass) >= _MANED_FROM_KG)


def _nothing(frame: HeadFrame, height_m: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    return []


def _eyes(frame: HeadFrame) -> list[Mesh]:
    size = 0.15 * frame.radius
    return both(lambda: dome(frame.at(0.46, 0.34, 0.60), (size, size * 0.8, size), sides=6, rings=4, color=DARK))


def _nose(plan: Proportions, frame: HeadFrame) -> Mesh:
    size = plan.muzzle * frame.radius * 0.52
    where = frame.at(1.0, -0.10, 0.0)
    return dome(where, (size * 0.8, size, size * 0.75), sides=6, rings=4, color=(0.03, 0.026, 0.024))


def _ears(plan: Proportions, frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    if "big_ears" in plan.extras:
        return []
    size, width = plan.ear * height, plan.ear * height * plan.ear_width / 2
    root = frame.at(0.06, 0.72, 0.55)
    tip = root + frame.up * size * 0.85 + np.array([0, size * 0.55, 0]) - frame.nose * size * 0.15
    across = np.array([0, 0.75, 0]) * width + frame.nose * width * 0.55
    if "round_ears" in plan.extras:
        outline = [root - across * 0.6, root + across * 0.6, tip * 0.6 + root * 0.4 + across * 1.15, tip + across * 0.5,
                   tip - across * 0.5, tip * 0.6 + root * 0.4 - across * 1.15]  # fmt: skip
    else:
        middle = (tip + root) / 2
        outline = [
            root - across * 0.8,
            root + across * 0.8,
            middle + across,
            tip + across * 0.25,
            tip - across * 0.25,
            middle - across,
        ]
    color = mix(coat, DARK, 0.35) if plan.pattern != "stripes" else mix(coat, accent, 0.3)
    if sum(coat) > _PALE_COAT:
        color = mix(coat, DARK, 0.15)
    if "black_ears" in plan.extras and plan.pattern == "white_belly":
        color = DARK
    return both(lambda: plate(outline, thickness_m=width * 0.7, color=color))


def _big_ears(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    root, size = frame.at(0.22, 0.35, 0.78), 0.34 * height
    shape = [
        (0.05, 0.55),
        (-0.25, 0.62),
        (-0.62, 0.42),
        (-0.78, 0.05),
        (-0.60, -0.40),
        (-0.28, -0.78),
        (-0.10, -0.55),
        (0.02, -0.1),
    ]
    outline = [root + np.array([x * size * 0.92, 0.05 * size - x * size * 0.42, z * size]) for x, z in shape]
    return both(lambda: plate(outline[::-1], thickness_m=0.03 * height, color=mix(coat, DARK, 0.22)))


def _eye_patches(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    size = 0.30 * frame.radius
    return both(
        lambda: dome(
            frame.at(0.46, 0.34, 0.50), (size * 1.2, size * 0.6, size), sides=8, rings=5, color=mix(accent, DARK, 0.6)
        )
    )


def _dark_muzzle(frame: HeadFrame, height: float, coat: Rgb, accent: Rgb) -> list[Mesh]:
    size = 0.50 * frame.radius
    return [
        dome(
            frame.at(0.94, -0.16, 0.0), (size, size * 0.95, size * 0.98), sides=9, rings=6, color=mix(accent, DARK, 0.6)
        )
    ]


def _crest(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    """A standing mane along the neck."""
    rise, length = plan.neck_rise, plan.neck * height
    way, up = np.array([math.cos(rise), 0, math.sin(rise)]), np.array([-math.sin(rise), 0, math.cos(rise)])
    base, tip = plan.neck_base * plan.depth * height, plan.neck_tip * plan.depth * height
    tall = 0.035 * height if plan.pattern == "patches" else 0.07 * height
    lower = [way * length * s + up * ((base + (tip - base) * s) * 0.86) for s in (-0.1, 0.3, 0.7, 1.08)]
    upper = [p + up * tall * k for p, k in zip(lower, (0.4, 1, 1, 0.8), strict=True)]
    vertices = [*[p + np.array([0, w, 0]) for p in lower for w in (-0.018 * height, 0.018 * height)], *upper]
    faces: list[tuple[int, int, int]] = []
    for i in range(3):
        a, b, c, d, e, f = 2 * i, 2 * i + 1, 2 * i + 2, 2 * i + 3, 8 + i, 9 + i
        faces += [(a, e, c), (c, e, f), (b, d, e), (d, f, e)]
    meshes["neck"] = merge([meshes["neck"], make_mesh(np.array(vertices), np.array(faces), mix(accent, DARK, 0.4))])


def _beard(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    rise, length = plan.neck_rise, plan.neck * height
    way = np.array([math.cos(rise), 0, math.sin(rise)])
    under = plan.neck_base * plan.depth * height * 0.8
    top = [way * length * s - np.array([0, 0, under * k]) for s, k in ((0.1, 1.0), (0.5, 0.85), (0.95, 0.75))]
    centers = [p - np.array([0, 0, 0.05 * height]) for p in top]
    radii = [(0.02 * height, 0.08 * height), (0.024 * height, 0.09 * height), (0.02 * height, 0.06 * height)]
    meshes["neck"] = merge([meshes["neck"], tube(centers, radii, sides=6, rings=6, color=mix(accent, DARK, 0.5))])


def _back_mane(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    _crest(meshes, plan, height, coat, mix(coat, accent, 0.6))


def _hooves(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    for name in [n for n in meshes if n.endswith("_lower") and "trunk" not in n]:
        mesh = meshes[name]
        lowest = float(mesh.vertices_m[:, 2].min())
        edge = lowest - 0.055 * lowest * 2
        meshes[name] = mesh.painted(
            lambda centers, _, m=mesh, z=edge: np.where(centers[:, 2:] < z, np.array(DARK), m.colors)
        )


def _tail_end(share: float, color: Rgb) -> Callable[..., None]:
    def paint(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
        tail = meshes["tail"]
        edge = float(tail.vertices_m[:, 0].min()) * (1 - share)
        meshes["tail"] = tail.painted(lambda centers, _: np.where(centers[:, :1] < edge, np.array(color), tail.colors))

    return paint


def _trunk(meshes: dict[str, Mesh], plan: Proportions, height: float, coat: Rgb, accent: Rgb) -> None:
    skin = mix(coat, DARK, 0.15)
    r = 0.070 * height
    upper = [np.array([-0.03, 0, 0.05]), np.array([0.03, 0, -0.10]), np.array([0.05, 0, -0.30])]
    lower = [np.array([0.0, 0, 0.02]), np.array([0.005, 0, -0.14]), np.array([0.06, 0, -0.30])]
    meshes["trunk_upper"] = tube(
        [p * height for p in upper], [(r * 1.25, r * 1.3), (r, r), (r * 0.72, r * 0.72)], sides=8, rings=8, color=skin
    )
    meshes["trunk_lower"] = tube(
        [p * height for p in lower],
        [(r * 0.72, r * 0.72), (r * 0.58, r * 0.58), (r * 0.42, r * 0.42)],
        sides=8,
        rings=8,
        color=skin,
    )


def _felid(meshes: dict[str, Mesh], plan: Proportions, height: float, accent: Rgb, *, maned: bool) -> None:
    _tail_end(0.12, mix(accent, DARK, 0.6))(meshes, plan, height, accent, accent)
    if not maned:
        return
    rise, length = plan.neck_rise, plan.neck * height
    way, up = np.array([math.cos(rise), 0, math.sin(rise)]), np.array([-math.sin(rise), 0, math.cos(rise)])
    around = plan.neck_base * plan.depth * height
    centers = [
        way * length * s + up * around * k
        for s, k in ((-0.45, -0.30), (0.0, -0.22), (0.5, -0.10), (0.92, 0.02), (1.10, 0.05))
    ]
    radii = [
        (around * w, around * h) for w, h in ((0.55, 0.75), (1.08, 1.30), (1.30, 1.42), (1.18, 1.28), (0.75, 0.85))
    ]
    mane = tube(centers, radii, sides=14, rings=10)
    tint = np.random.Generator(np.random.Philox(7)).uniform(0.0, 0.55, len(mane.faces))
    gold = np.array(mix(accent, (0.45, 0.26, 0.09), 0.55))
    colors = gold + (np.array(mix(accent, DARK, 0.35)) - gold) * tint[:, None]
    meshes["mane"] = mane.painted(lambda centers, normals: colors)


_ON_HEAD: dict[str, Callable[[HeadFrame, float, Rgb, Rgb], list[Mesh]]] = {
    "cow_horns": horns.cow_horns,
    "straight_horns": horns.straight_horns,
    "ossicones": horns.ossicones,
    "tusks": horns.tusks,
    "antlers": horns.antlers,
    "muskox_horns": horns.muskox_horns,
    "flat_face": marks.flat_face,
    "mask": marks.mask,
    "big_ears": _big_ears,
    "eye_patches": _eye_patches,
    "dark_muzzle": _dark_muzzle,
}
_ELSEWHERE: dict[str, Callable[[dict[str, Mesh], Proportions, float, Rgb, Rgb], None]] = {
    "crest": _crest,
    "back_mane": _back_mane,
    "beard": _beard,
    "hooves": _hooves,
    "trunk": _trunk,
    "white_tail": _tail_end(0.45, (0.72, 0.68, 0.60)),
    "dark_tail": _tail_end(0.8, DARK),
    "white_tip": _tail_end(0.24, (0.76, 0.74, 0.70)),
    "bare_tail": marks.bare_tail,
    "ringed_tail": marks.ringed_tail,
    "skirt": marks.skirt,
    "claws": marks.claws,
}

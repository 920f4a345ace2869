"""Birds: the ostrich, which runs, and the vulture, which soars. Proportions are judged by eye."""

import math
from dataclasses import dataclass

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.rhythm import wing_beat_hz
from eco1.sensors.bodies.skeleton import FIRST_LEG, FIRST_WING, HEAD, NECK, PARTS, TAIL, TORSO, Rig
from eco1.studio.body import Body
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube

_DARK: Rgb = (0.014, 0.012, 0.010)
_SKIN: Rgb = (0.46, 0.30, 0.24)
_BILL: Rgb = (0.09, 0.08, 0.075)


@dataclass(frozen=True, kw_only=True)
class BirdProportions:
    """One bird's body plan, in shares of back height H."""

    torso: float  # length
    depth: float
    width: float  # of depth
    tilt: float  # rad, how steeply the body is held
    hip: float  # height of the hip
    neck: float
    neck_rise: float
    neck_thick: float
    head: float
    bill: float
    leg: float  # half width of the thigh
    graze_neck: float  # rad
    graze_head: float
    wing: float  # half span


BIRDS: dict[str, BirdProportions] = {
    "ostrich": BirdProportions(
        torso=0.74, depth=0.46, width=0.92, tilt=0.10, hip=0.72, neck=0.66, neck_rise=1.36, neck_thick=0.034,
        head=0.14, bill=0.09, leg=0.060, graze_neck=2.35, graze_head=-1.2, wing=0.5,
    ),
    "vulture": BirdProportions(
        torso=1.05, depth=0.60, width=0.80, tilt=0.55, hip=0.52, neck=0.42, neck_rise=1.05, neck_thick=0.075,
        head=0.24, bill=0.14, leg=0.055, graze_neck=1.6, graze_head=-0.3, wing=2.1,
    ),
}  # fmt: skip


def build_bird(species: Species) -> Body:
    """Return the body of a two-legged species."""
    plan, height = BIRDS[species.body.plan], float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    pivots = _pivots(plan, height)
    leg = plan.hip * height * 1.05
    rig = Rig(
        pivots_m=pivots.astype(np.float32),
        upper_m=np.full(4, leg * 0.48, np.float32),
        lower_m=np.full(4, leg * 0.52, np.float32),
        belly_m=height * (1 - plan.depth) * 0.95,
        graze_neck_rad=plan.graze_neck,
        graze_head_rad=plan.graze_head,
        graze_torso_rad=0.12,
        browse_neck_rad=0.0,
        gallops=False,
        biped=True,
        sits_up=False,
        stands_to_rest=plan.wing < 1,
        flies=plan.wing >= 1,
        wing_beat_hz=wing_beat_hz(float(species.body.mass)) if plan.wing >= 1 else 0.0,
        glides=plan.wing >= 1,
    )
    meshes = {
        "torso": _torso(plan, height, coat, accent),
        "neck": _neck(plan, height, species.body.plan, coat, accent),
        "head": _head(plan, height, species.body.plan, accent),
        "tail": _tail(plan, height, coat, accent),
        **_legs(plan, height, leg, coat, species.body.plan),
        **_wings(plan, height, coat, accent),
    }
    return Body(
        species=species.name,
        plan=species.body.plan,
        length_m=float(species.body.length),
        height_m=height,
        rig=rig,
        meshes=meshes,
    )


def _pivots(plan: BirdProportions, height: float) -> np.ndarray:
    pivots = np.zeros((len(PARTS), 3))
    center = height * (1 - plan.depth / 2)
    pivots[TORSO] = (0, 0, center)
    forward, up = math.cos(plan.tilt) * plan.torso / 2 * height, math.sin(plan.tilt) * plan.torso / 2 * height
    pivots[NECK] = (forward * 0.80, 0, up * 0.80 + 0.06 * height)
    pivots[HEAD] = (math.cos(plan.neck_rise) * plan.neck * height, 0, math.sin(plan.neck_rise) * plan.neck * height)
    pivots[TAIL] = (-forward * 0.92, 0, -up * 0.75)
    for i in range(4):
        side = (0.5 if i % 2 == 0 else -0.5) * plan.depth * plan.width * 0.5 * height
        pivots[FIRST_LEG + 2 * i] = (-0.02 * height, side, plan.hip * height - center)
    for side, first in ((1, FIRST_WING), (-1, FIRST_WING + 2)):
        pivots[first] = (forward * 0.35, side * plan.depth * plan.width * 0.38 * height, up * 0.4 + 0.10 * height)
        pivots[first + 1] = (0.04 * height, side * plan.wing * 0.45 * height, 0)
    return pivots


def _torso(plan: BirdProportions, height: float, coat: Rgb, accent: Rgb) -> Mesh:
    way = np.array([math.cos(plan.tilt), 0, math.sin(plan.tilt)]) * plan.torso * height
    half = plan.depth * height / 2
    profile = ((-0.52, 0.22), (-0.36, 0.66), (-0.12, 0.98), (0.12, 1.0), (0.34, 0.78), (0.50, 0.34))
    body = tube(
        [way * a for a, _ in profile], [(half * k * plan.width, half * k) for _, k in profile], sides=12, rings=14
    )

    def paint(centers: np.ndarray, normals: np.ndarray) -> np.ndarray:
        rows = 0.86 + 0.2 * (np.sin(centers[:, :1] * 40 / height) * np.sin(centers[:, 2:] * 46 / height))
        return np.array(coat) * rows

    flight = mix(accent, coat, 0.15) if plan.wing < 1 else mix(coat, _DARK, 0.6)
    fold_size = (plan.torso * 0.34 * height, half * 0.16, half * 0.46)
    fold = _tilted(dome((0, 0, 0), fold_size, sides=8, rings=6, color=mix(coat, _DARK, 0.25)), plan.tilt)
    tips = _tilted(
        dome((0, 0, 0), (fold_size[0] * 0.42, fold_size[1] * 1.1, fold_size[2] * 0.62), sides=8, rings=5, color=flight),
        plan.tilt,
    )
    side = half * plan.width * 0.88
    wings = [
        fold.moved((-0.06 * height, side, 0.02 * height)),
        tips.moved(-way * 0.30 + np.array([0, side * 0.92, -0.02 * height])),
    ]
    pieces = [body.painted(paint), *wings, *[wing.mirrored() for wing in wings]]
    if plan.wing >= 1:
        pieces.append(
            dome(way * 0.40 + np.array([0, 0, 0.04 * height]), (half * 0.52, half * 0.60, half * 0.42), color=accent)
        )
    return merge(pieces)


def _tilted(mesh: Mesh, angle: float) -> Mesh:
    turn = np.array([[math.cos(angle), 0, -math.sin(angle)], [0, 1, 0], [math.sin(angle), 0, math.cos(angle)]])
    return make_mesh(mesh.vertices_m @ turn.T, mesh.faces, mesh.colors[0].tolist())


def _neck(plan: BirdProportions, height: float, kind: str, coat: Rgb, accent: Rgb) -> Mesh:
    way = np.array([math.cos(plan.neck_rise), 0, math.sin(plan.neck_rise)]) * plan.neck * height
    bow = np.array([math.sin(plan.neck_rise), 0, -math.cos(plan.neck_rise)]) * plan.neck * height * 0.07
    thick = plan.neck_thick * height
    color = _SKIN if kind == "ostrich" else mix(accent, _DARK, 0.45)
    return tube(
        [-0.12 * way, 0.25 * way - bow, 0.7 * way + 0.5 * bow, 1.03 * way],
        [(thick * 1.7, thick * 1.9), (thick * 1.15, thick * 1.2), (thick, thick), (thick * 0.95, thick * 0.95)],
        sides=8,
        rings=12,
        color=color,
    )


def _head(plan: BirdProportions, height: float, kind: str, accent: Rgb) -> Mesh:
    size = plan.head * height / 2
    color = _SKIN if kind == "ostrich" else mix(accent, _DARK, 0.55)
    skull = dome((0.45 * size, 0, 0.25 * size), (size, size * 0.66, size * 0.66), color=color)
    bill = plan.bill * height
    root = np.array([1.1 * size, 0, 0.10 * size])
    hook = -0.35 * bill if kind == "vulture" else -0.05 * bill
    beak = tube(
        [root, root + np.array([0.6 * bill, 0, 0.02 * bill]), root + np.array([bill, 0, hook])],
        [(size * 0.36, size * 0.40), (size * 0.26, size * 0.28), (size * 0.08, size * 0.08)],
        sides=6,
        rings=5,
        color=_BILL if kind == "vulture" else (0.34, 0.25, 0.17),
    )
    eye = dome(
        (0.75 * size, 0.56 * size, 0.42 * size), (size * 0.2, size * 0.14, size * 0.2), sides=6, rings=4, color=_DARK
    )
    return merge([skull, beak, eye, eye.mirrored()])


def _tail(plan: BirdProportions, height: float, coat: Rgb, accent: Rgb) -> Mesh:
    long, wide = (0.20, 0.15) if plan.wing < 1 else (0.42, 0.20)
    color = accent if plan.wing < 1 else mix(coat, _DARK, 0.6)
    drop = -math.sin(plan.tilt * 0.8) * long
    centers = [
        np.array([0.05, 0, 0.02]) * height,
        np.array([-long * 0.5, 0, drop * 0.5]) * height,
        np.array([-long, 0, drop]) * height,
    ]
    return tube(
        centers,
        [
            (wide * 0.35 * height, 0.07 * height),
            (wide * 0.6 * height, 0.05 * height),
            (wide * 0.5 * height, 0.015 * height),
        ],
        rings=6,
        color=color,
    )


def _legs(plan: BirdProportions, height: float, leg: float, coat: Rgb, kind: str) -> dict[str, Mesh]:
    w = plan.leg * height
    bare = _SKIN if kind == "ostrich" else mix(coat, _DARK, 0.45)
    upper_length, lower_length = leg * 0.48, leg * 0.52
    upper = tube(
        [(0, 0, 0.1 * upper_length), (0, 0, -0.35 * upper_length), (0, 0, -upper_length)],
        [(w * 1.3, w * 1.9), (w * 1.05, w * 1.35), (w * 0.40, w * 0.42)],
        rings=7,
        color=bare if kind == "ostrich" else coat,
    )
    toe = 0.16 * height
    lower = merge(
        [
            tube(
                [(0, 0, 0.03 * lower_length), (0, 0, -0.5 * lower_length), (0, 0, -lower_length)],
                [(w * 0.44, w * 0.46), (w * 0.32, w * 0.32), (w * 0.34, w * 0.34)],
                sides=6,
                color=mix(bare, _DARK, 0.25),
            ),
            tube(
                [
                    (-0.3 * toe, 0, -lower_length * 0.99),
                    (0.3 * toe, 0, -lower_length * 0.985),
                    (toe, 0, -lower_length * 0.995),
                ],
                [(w * 0.4, w * 0.3), (w * 0.5, w * 0.3), (w * 0.2, w * 0.12)],
                sides=6,
                color=mix(bare, _DARK, 0.35),
            ),
        ]
    )
    return {
        f"{side}_hind_{piece}": mesh
        for side in ("left", "right")
        for piece, mesh in (("upper", upper), ("lower", lower))
    }


def _wings(plan: BirdProportions, height: float, coat: Rgb, accent: Rgb) -> dict[str, Mesh]:
    """Open wings, shown only in flight: a lining in the coat's colour and dark flight feathers with fingered tips."""
    span, chord = plan.wing * height, 0.62 * height * (1.0 if plan.wing >= 1 else 0.4)
    dark = mix(coat, _DARK, 0.7)
    inner_lead = _sheet([(0.12, 0.0), (0.16, 0.45), (-0.12, 0.45), (-0.22, 0.0)], span, chord, coat)
    inner_trail = _sheet([(-0.22, 0.0), (-0.12, 0.45), (-0.72, 0.45), (-0.80, 0.0)], span, chord, dark)
    outer_lead = _sheet([(0.08, 0.0), (0.05, 0.30), (-0.12, 0.34), (-0.20, 0.0)], span, chord, mix(coat, dark, 0.35))
    fingers = [
        _sheet(
            [(x, 0.0 if k == 0 else 0.25), (x - 0.03, tip), (x - 0.09, tip), (x - 0.13, 0.0 if k == 0 else 0.22)],
            span,
            chord,
            dark,
        )
        for k, (x, tip) in enumerate([(0.02, 0.52), (-0.06, 0.56), (-0.17, 0.55), (-0.28, 0.51), (-0.40, 0.45)])
    ]
    hand = _sheet([(-0.18, 0.0), (-0.10, 0.33), (-0.50, 0.32), (-0.78, 0.0)], span, chord, dark)
    inner, outer = merge([inner_lead, inner_trail]), merge([outer_lead, hand, *fingers])
    return {
        "left_wing_inner": inner,
        "left_wing_outer": outer,
        "right_wing_inner": inner.mirrored(),
        "right_wing_outer": outer.mirrored(),
    }


def _sheet(corners: list[tuple[float, float]], span: float, chord: float, color: Rgb) -> Mesh:
    top = np.array([(x * chord, y * span, 0.0) for x, y in corners])
    below = top - np.array([0, 0, 0.012 * chord])
    faces = [(0, 2, 1), (0, 3, 2), (4, 5, 6), (4, 6, 7)]
    mesh = make_mesh(np.concatenate([top, below]), np.array(faces), color)
    if mesh.normals[0, 2] < 0:
        mesh = make_mesh(np.concatenate([top, below]), np.array(faces)[:, ::-1], color)
    return mesh

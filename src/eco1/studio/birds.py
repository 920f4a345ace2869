"""Birds: their bodies, necks, tails and legs. Heads are in ``bird_heads``, open wings in ``wings``. Judged by eye."""

import math

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.rhythm import wing_beat_hz
from eco1.sensors.bodies.skeleton import FIRST_LEG, FIRST_WING, HEAD, NECK, PARTS, TAIL, TORSO, Rig
from eco1.studio.bird_heads import bird_head
from eco1.studio.bird_plans import BIRDS, BirdProportions
from eco1.studio.body import Body
from eco1.studio.coats import painter
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.meshes import Mesh, Painter, dome, make_mesh, merge, tube
from eco1.studio.wings import open_wings

_DARK: Rgb = (0.014, 0.012, 0.010)
_SKIN: Rgb = (0.46, 0.30, 0.24)
_SHORT = 0.25  # of H: shorter necks are hidden in plumage
_LONG_NECK = ((1.7, 1.9), (1.15, 1.2), (1.0, 1.0), (0.95, 0.95))  # half width and height in necks
_NO_NECK = ((0.25, 0.3), (1.05, 1.05), (1.0, 1.0), (0.55, 0.55))


def build_bird(species: Species) -> Body:
    """Return the body of a bird."""
    plan, height = BIRDS[species.body.plan], float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    paint = painter(species.body.pattern, coat, accent, float(species.body.length), height, repeat=plan.bars)
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
        stands_to_rest=species.body.plan == "ostrich",
        flies=species.locomotion.flies,
        wing_beat_hz=wing_beat_hz(float(species.body.mass)) if species.locomotion.flies else 0.0,
        glides=plan.glides,
    )
    meshes = {
        "torso": _torso(plan, height, coat, accent, paint, pivots[TORSO]),
        "neck": _neck(plan, height, coat, accent, paint, pivots[TORSO] + pivots[NECK]),
        "head": bird_head(plan.head, height, coat, accent, species.body.pattern),
        "tail": _tail(plan, height, coat, accent),
        **_legs(plan, height, leg, coat),
        **({} if plan.wing is None else open_wings(plan.wing, height, coat, accent, species.body.pattern)),
    }
    return Body(
        species=species.name, plan=species.body.plan, length_m=float(species.body.length), height_m=height, rig=rig,
        meshes=meshes,
    )  # fmt: skip


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
    if plan.wing is not None:
        for side, first in ((1, FIRST_WING), (-1, FIRST_WING + 2)):
            pivots[first] = (forward * 0.35, side * plan.depth * plan.width * 0.38 * height, up * 0.4 + 0.10 * height)
            pivots[first + 1] = (0.04 * height, side * plan.wing.span * 0.45 * height, 0)
    return pivots


def _feathered(mesh: Mesh, paint: Painter, offset: np.ndarray, height: float) -> Mesh:
    """Paint where the part stands at rest, in rows of feathers."""

    def rows(points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        feathers = 0.86 + 0.2 * (np.sin(points[:, :1] * 40 / height) * np.sin(points[:, 2:] * 46 / height))
        return paint(points, normals) * feathers

    return mesh.moved(offset).painted(rows).moved(-np.asarray(offset))


def _torso(plan: BirdProportions, height: float, coat: Rgb, accent: Rgb, paint: Painter, at: np.ndarray) -> Mesh:
    way = np.array([math.cos(plan.tilt), 0, math.sin(plan.tilt)]) * plan.torso * height
    half = plan.depth * height / 2
    profile = ((-0.52, 0.22), (-0.36, 0.66), (-0.12, 0.98), (0.12, 1.0), (0.34, 0.78), (0.50, 0.34))
    body = tube(
        [way * a for a, _ in profile], [(half * k * plan.width, half * k) for _, k in profile], sides=18, rings=30
    )
    flight = mix(accent, coat, 0.15) if plan.wing is None else mix(coat, _DARK, 0.6)
    fold_rgb = mix(coat, _DARK, 0.25)
    if plan.wing is not None and sum(accent) > 1 and sum(coat) > 1.9:
        fold_rgb, flight = coat, mix(accent, _DARK, 0.2)
    fold_size = (plan.torso * 0.34 * height, half * 0.16, half * 0.46)
    fold = _tilted(dome((0, 0, 0), fold_size, sides=8, rings=6, color=fold_rgb), plan.tilt)
    tips = _tilted(
        dome((0, 0, 0), (fold_size[0] * 0.42, fold_size[1] * 1.1, fold_size[2] * 0.62), sides=8, rings=5, color=flight),
        plan.tilt,
    )
    side = half * plan.width * 0.88
    wings = [
        fold.moved((-0.06 * height, side, 0.02 * height)),
        tips.moved(-way * 0.30 + np.array([0, side * 0.92, -0.02 * height])),
    ]
    pieces = [_feathered(body, paint, at, height), *wings, *[wing.mirrored() for wing in wings]]
    if plan.ruff:
        pieces.append(
            dome(way * 0.40 + np.array([0, 0, 0.04 * height]), (half * 0.52, half * 0.60, half * 0.42), color=accent)
        )
    return merge(pieces)


def _tilted(mesh: Mesh, angle: float) -> Mesh:
    turn = np.array([[math.cos(angle), 0, -math.sin(angle)], [0, 1, 0], [math.sin(angle), 0, math.cos(angle)]])
    return make_mesh(mesh.vertices_m @ turn.T, mesh.faces, mesh.colors[0].tolist())


def _neck(plan: BirdProportions, height: float, coat: Rgb, accent: Rgb, paint: Painter, at: np.ndarray) -> Mesh:
    way = np.array([math.cos(plan.neck_rise), 0, math.sin(plan.neck_rise)]) * plan.neck * height
    bow = np.array([math.sin(plan.neck_rise), 0, -math.cos(plan.neck_rise)]) * plan.neck * height * 0.07
    thick = plan.neck_thick * height
    neck = tube(
        [
            -0.12 * way if plan.neck > _SHORT else -0.9 * way,
            0.25 * way - bow,
            0.7 * way + 0.5 * bow,
            (1.03 if plan.neck > _SHORT else 1.5) * way,
        ],
        [(thick * w, thick * h) for w, h in (_LONG_NECK if plan.neck > _SHORT else _NO_NECK)],
        sides=8,
        rings=12,
        color=_SKIN if plan.bare else mix(accent, _DARK, 0.45),
    )
    if plan.bare or plan.ruff:
        return neck
    if plan.head.sheen is not None:
        sheen = np.array(plan.head.sheen)
        return neck.painted(lambda points, normals: sheen * (0.7 + 0.9 * np.abs(normals[:, 1:2])))
    return _feathered(neck, paint, at, height)


def _tail(plan: BirdProportions, height: float, coat: Rgb, accent: Rgb) -> Mesh:
    long, wide = plan.tail
    color = accent if plan.wing is None else mix(coat, _DARK, 0.6 if sum(coat) < 1.9 else 0.05)
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


def _legs(plan: BirdProportions, height: float, leg: float, coat: Rgb) -> dict[str, Mesh]:
    w = plan.leg * height
    bare = _SKIN if plan.bare else plan.legs or mix(coat, _DARK, 0.45)
    upper_length, lower_length = leg * 0.48, leg * 0.52
    upper = tube(
        [(0, 0, 0.1 * upper_length), (0, 0, -0.35 * upper_length), (0, 0, -upper_length)],
        [(w * 1.3, w * 1.9), (w * 1.05, w * 1.35), (w * 0.40, w * 0.42)],
        rings=7,
        color=bare if plan.bare else coat,
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

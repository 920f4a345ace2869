"""Bodies that swim: fish, shark, eel, barracuda, dolphin and seal, lofted from profiles, with fins. Judged by eye.

The body is cut into torso, tail, tail_mid and tail_tip, so that waves can run down it.
"""

from dataclasses import replace

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.skeleton import FIRST_WING, PARTS, TAIL, TAIL_MID, TAIL_TIP, TORSO
from eco1.studio.body import Body, limbless_rig
from eco1.studio.coats import painter
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.meshes import Mesh, Painter, dome, make_mesh, merge, tube
from eco1.studio.swimmer_plans import SWIMMERS, SwimmerProportions

_DARK: Rgb = (0.014, 0.012, 0.010)
_MARKED, _ROUND_MARKS = ("blotches", "rosettes", "spots"), 0.75
_ROWS = {"scales": 10.0, "lines": 4.6}  # of marks along or up the body; bars differ by plan
_TISSUE_KG_PER_M3 = 1000.0  # an animal's body is close to water
_CUTS = (0.06, -0.20, -0.38)  # where torso, tail and tail_mid end, in body lengths from the middle
_TUCKED = 0.985  # of the half height: just under the neighbour's skin, so that light runs on across the joint
_OVERLAP = 0.05  # of the length, by which a piece reaches into the next


def build_swimmer(species: Species) -> Body:
    """Return the body of a fish or of a mammal that swims like one."""
    plan, length, height = SWIMMERS[species.body.plan], float(species.body.length), float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    pattern = species.body.pattern
    tall = _ROUND_MARKS * length if pattern in _MARKED else height  # marks as long as they are high
    paint = painter(pattern, coat, accent, length, tall, repeat=_ROWS.get(pattern, plan.repeat))
    pivots = _pivots(plan, length, height)
    wide = _breadth(plan, float(species.body.mass), length, height)
    meshes = {
        name: _painted(mesh, paint, offset) for name, (mesh, offset) in _trunk(plan, length, height, wide).items()
    }
    fin = accent if plan.rayed and species.body.pattern != "bars" else mix(coat, _DARK, plan.fin_shade)
    fin = coat if plan.rayed and species.body.pattern in ("bars", "lines") else fin
    _add_fins(meshes, plan, length, height, fin)
    meshes["torso"] = merge([meshes["torso"], *_face(plan, length, height, wide, coat)])
    if plan.pectoral:
        left = _plate([(x * length, y * length, 0.0) for x, y in plan.pectoral], 0.012 * length, fin)
        left = _rolled(left, -plan.pectoral_at[2])
        meshes |= {"left_wing_inner": left, "right_wing_inner": left.mirrored()}
    rig = replace(limbless_rig(pivots), graze_torso_rad=0.35, swims=plan.style)
    return Body(species=species.name, plan=species.body.plan, length_m=length, height_m=height, rig=rig, meshes=meshes)


def _breadth(plan: SwimmerProportions, mass: float, length: float, height: float) -> float:
    """Factor on the profile's widths with which the body weighs what it should."""
    x = np.array([s[0] for s in plan.profile]) * length
    area = np.array([np.pi * (h * height / 2) ** 2 * w for _, _, h, w in plan.profile])
    volume = float(np.trapezoid(area[::-1], x[::-1]))
    return float(np.clip(mass / _TISSUE_KG_PER_M3 / volume, 0.75, 1.35))


def _pivots(plan: SwimmerProportions, length: float, height: float) -> np.ndarray:
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, height / 2)
    joints = [(cut * length, 0.0, _raised(plan, cut) * height) for cut in _CUTS]
    pivots[TAIL] = joints[0]
    pivots[TAIL_MID] = np.subtract(joints[1], joints[0])
    pivots[TAIL_TIP] = np.subtract(joints[2], joints[1])
    along, up, _ = plan.pectoral_at
    half = np.interp(-along, [-s[0] for s in plan.profile], [s[2] * s[3] for s in plan.profile]) * height / 2
    for side, first in ((1, FIRST_WING), (-1, FIRST_WING + 2)):
        pivots[first] = (along * length, side * half * 0.82, up * height)
    return pivots


def _raised(plan: SwimmerProportions, along: float) -> float:
    return float(np.interp(-along, [-s[0] for s in plan.profile], [s[1] for s in plan.profile]))


def _trunk(plan: SwimmerProportions, length: float, height: float, wide: float) -> dict[str, tuple[Mesh, np.ndarray]]:
    """The body cut at its joints; round ends reach into the neighbours, so that no gap opens when they turn."""
    snout, end = plan.profile[0][0], plan.profile[-1][0]
    edges = [snout, *_CUTS, end]
    keys = [-s[0] for s in plan.profile]
    pieces: dict[str, tuple[Mesh, np.ndarray]] = {}
    for number, name in enumerate(("torso", "tail", "tail_mid", "tail_tip")):
        count = (34, 16, 14, 10)[number]
        x = np.linspace(edges[number], edges[number + 1], count)
        if number > 0:
            x = np.concatenate([x[0] + _OVERLAP * np.array([1.0, 0.5]), x])
        if number < 3:
            x = np.concatenate([x, x[-1] - _OVERLAP * np.array([0.5, 1.0])])
        up, half, ratio = (np.interp(-x, keys, [s[k] for s in plan.profile]) for k in (1, 2, 3))
        half[0] *= 0.6
        if number > 0:
            half[1] *= _TUCKED
        if number < 3:
            half[-2:] *= (_TUCKED, 0.6)
        origin = (
            np.array([0.0, 0.0, 0.0])
            if number == 0
            else np.array([edges[number] * length, 0, _raised(plan, edges[number]) * height])
        )
        centers = np.stack([x * length, 0 * x, up * height], 1) - origin
        radii = np.stack([half * ratio * wide, half], 1) * height / 2
        pieces[name] = (tube(list(centers), list(radii), sides=36), origin + np.array([0, 0, height / 2]))
    return pieces


def _painted(mesh: Mesh, paint: Painter, offset: np.ndarray) -> Mesh:
    return mesh.moved(offset).painted(paint).moved(-offset)


def _add_fins(meshes: dict[str, Mesh], plan: SwimmerProportions, length: float, height: float, color: Rgb) -> None:
    thick = 0.010 * length
    names = ("torso", "tail", "tail_mid", "tail_tip")
    for corners in plan.dorsal:
        middle = float(np.mean([x for x, _ in corners]))
        number = int(np.searchsorted([-c for c in _CUTS], -middle))
        origin = 0.0 if number == 0 else _CUTS[number - 1]
        up = 0.0 if number == 0 else _raised(plan, origin) * height
        fin = _plate([((x - origin) * length, 0.0, z * length - up) for x, z in corners], thick, color)
        meshes[names[number]] = merge([meshes[names[number]], fin])
    root = plan.profile[-1]
    at = np.array([(root[0] - _CUTS[2]) * length, 0, (root[1] - _raised(plan, _CUTS[2])) * height])
    for corners in plan.tail:
        points = [(x * length, y * length, 0.0) if plan.flukes else (x * length, 0.0, y * length) for x, y in corners]
        meshes["tail_tip"] = merge([meshes["tail_tip"], _plate(points, thick, color).moved(at)])


def _plate(points: list[tuple[float, float, float]], thick: float, color: Rgb) -> Mesh:
    """A fin of any outline that can be seen whole from its middle, thick there and sharp at its edge."""
    outline = np.array(points)
    middle = outline.mean(0)
    normal = np.cross(outline[0] - middle, outline[1] - middle)
    normal = normal / max(float(np.linalg.norm(normal)), 1e-12) * thick / 2
    count = len(outline)
    ring = [(k, (k + 1) % count, count) for k in range(count)] + [((k + 1) % count, k, count + 1) for k in range(count)]
    return make_mesh(np.concatenate([outline, [middle + normal, middle - normal]]), np.array(ring), color)


def _rolled(mesh: Mesh, angle: float) -> Mesh:
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    return make_mesh(mesh.vertices_m @ turn.T, mesh.faces, mesh.colors[0].tolist())


def _face(plan: SwimmerProportions, length: float, height: float, wide: float, coat: Rgb) -> list[Mesh]:
    along, up, radius = plan.eye
    keys = [-s[0] for s in plan.profile]
    raised, half, ratio = (float(np.interp(-along, keys, [s[k] for s in plan.profile])) for k in (1, 2, 3))
    tall = half * height / 2
    side = tall * ratio * wide * np.sqrt(max(0.05, 1 - ((up - raised) * height / tall) ** 2))
    r = radius * length
    eye = [
        dome(
            (along * length, side - 0.25 * r, up * height),
            (r, 0.6 * r, r),
            sides=9,
            rings=6,
            color=(0.62, 0.60, 0.50) if plan.rayed else _DARK,
        ),
        dome(
            (along * length + 0.1 * r, side + 0.05 * r, up * height),
            (0.6 * r, 0.6 * r, 0.6 * r),
            sides=8,
            rings=5,
            color=_DARK,
        ),
    ]
    if plan.mouth is not None:
        lip = tube(
            [
                (0.5 * length, 0, (plan.profile[0][1] - 0.04) * height),
                (0.43 * length, 0.9 * side, -0.10 * height),
                (0.39 * length, side, -0.08 * height),
            ],
            [(0.004 * length,) * 2] * 3,
            sides=5,
            rings=6,
            side_axis=(0, 0, 1),
            color=plan.mouth,
        )
        eye.append(lip)
    for k in range(plan.gills):
        x = 0.30 - 0.016 * k
        eye.append(
            dome(
                (x * length, 0.43 * wide * height * 0.93, 0.0),
                (0.0022 * length, 0.004 * length, 0.15 * height),
                sides=5,
                rings=5,
                color=mix(coat, _DARK, 0.8),
            )
        )
    return [*eye, *[piece.mirrored() for piece in eye]]

"""Bodies that swim: fish, shark, eel, barracuda, dolphin and seal, lofted from profiles, with fins. Judged by eye.

The body is cut into torso, tail, tail_mid and tail_tip, so that waves can run down it.
"""

from dataclasses import dataclass

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.skeleton import FIRST_WING, PARTS, TAIL, TAIL_MID, TAIL_TIP, TORSO, Rig
from eco1.studio.body import Body
from eco1.studio.coats import painter
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.meshes import Mesh, Painter, dome, make_mesh, merge, tube

_DARK: Rgb = (0.014, 0.012, 0.010)
_MARKED, _ROUND_MARKS = ("blotches", "rosettes", "spots"), 0.75
_ROWS = {"scales": 15.0, "lines": 6.5}  # of marks along or up the body; bars differ by plan
_TISSUE_KG_PER_M3 = 1000.0  # an animal's body is close to water
_CUTS = (0.06, -0.20, -0.38)  # where torso, tail and tail_mid end, in body lengths from the middle
_OVERLAP = 0.03  # of the length, by which a piece reaches into the next
Station = tuple[float, float, float, float]  # along (L, snout 0.5), raised (H), half height (of H/2), width (of height)
Corner = tuple[float, float]  # along (L), up or out (L)


@dataclass(frozen=True, kw_only=True)
class SwimmerProportions:
    """One swimming body plan."""

    profile: tuple[Station, ...]
    dorsal: tuple[tuple[Corner, ...], ...]  # fins in the middle plane, on any part
    tail: tuple[tuple[Corner, ...], ...]  # plates of the tail fin, x back from its root
    pectoral: tuple[Corner, ...]  # plate, y outwards from its root
    pectoral_at: tuple[float, float, float]  # along (L), up (H), how far it points down (rad)
    flukes: bool = False  # the tail fin lies flat
    eye: tuple[float, float, float] = (0.40, 0.12, 0.011)  # along (L), up (H), radius (L)
    mouth: Rgb | None = None
    gills: int = 0
    repeat: float = 6.0
    style: str = "sideways"
    fin_shade: float = 0.25
    rayed: bool = False  # fins as bright as the coat's marks


SWIMMERS: dict[str, SwimmerProportions] = {
    "shark": SwimmerProportions(
        profile=((0.50, 0.02, 0.06, 0.9), (0.44, 0.02, 0.42, 1.15), (0.34, 0.0, 0.78, 1.05), (0.16, 0.0, 1.0, 0.92), (-0.04, 0.0, 0.90, 0.86),
                 (-0.22, 0.02, 0.58, 0.80), (-0.38, 0.04, 0.30, 0.80), (-0.48, 0.06, 0.17, 0.8), (-0.50, 0.07, 0.08, 0.8)),
        dorsal=(((0.10, 0.07), (0.02, 0.185), (-0.02, 0.19), (-0.03, 0.07)), ((-0.25, 0.04), (-0.30, 0.078), (-0.32, 0.04)), ((-0.28, -0.04), (-0.32, -0.07), (-0.33, -0.04))),
        tail=(((0.06, 0.03), (-0.10, 0.13), (-0.20, 0.215), (-0.21, 0.19), (-0.09, 0.03), (-0.04, -0.01)), ((0.05, 0.0), (-0.05, -0.03), (-0.11, -0.095), (-0.08, -0.02), (-0.02, 0.02))),
        pectoral=((0.06, 0.0), (-0.03, 0.10), (-0.11, 0.20), (-0.12, 0.19), (-0.05, 0.02)), pectoral_at=(0.20, -0.24, 0.38),
        eye=(0.41, 0.14, 0.010), gills=5, fin_shade=0.35,
    ),
    "fish": SwimmerProportions(
        profile=((0.50, -0.04, 0.08, 0.7), (0.44, 0.0, 0.42, 0.60), (0.30, 0.04, 0.84, 0.50), (0.12, 0.03, 1.0, 0.44), (-0.08, 0.02, 0.92, 0.40),
                 (-0.24, 0.0, 0.62, 0.34), (-0.36, 0.0, 0.36, 0.30), (-0.43, 0.0, 0.30, 0.28)),
        dorsal=(((0.22, 0.14), (0.14, 0.235), (-0.02, 0.215), (-0.20, 0.185), (-0.25, 0.09)), ((-0.08, -0.12), (-0.16, -0.20), (-0.25, -0.15), (-0.26, -0.07)), ((0.18, -0.14), (0.08, -0.225), (0.06, -0.14))),
        tail=(((0.04, 0.05), (-0.06, 0.13), (-0.15, 0.165), (-0.10, 0.0), (-0.15, -0.165), (-0.06, -0.13), (0.04, -0.05)),),
        pectoral=((0.02, 0.0), (0.01, 0.05), (-0.07, 0.13), (-0.12, 0.09), (-0.02, -0.01)), pectoral_at=(0.20, -0.12, 0.7),
        eye=(0.385, 0.15, 0.026), repeat=3.05, rayed=True,
    ),
    "barracuda": SwimmerProportions(
        profile=((0.50, -0.16, 0.14, 0.7), (0.42, -0.02, 0.55, 0.62), (0.30, 0.0, 0.84, 0.66), (0.10, 0.0, 1.0, 0.72), (-0.12, 0.0, 0.96, 0.70),
                 (-0.28, 0.0, 0.70, 0.62), (-0.40, 0.0, 0.42, 0.55), (-0.45, 0.0, 0.34, 0.5)),
        dorsal=(((0.06, 0.055), (0.03, 0.115), (-0.03, 0.06)), ((-0.20, 0.045), (-0.24, 0.105), (-0.30, 0.045)), ((-0.20, -0.045), (-0.24, -0.105), (-0.30, -0.045))),
        tail=(((0.03, 0.02), (-0.05, 0.07), (-0.13, 0.12), (-0.055, 0.0), (-0.13, -0.12), (-0.05, -0.07), (0.03, -0.02)),),
        pectoral=((0.02, 0.0), (-0.01, 0.03), (-0.07, 0.07), (-0.03, 0.0)), pectoral_at=(0.22, -0.18, 0.7),
        eye=(0.385, 0.18, 0.017), repeat=17.0, mouth=(0.55, 0.52, 0.50),
    ),
    "eel": SwimmerProportions(
        profile=((0.50, 0.0, 0.20, 0.7), (0.46, 0.06, 0.55, 0.72), (0.40, 0.12, 0.92, 0.66), (0.30, 0.04, 0.90, 0.62), (0.12, 0.0, 1.0, 0.60), (-0.10, 0.0, 0.92, 0.56),
                 (-0.30, 0.0, 0.70, 0.48), (-0.44, 0.0, 0.40, 0.36), (-0.50, 0.0, 0.12, 0.3)),
        dorsal=(((0.34, 0.038), (0.26, 0.066), (0.0, 0.068), (-0.22, 0.058), (-0.34, 0.026)), ((-0.06, -0.038), (-0.10, -0.052), (-0.30, -0.045), (-0.34, -0.02))),
        tail=(((0.14, 0.035), (-0.02, 0.014), (-0.025, 0.0), (-0.02, -0.014), (0.14, -0.030)),),
        pectoral=(), pectoral_at=(0.0, 0.0, 0.0), eye=(0.452, 0.30, 0.009), mouth=(0.50, 0.36, 0.26), fin_shade=0.4,
    ),
    "dolphin": SwimmerProportions(
        profile=((0.50, -0.16, 0.12, 1.0), (0.45, -0.15, 0.20, 1.15), (0.42, -0.10, 0.34, 1.1), (0.37, 0.0, 0.66, 0.95), (0.28, 0.0, 0.86, 0.92), (0.08, 0.0, 1.0, 0.90), (-0.12, 0.0, 0.86, 0.84),
                 (-0.28, 0.0, 0.52, 0.70), (-0.42, 0.0, 0.24, 0.7), (-0.49, 0.0, 0.10, 1.4)),
        dorsal=(((0.03, 0.085), (-0.04, 0.165), (-0.10, 0.185), (-0.085, 0.14), (-0.10, 0.075)),),
        tail=(((0.04, 0.0), (0.0, 0.06), (-0.09, 0.135), (-0.10, 0.12), (-0.055, 0.0), (-0.10, -0.12), (-0.09, -0.135), (0.0, -0.06)),),
        pectoral=((0.04, 0.0), (0.0, 0.06), (-0.09, 0.145), (-0.10, 0.13), (-0.035, 0.0)), pectoral_at=(0.22, -0.30, 0.75),
        flukes=True, eye=(0.345, -0.06, 0.008), style="upright", fin_shade=0.3,
    ),
    "seal": SwimmerProportions(
        profile=((0.50, 0.02, 0.20, 1.1), (0.46, 0.08, 0.42, 1.05), (0.40, 0.10, 0.56, 1.05), (0.32, 0.04, 0.60, 1.0), (0.20, -0.02, 0.84, 1.05), (0.0, -0.02, 1.0, 1.10), (-0.18, -0.06, 0.84, 1.10),
                 (-0.32, -0.14, 0.54, 1.1), (-0.42, -0.20, 0.30, 1.2)),
        dorsal=(),
        tail=(((0.05, 0.02), (-0.07, 0.085), (-0.15, 0.10), (-0.14, 0.03), (-0.06, 0.0), (-0.14, -0.03), (-0.15, -0.10), (-0.07, -0.085), (0.05, -0.02)),),
        pectoral=((0.06, 0.0), (0.05, 0.07), (-0.02, 0.15), (-0.07, 0.14), (-0.05, 0.0)), pectoral_at=(0.19, -0.26, 0.75),
        flukes=True, eye=(0.45, 0.30, 0.017), style="sideways", fin_shade=0.45,
    ),
}  # fmt: skip


def build_swimmer(species: Species) -> Body:
    """Return the body of a fish or of a mammal that swims like one."""
    plan, length, height = SWIMMERS[species.body.plan], float(species.body.length), float(species.body.height)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    pattern = species.body.pattern
    tall = _ROUND_MARKS * length if pattern in _MARKED else height  # marks as long as they are high
    paint = painter(pattern, coat, accent, length, tall, repeat=_ROWS.get(pattern, plan.repeat))
    pivots = _pivots(plan, length, height)
    wide = _breadth(plan, float(species.body.mass), length, height)
    meshes = {name: _painted(mesh, paint, offset) for name, (mesh, offset) in _trunk(plan, length, height, wide).items()}
    fin = accent if plan.rayed and species.body.pattern != "bars" else mix(coat, _DARK, plan.fin_shade)
    fin = coat if plan.rayed and species.body.pattern in ("bars", "lines") else fin
    _add_fins(meshes, plan, length, height, fin)
    meshes["torso"] = merge([meshes["torso"], *_face(plan, length, height, wide, coat)])
    if plan.pectoral:
        left = _plate([(x * length, y * length, 0.0) for x, y in plan.pectoral], 0.012 * length, fin)
        left = _rolled(left, -plan.pectoral_at[2])
        meshes |= {"left_wing_inner": left, "right_wing_inner": left.mirrored()}
    rig = Rig(
        pivots_m=pivots.astype(np.float32), upper_m=np.zeros(4, np.float32), lower_m=np.zeros(4, np.float32),
        belly_m=0.0, graze_neck_rad=0.0, graze_head_rad=0.0, graze_torso_rad=0.35, browse_neck_rad=0.0, gallops=False,
        biped=False, sits_up=False, swims=plan.style,
    )  # fmt: skip
    return Body(
        species=species.name, plan=species.body.plan, length_m=length, height_m=height, rig=rig, meshes=meshes
    )


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
            x = np.concatenate([[x[0] + _OVERLAP], x])
        if number < 3:
            x = np.concatenate([x, [x[-1] - _OVERLAP]])
        up, half, ratio = (np.interp(-x, keys, [s[k] for s in plan.profile]) for k in (1, 2, 3))
        half[0] *= 0.6
        if number < 3:
            half[-1] *= 0.6
        origin = np.array([0.0, 0.0, 0.0]) if number == 0 else np.array([edges[number] * length, 0, _raised(plan, edges[number]) * height])
        centers = np.stack([x * length, 0 * x, up * height], 1) - origin
        radii = np.stack([half * ratio * wide, half], 1) * height / 2
        pieces[name] = (tube(list(centers), list(radii), sides=26), origin + [0, 0, height / 2])
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
        dome((along * length, side - 0.25 * r, up * height), (r, 0.6 * r, r), sides=9, rings=6, color=(0.62, 0.60, 0.50) if plan.rayed else _DARK),
        dome((along * length + 0.1 * r, side + 0.05 * r, up * height), (0.6 * r, 0.6 * r, 0.6 * r), sides=8, rings=5, color=_DARK),
    ]
    if plan.mouth is not None:
        lip = tube([(0.5 * length, 0, (plan.profile[0][1] - 0.04) * height), (0.43 * length, 0.9 * side, -0.10 * height), (0.39 * length, side, -0.08 * height)], [(0.004 * length,) * 2] * 3, sides=5, rings=6, side_axis=(0, 0, 1), color=plan.mouth)
        eye.append(lip)
    for k in range(plan.gills):
        x = 0.30 - 0.016 * k
        eye.append(dome((x * length, 0.43 * wide * height * 0.93, 0.0), (0.0022 * length, 0.004 * length, 0.15 * height), sides=5, rings=5, color=mix(coat, _DARK, 0.8)))
    return [*eye, *[piece.mirrored() for piece in eye]]

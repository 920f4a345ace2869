"""Torso, neck, head, tail and legs of a four-legged body, from its sizes and proportions."""

import math

import numpy as np

from eco1.catalog.records import Species
from eco1.studio.meshes import Mesh, merge, tube
from eco1.studio.plans import Proportions

_TISSUE_KG_PER_M3 = 1000.0  # an animal's body is close to water
_TORSO_MASS = 0.62  # share of mass in the trunk of the body, by eye
_SMOOTH = ("plain", "wrinkled", "flank_band", "mask", "bib", "countershaded", "white_belly")  # need no fine mesh
_FINE = ("spots", "rosettes")


class Sizes:
    """Proportions turned into metres. The torso is as wide as the animal's mass asks for."""

    def __init__(self, species: Species, plan: Proportions) -> None:
        self.length, self.height = float(species.body.length), float(species.body.height)
        self.torso = plan.torso * self.length
        self.depth = plan.depth * self.height
        volume = _TORSO_MASS * float(species.body.mass) / _TISSUE_KG_PER_M3
        mean_depth = self.depth * (1 + plan.waist) / 2
        width = volume / (math.pi / 4 * 0.85 * mean_depth * self.torso)
        self.width = float(np.clip(width, 0.55 * self.depth, 0.95 * self.depth))
        self.leg = plan.leg * self.height
        self.neck, self.head = plan.neck * self.height, plan.head * self.height
        self.center_z = self.height - self.depth / 2
        self.hip_z = plan.rump * self.height - self.depth * 0.45
        self.shoulder_z = self.height - self.depth * 0.55
        self.chest_x, self.rump_x = 0.46 * self.torso, -0.46 * self.torso


def body_meshes(plan: Proportions, s: Sizes) -> dict[str, Mesh]:
    """Return the meshes of torso, neck, head, tail and legs in their own frames."""
    meshes = {
        "torso": _torso(plan, s),
        "neck": _neck(plan, s),
        "head": _head(plan, s),
        **_tail(plan, s),
    }
    for i, name in enumerate(("left_fore", "right_fore", "left_hind", "right_hind")):
        hip = s.shoulder_z if i < 2 else s.hip_z
        total = hip * plan.slack
        meshes[f"{name}_upper"] = _upper_leg(plan, s, total * plan.knee, hind=i >= 2)
        meshes[f"{name}_lower"] = _lower_leg(plan, s, total * (1 - plan.knee))
    return meshes


def _torso(plan: Proportions, s: Sizes) -> Mesh:
    half, wide, top = s.depth / 2, s.width / 2, s.depth / 2
    rump_top = plan.rump * s.height - s.center_z
    stations = (  # x, top of the back, depth, width
        (s.rump_x * 1.08, rump_top - 0.30 * half, 0.55, 0.42),
        (s.rump_x * 0.96, rump_top - 0.06 * half, 0.86 * max(plan.waist, 0.8), 0.80),
        (s.rump_x * 0.62, rump_top, 0.98 * max(plan.waist, 0.85), 0.95),
        (-0.08 * s.torso, (rump_top + top) / 2 - 0.06 * half, (1 + plan.waist) / 2 * 0.97, 0.98),
        (0.14 * s.torso, top - 0.02 * half, 1.0, 1.0),
        (0.30 * s.torso, top + plan.hump * s.depth, 1.0 + plan.hump, 0.88),
        (s.chest_x * 0.94, top - 0.10 * half, 0.86, 0.66),
        (s.chest_x * 1.08, top - 0.45 * half, 0.50, 0.36),
    )
    centers = [(x, 0.0, z - depth * half) for x, z, depth, _ in stations]
    radii = [(width * wide, depth * half) for *_, depth, width in stations]
    sides, rings = (12, 24) if plan.pattern in _SMOOTH else (32, 62) if plan.pattern in _FINE else (20, 44)
    return tube(centers, radii, sides=sides, rings=rings)


def _neck(plan: Proportions, s: Sizes) -> Mesh:
    way = np.array([math.cos(plan.neck_rise), 0, math.sin(plan.neck_rise)]) * s.neck
    sag = np.array([-math.sin(plan.neck_rise), 0, math.cos(plan.neck_rise)]) * s.neck * 0.05
    base, tip = plan.neck_base * s.depth, plan.neck_tip * s.depth
    behind = way / s.neck * base  # rounded at the root, so that it turns in the chest like a ball in its socket
    centers = [-0.85 * behind, -0.5 * behind, 0.15 * way - 0.3 * sag, 0.6 * way - 0.5 * sag, 1.04 * way]
    middle = (base + tip) / 2
    radii = [
        (base * 0.30, base * 0.40), (base * 0.66, base * 0.86), (base * 0.68, base * 0.98),
        (middle * 0.67, middle * 0.92), (tip * 0.72, tip),
    ]  # fmt: skip
    return tube(centers, radii, sides=12, rings=10 if plan.pattern in _SMOOTH else 24)


def _head(plan: Proportions, s: Sizes) -> Mesh:
    nose = np.array([math.cos(plan.head_drop), 0, -math.sin(plan.head_drop)])
    up = np.array([math.sin(plan.head_drop), 0, math.cos(plan.head_drop)])
    r = plan.skull * s.head
    tip = r * plan.muzzle
    profile = (  # along, raised, half width, half height
        (-0.14, 0.00, 0.55 * r, 0.62 * r),
        (0.08, 0.10, 0.80 * r, 0.98 * r),
        (0.32, 0.08, 0.82 * r, 0.98 * r),
        (0.55, -0.06, 0.62 * r, 0.78 * r),
        (0.80, -0.16, 0.72 * tip, 0.98 * tip),
        (1.00, -0.20, 0.66 * tip, 0.78 * tip),
    )
    centers = [nose * s.head * along + up * r * raised for along, raised, _, _ in profile]
    return tube(centers, [(w, h) for *_, w, h in profile], sides=12, rings=12 if plan.pattern in _SMOOTH else 20)


def _tail(plan: Proportions, s: Sizes) -> dict[str, Mesh]:
    """The tail in one piece, or in three for one that grasps."""
    length, thick, tuft = plan.tail * s.height, plan.tail_thickness * s.height, plan.tuft * s.height
    pieces: dict[str, Mesh] = {}
    for number, name in enumerate(("tail", "tail_mid", "tail_tip")[: plan.tail_parts]):
        span = length / plan.tail_parts
        bends = tail_bend(plan, (number + np.linspace(0, 1, 5)) / plan.tail_parts)
        points = [(-span * k / 4 * math.cos(b), 0.0, span * k / 4 * math.sin(b)) for k, b in enumerate(bends)]
        last = number == plan.tail_parts - 1
        shares = 1 - 0.4 * (number + np.array([0, 0.5, 0.75, 1.0, 1.0])) / plan.tail_parts
        widths = [(thick * w, thick * w) for w in (*shares[:4], shares[4] * (0.5 if last else 1.0))]
        if plan.bushy:
            widths = [(tuft * w, tuft * w) for w in (0.42, 0.82, 1.0, 0.95, 0.62)]
        stem = tube(points, widths, sides=6, rings=10)
        pieces[name] = merge([stem, _brush(points, thick, tuft)]) if last else stem
    return pieces


def tail_bend(plan: Proportions, share: np.ndarray) -> np.ndarray:
    """Return how steeply a tail rises along its length; one that grasps curls up towards its tip."""
    curl = 1.9 * share**2 if plan.tail_parts > 1 else 0.0
    return plan.tail_rise * (0.55 + 0.45 * share) + curl


def _brush(points: list[tuple[float, float, float]], thick: float, tuft: float) -> Mesh:
    end = np.array(points[-1])
    way = end - np.array(points[-2])
    return tube(
        [end - way * 0.7, end, end + way * 0.45, end + way * 0.9],
        [(thick * 0.5,) * 2, (tuft * 0.8,) * 2, (tuft * 0.7,) * 2, (tuft * 0.1,) * 2],
        sides=6,
        rings=6,
    )


def _upper_leg(plan: Proportions, s: Sizes, length: float, *, hind: bool) -> Mesh:
    w, ankle = s.leg, plan.ankle
    haunch = 1.75 if hind else 1.45
    if plan.columns:
        haunch = 1.25
    centers = [(0, 0, 0.22 * length), (0, 0, -0.05 * length), (0, 0, -0.5 * length), (0, 0, -1.0 * length)]
    radii = [
        (w * 0.62, w * haunch * 0.72),
        (w * 0.95, w * haunch * 1.1),
        (w * 0.82, w * haunch * 0.80),
        (w * ankle * 1.02, w * ankle * 1.12),
    ]
    return tube(centers, radii, sides=8, rings=9 if plan.pattern in _SMOOTH else 18)


def _lower_leg(plan: Proportions, s: Sizes, length: float) -> Mesh:
    w = s.leg * plan.ankle
    foot = s.leg * plan.foot
    hoofed = "hooves" in plan.extras
    sole = w * 0.55 if not hoofed else w * 0.75
    centers = [
        (0, 0, 0.06 * length),
        (0, 0, -0.12 * length),
        (0, 0, -0.78 * length),
        (0.12 * foot, 0, -length + 2.0 * sole),
        (0.28 * foot, 0, -length),
    ]
    radii = [
        (w * 0.8, w * 0.9),
        (w * 1.0, w * 1.08),
        (w * 0.74, w * 0.78),
        (w * 0.95, w * 1.05),
        (w * 1.12, foot * 0.72),
    ]
    return tube(centers, radii, sides=8, rings=10 if plan.pattern in _SMOOTH else 18)

"""Ant, bee and butterfly: three body sections, six legs, and wings. Shapes are judged by eye."""

import math
from dataclasses import dataclass

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.rhythm import INSECT_WING_BEAT_HZ
from eco1.sensors.bodies.skeleton import (
    FIRST_LEG,
    FIRST_MID,
    FIRST_WING,
    HEAD,
    MID_REACH,
    NECK,
    PARTS,
    TAIL,
    TORSO,
    Rig,
)
from eco1.studio.body import Body
from eco1.studio.coats import painter
from eco1.studio.colors import Rgb, linear_rgb, mix
from eco1.studio.insect_wings import WRIST, insect_wings
from eco1.studio.meshes import Mesh, dome, make_mesh, merge, tube

_DARK: Rgb = (0.012, 0.010, 0.010)


@dataclass(frozen=True, kw_only=True)
class InsectProportions:
    """One insect's plan, in shares of length L."""

    thorax: tuple[float, float]  # half length, half width
    abdomen: tuple[float, float, float]  # half length, half width, how far it droops
    waist: float  # gap between them
    head: tuple[float, float]  # half length, half width
    stand: float  # height of the hips
    leg: float  # half width
    antenna: float
    mandibles: bool = False
    furry: bool = False
    wings_at_rest: str = "hidden"


INSECTS: dict[str, InsectProportions] = {
    "ant": InsectProportions(
        thorax=(0.17, 0.075), abdomen=(0.17, 0.13, 0.02), waist=0.09, head=(0.135, 0.165), stand=0.26, leg=0.016,
        antenna=0.36, mandibles=True,
    ),
    "bee": InsectProportions(
        thorax=(0.18, 0.17), abdomen=(0.30, 0.18, 0.10), waist=0.0, head=(0.11, 0.145), stand=0.20, leg=0.022,
        antenna=0.20, furry=True, wings_at_rest="back",
    ),
    "butterfly": InsectProportions(
        thorax=(0.14, 0.075), abdomen=(0.30, 0.055, 0.05), waist=0.0, head=(0.07, 0.07), stand=0.16, leg=0.010,
        antenna=0.55, wings_at_rest="upright",
    ),
}  # fmt: skip


def build_insect(species: Species) -> Body:
    """Return the body of an insect."""
    plan, long = INSECTS[species.body.plan], float(species.body.length)
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    upper, lower = 0.62 * plan.stand * long, 0.62 * plan.stand * long
    pivots = _pivots(plan, long)
    legs = _legs(plan, long, upper, lower, mix(coat, _DARK, 0.45))
    meshes = {
        "torso": _thorax(plan, long, coat, accent),
        "neck": dome((0, 0, 0), (0.03 * long, 0.03 * long, 0.03 * long), sides=6, rings=4, color=mix(coat, _DARK, 0.5)),
        "head": _head(plan, long, coat, accent),
        "tail": _abdomen(plan, long, species, coat, accent),
        **legs,
        **insect_wings(species.body.plan, long, coat, accent),
    }
    rig = Rig(
        pivots_m=pivots.astype(np.float32), upper_m=np.full(4, upper, np.float32), lower_m=np.full(4, lower,
            np.float32),
        belly_m=plan.stand * long * 0.6, graze_neck_rad=0.5, graze_head_rad=0.2, graze_torso_rad=0.1,
        browse_neck_rad=-0.3, gallops=False, biped=False, sits_up=False, six_legged=True,
        climbs="climb" in species.locomotion.modes, flies=species.locomotion.flies,
        wing_beat_hz=INSECT_WING_BEAT_HZ.get(species.body.plan, 0.0), glides=species.body.plan == "butterfly",
        wings_at_rest=plan.wings_at_rest,
    )  # fmt: skip
    return Body(
        species=species.name, plan=species.body.plan, length_m=long, height_m=float(species.body.height), rig=rig,
        meshes=meshes,
    )  # fmt: skip


def _pivots(plan: InsectProportions, long: float) -> np.ndarray:
    half, wide = plan.thorax
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0.02, 0, plan.stand + 0.4 * wide)
    pivots[NECK] = (half, 0, 0.02)
    pivots[HEAD] = (0.3 * plan.head[0], 0, 0)
    pivots[TAIL] = (-half * 0.9, 0, 0)
    for side, hips in ((1, (FIRST_LEG, FIRST_LEG + 4, FIRST_MID)), (-1, (FIRST_LEG + 2, FIRST_LEG + 6, FIRST_MID + 1))):
        for part, along in zip(hips, (0.7, -0.7, 0.0), strict=True):
            pivots[part] = (along * half, side * wide * 0.85, -0.4 * wide)
    for side, first in ((1, FIRST_WING), (-1, FIRST_WING + 2)):
        pivots[first] = (0.25 * half, side * 0.5 * wide, 0.75 * wide)
        pivots[first + 1] = (0.0, side * WRIST, 0)
    return pivots * long


def _thorax(plan: InsectProportions, long: float, coat: Rgb, accent: Rgb) -> Mesh:
    half, wide = plan.thorax
    body = dome((0, 0, 0), (half * long, wide * long, wide * long), sides=16, rings=12)
    fur = mix(coat, (0.55, 0.38, 0.12), 0.5) if plan.furry else coat
    rough = np.random.Generator(np.random.Philox(5)).normal(
        0, 0.05 * wide * long if plan.furry else 0, body.vertices_m.shape
    )
    mesh = make_mesh(body.vertices_m + rough, body.faces, fur)
    if plan.waist == 0:
        return mesh
    bead = dome(
        (-(half + 0.5 * plan.waist) * long, 0, 0),
        (0.05 * long, 0.045 * long, 0.06 * long),
        sides=8,
        rings=6,
        color=mix(coat, accent, 0.4),
    )
    spines = [
        tube(
            [(x * half * long, 0.03 * long, 0.8 * wide * long), (x * half * long, 0.05 * long, 1.9 * wide * long)],
            [(0.014 * long,) * 2, (0.003 * long,) * 2],
            sides=5,
            color=accent,
        )
        for x in (0.5, -0.1)
    ]
    return merge([mesh, bead, *spines, *[s.mirrored() for s in spines]])


def _abdomen(plan: InsectProportions, long: float, species: Species, coat: Rgb, accent: Rgb) -> Mesh:
    half, wide, droop = (v * long for v in plan.abdomen)
    gap = plan.waist * long
    ball = tube(
        [(-gap + 0.02 * long, 0, 0), (-gap - 0.3 * half, 0, -0.2 * droop), (-gap - half, 0, -0.6 * droop),
            (-gap - 1.6 * half, 0, -droop), (-gap - 2 * half, 0, -1.2 * droop)],
        [(0.35 * wide,) * 2, (0.85 * wide,) * 2, (wide, wide), (0.72 * wide,) * 2, (0.12 * wide,) * 2], sides=16,
            rings=22,
    )  # fmt: skip
    if species.body.pattern == "bars":
        return ball.painted(
            lambda at, _: np.where(
                np.sin(2 * np.pi * 2.6 * (at[:, :1] + gap) / (2 * half)) > 0.0,
                np.array(coat),
                np.array(mix(accent, _DARK, 0.5)),
            )
        )
    return ball.painted(painter("plain", mix(coat, accent, 0.2), accent, long, long))


def _head(plan: InsectProportions, long: float, coat: Rgb, accent: Rgb) -> Mesh:
    half, wide = plan.head[0] * long, plan.head[1] * long
    skull = dome((0.6 * half, 0, 0), (half, wide, 0.85 * wide), sides=14, rings=10, color=mix(coat, _DARK, 0.2))
    eye_size = 0.55 if plan.furry or plan.wings_at_rest == "upright" else 0.22
    eye = dome(
        (0.85 * half, 0.72 * wide, 0.2 * wide),
        (eye_size * half, 0.35 * eye_size * wide + 0.1 * wide, eye_size * wide),
        sides=9,
        rings=7,
        color=_DARK,
    )
    far = plan.antenna * long
    bend = [
        (1.2 * half, 0.3 * wide, 0.4 * wide),
        (1.2 * half + 0.35 * far, 0.3 * wide + 0.35 * far, 0.4 * wide + 0.35 * far),
        (1.2 * half + far, 0.3 * wide + 0.5 * far, 0.4 * wide + 0.1 * far),
    ]
    if plan.wings_at_rest == "upright":
        bend = [bend[0], (1.2 * half + 0.5 * far, 0.25 * far, 0.35 * far), (1.2 * half + far, 0.45 * far, 0.75 * far)]
    feeler = tube(
        bend,
        [(0.014 * long,) * 2, (0.011 * long,) * 2, (0.016 * long,) * 2],
        sides=5,
        rings=9,
        color=mix(accent, _DARK, 0.5),
    )
    pieces = [skull, eye, eye.mirrored(), feeler, feeler.mirrored()]
    if plan.mandibles:
        jaw = tube(
            [
                (1.4 * half, 0.55 * wide, -0.1 * wide),
                (1.95 * half, 0.50 * wide, -0.15 * wide),
                (2.15 * half, 0.08 * wide, -0.18 * wide),
            ],
            [(0.035 * long,) * 2, (0.03 * long,) * 2, (0.008 * long,) * 2],
            sides=6,
            rings=7,
            color=accent,
        )
        pieces += [jaw, jaw.mirrored()]
    return merge(pieces)


def _legs(plan: InsectProportions, long: float, upper: float, lower: float, color: Rgb) -> dict[str, Mesh]:
    w = plan.leg * long
    thigh = tube(
        [(0, 0, 0.1 * w), (0, 0, -0.5 * upper), (0, 0, -upper)],
        [(1.3 * w,) * 2, (1.5 * w,) * 2, (w, w)],
        sides=6,
        rings=6,
        color=color,
    )
    shin = tube(
        [(0, 0, 0), (0, 0, -0.7 * lower), (0, 0, -lower), (0.12 * lower, 0, -lower)],
        [(w, w), (0.7 * w,) * 2, (0.5 * w,) * 2, (0.5 * w,) * 2],
        sides=6,
        color=color,
    )
    reach = MID_REACH * (upper + lower)
    knee = (math.sqrt(max(upper**2 - (0.5 * reach) ** 2, 0.0)), 0.0, -0.5 * reach)
    middle = tube(
        [(0, 0, 0), knee, (0, 0, -reach)], [(1.3 * w,) * 2, (w, w), (0.5 * w,) * 2], sides=6, rings=9, color=color
    )
    legs = {
        f"{side}_{pair}_{piece}": mesh
        for side in ("left", "right")
        for pair in ("fore", "hind")
        for piece, mesh in (("upper", thigh), ("lower", shin))
    }
    return {**legs, "left_mid": middle, "right_mid": middle}

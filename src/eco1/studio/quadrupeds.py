"""Four-legged bodies from a species' measured size and its plan's proportions."""

import math
from dataclasses import replace

import numpy as np

from eco1.catalog.records import Species
from eco1.sensors.bodies.skeleton import (
    FIRST_LEG,
    HEAD,
    MANE,
    NECK,
    PARTS,
    TAIL,
    TAIL_MID,
    TAIL_TIP,
    TORSO,
    TRUNK_LOWER,
    TRUNK_UPPER,
    Rig,
)
from eco1.studio import ornaments
from eco1.studio.body import Body
from eco1.studio.coats import painter
from eco1.studio.colors import linear_rgb
from eco1.studio.mammal_parts import Sizes, body_meshes, tail_bend
from eco1.studio.meshes import Mesh
from eco1.studio.plans import QUADRUPEDS, Proportions
from eco1.studio.reach import graze_angles

_PARENT = {HEAD: NECK, MANE: NECK, TAIL_MID: TAIL, TAIL_TIP: TAIL_MID}
_BALANCING_TAIL = 0.06  # of the tail of a rodent that climbs: what burrowers have left of it


def build_quadruped(species: Species) -> Body:
    """Return the body of a four-legged species."""
    plan = _of_species(species)
    sizes = Sizes(species, plan)
    pivots = _pivots(plan, sizes)
    meshes = _paint(body_meshes(plan, sizes), pivots, species)
    ornaments.add(meshes, species, plan, sizes.height)
    angles = graze_angles(plan, sizes.height, pivots)
    leg = np.array([pivots[FIRST_LEG + 2 * i, 2] + pivots[TORSO, 2] for i in range(4)])
    rig = Rig(
        pivots_m=pivots.astype(np.float32),
        upper_m=(leg * plan.slack * plan.knee).astype(np.float32),
        lower_m=(leg * plan.slack * (1 - plan.knee)).astype(np.float32),
        belly_m=sizes.height * (1 - plan.depth) * 0.97,
        graze_neck_rad=angles[0],
        graze_head_rad=angles[1],
        graze_torso_rad=angles[2],
        browse_neck_rad=plan.browse_neck,
        gallops=plan.gallops,
        biped=False,
        sits_up=plan.sits_up,
        stands_to_rest=plan.stands_to_rest,
        climbs="climb" in species.locomotion.modes,
        hangs=species.body.plan == "sloth",
        swims="sideways" if "swim" in species.locomotion.modes else "",
    )
    return Body(
        species=species.name,
        plan=species.body.plan,
        length_m=sizes.length,
        height_m=sizes.height,
        rig=rig,
        meshes=meshes,
    )


def _pivots(plan: Proportions, s: Sizes) -> np.ndarray:
    pivots = np.zeros((len(PARTS), 3))
    pivots[TORSO] = (0, 0, s.center_z)
    pivots[NECK] = (0.40 * s.torso, 0, s.depth * 0.20)
    pivots[HEAD] = (math.cos(plan.neck_rise) * s.neck, 0, math.sin(plan.neck_rise) * s.neck)
    pivots[MANE] = (0, 0, 0)
    pivots[TAIL] = (s.rump_x * 1.04, 0, plan.rump * s.height - s.center_z - s.depth * 0.14)
    if plan.tail_parts > 1:
        span = plan.tail * s.height / plan.tail_parts
        for number, part in enumerate((TAIL_MID, TAIL_TIP), 1):
            bend = float(tail_bend(plan, np.array(number / plan.tail_parts)))
            pivots[part] = (-span * math.cos(bend), 0, span * math.sin(bend))
    nose = np.array([math.cos(plan.head_drop), 0, -math.sin(plan.head_drop)]) * s.head
    pivots[TRUNK_UPPER] = nose * 0.86
    pivots[TRUNK_LOWER] = (0.05 * s.height, 0, -0.30 * s.height)
    across = s.width / 2 - s.leg * 0.85
    fore, hind = (0.30 * s.torso, s.shoulder_z), (-0.38 * s.torso, s.hip_z)
    for i, (x, z) in enumerate((fore, fore, hind, hind)):
        side = across if i % 2 == 0 else -across
        pivots[FIRST_LEG + 2 * i] = (x, side, z - s.center_z)
    return pivots


def _of_species(species: Species) -> Proportions:
    """The plan with the species' pattern; rodents that climb balance with a long tail, burrowers have next to none."""
    plan = replace(QUADRUPEDS[species.body.plan], pattern=species.body.pattern)
    if species.body.plan == "rodent" and "climb" not in species.locomotion.modes:
        return replace(plan, tail=plan.tail * _BALANCING_TAIL, ear=plan.ear * 0.5)
    return plan


def _paint(meshes: dict[str, Mesh], pivots: np.ndarray, species: Species) -> dict[str, Mesh]:
    """Paint every part where it stands at rest, so that a pattern runs on across joints."""
    coat, accent = linear_rgb(species.body.coat), linear_rgb(species.body.accent)
    paint = painter(species.body.pattern, coat, accent, float(species.body.length), float(species.body.height))
    painted: dict[str, Mesh] = {}
    for name, mesh in meshes.items():
        offset = rest_offset(pivots, name, mesh)
        painted[name] = mesh.moved(offset).painted(paint).moved(-offset)
    return painted


def rest_offset(pivots: np.ndarray, name: str, mesh: Mesh) -> np.ndarray:
    """Return where a part's frame stands at rest, in body axes."""
    part = PARTS.index(name)
    if name.endswith("_lower") and part >= FIRST_LEG:
        return (
            pivots[TORSO]
            + pivots[part - 1]
            + [0, 0, -pivots[TORSO, 2] - pivots[part - 1, 2] - mesh.vertices_m[:, 2].min()]
        )
    offset = pivots[part].copy()
    while part != TORSO:
        part = _PARENT.get(part, TORSO)
        offset += pivots[part]
    return offset

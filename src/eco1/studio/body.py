"""A species made visible."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from eco1.sensors.bodies.skeleton import (
    FIRST_LEG,
    FIRST_WING,
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
from eco1.studio.meshes import Mesh, merge

_PARENT = {
    HEAD: NECK, MANE: NECK, TRUNK_UPPER: HEAD, TRUNK_LOWER: TRUNK_UPPER, TAIL_MID: TAIL, TAIL_TIP: TAIL_MID,
    FIRST_WING + 1: FIRST_WING, FIRST_WING + 3: FIRST_WING + 2,
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Body:
    """One mesh per part (in the part's own frame) and the rig that moves them."""

    species: str
    plan: str
    length_m: float
    height_m: float
    rig: Rig
    meshes: dict[str, Mesh] = field(default_factory=dict)


def rest_joint(rig: Rig, part: int) -> Float[np.ndarray, " 3"]:
    """Return where a part's frame stands in body axes while all parts are parallel and legs hang straight."""
    if FIRST_LEG <= part < FIRST_WING and (part - FIRST_LEG) % 2:
        leg = (part - FIRST_LEG) // 2
        upper, whole = float(rig.upper_m[leg]), float(rig.upper_m[leg] + rig.lower_m[leg])
        hip = rest_joint(rig, part - 1)
        return hip - [0, 0, upper / max(whole, 1e-9) * min(whole, hip[2])]
    at = rig.pivots_m[part].astype(float)
    while part != TORSO:
        part = _PARENT.get(part, TORSO)
        at = at + rig.pivots_m[part]
    return at


def at_rest(body: Body) -> Mesh:
    """Return the whole body in one mesh, as built, in body axes.

    Folded wings belong to the torso, so a bird's open ones are left out.
    """
    pieces: list[Mesh] = []
    for part, name in enumerate(PARTS):
        folded = "wing" in name and body.rig.flies and body.rig.wings_at_rest == "hidden"
        if name in body.meshes and not folded:
            pieces.append(body.meshes[name].moved(rest_joint(body.rig, part)))
    return merge(pieces)


def limbless_rig(pivots_m: Float[np.ndarray, "p 3"]) -> Rig:
    """Return the rig of a body without legs; how it moves is left to ``dataclasses.replace``."""
    none = np.zeros(4, np.float32)
    return Rig(
        pivots_m=pivots_m.astype(np.float32), upper_m=none, lower_m=none, belly_m=0.0, graze_neck_rad=0.0,
        graze_head_rad=0.0, graze_torso_rad=0.0, browse_neck_rad=0.0, gallops=False, biped=False, sits_up=False,
    )  # fmt: skip

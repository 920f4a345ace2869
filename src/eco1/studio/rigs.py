"""The rigs of many animals of many species as arrays, one row per animal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from eco1.core.records import ArrayRecord
from eco1.sensors.bodies.skeleton import FIRST_LEG, PARTS, TORSO
from eco1.studio.body import Body

_LOW_WIDTH = 0.22  # of height, half the width of a body lying on its side, by eye


@dataclass(frozen=True, kw_only=True)
class RigTable(ArrayRecord):
    """Columns of ``skeleton.Rig`` and a few numbers derived from the body, metres and radians."""

    pivots_m: Float[np.ndarray, "n p 3"]
    upper_m: Float[np.ndarray, "n 4"]
    lower_m: Float[np.ndarray, "n 4"]
    hip_m: Float[np.ndarray, " n"]
    belly_m: Float[np.ndarray, " n"]
    graze_neck_rad: Float[np.ndarray, " n"]
    graze_head_rad: Float[np.ndarray, " n"]
    graze_torso_rad: Float[np.ndarray, " n"]
    browse_neck_rad: Float[np.ndarray, " n"]
    torso_reach_m: Float[np.ndarray, " n"]
    half_width_m: Float[np.ndarray, " n"]
    adult_length_m: Float[np.ndarray, " n"]
    height_m: Float[np.ndarray, " n"]
    gallops: Bool[np.ndarray, " n"]
    biped: Bool[np.ndarray, " n"]
    sits_up: Bool[np.ndarray, " n"]
    can_fly: Bool[np.ndarray, " n"]
    stands_to_rest: Bool[np.ndarray, " n"]


def rig_table(bodies: Sequence[Body]) -> RigTable:
    """Return one row per body, in order; index it with species numbers to get one row per animal."""
    rigs = [body.rig for body in bodies]
    pivots = np.stack([rig.pivots_m for rig in rigs]).astype(float).reshape(len(bodies), len(PARTS), 3)
    hind = FIRST_LEG + 4
    return RigTable(
        pivots_m=pivots,
        upper_m=np.stack([rig.upper_m for rig in rigs]).astype(float),
        lower_m=np.stack([rig.lower_m for rig in rigs]).astype(float),
        hip_m=pivots[:, hind, 2] + pivots[:, TORSO, 2],
        belly_m=np.array([rig.belly_m for rig in rigs], float),
        graze_neck_rad=np.array([rig.graze_neck_rad for rig in rigs], float),
        graze_head_rad=np.array([rig.graze_head_rad for rig in rigs], float),
        graze_torso_rad=np.array([rig.graze_torso_rad for rig in rigs], float),
        browse_neck_rad=np.array([rig.browse_neck_rad for rig in rigs], float),
        torso_reach_m=np.abs(pivots[:, hind, 0]) * 2,
        half_width_m=np.array([_LOW_WIDTH * body.height_m for body in bodies], float),
        adult_length_m=np.array([body.length_m for body in bodies], float),
        height_m=np.array([body.height_m for body in bodies], float),
        gallops=np.array([rig.gallops for rig in rigs], bool),
        biped=np.array([rig.biped for rig in rigs], bool),
        sits_up=np.array([rig.sits_up for rig in rigs], bool),
        can_fly=np.array([rig.flies for rig in rigs], bool),
        stands_to_rest=np.array([rig.stands_to_rest for rig in rigs], bool),
    )

"""One skeleton for every body plan, so that a whole herd of mixed species is posed at once.

Parts that a plan lacks (a bird's forelegs, a lion's trunk) simply have no mesh. Legs are two rigid pieces that meet
at the joint one sees from afar: the wrist of the foreleg, the hock of the hindleg.
"""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32

from eco1.studio.meshes import Mesh

PARTS = (
    "torso", "neck", "head", "trunk_upper", "trunk_lower", "tail", "mane",
    "left_fore_upper", "left_fore_lower", "right_fore_upper", "right_fore_lower",
    "left_hind_upper", "left_hind_lower", "right_hind_upper", "right_hind_lower",
    "left_wing_inner", "left_wing_outer", "right_wing_inner", "right_wing_outer",
)  # fmt: skip
TORSO, NECK, HEAD, TRUNK_UPPER, TRUNK_LOWER, TAIL, MANE = range(7)
FIRST_LEG, FIRST_WING = 7, 15


@dataclass(frozen=True, kw_only=True)
class Rig:
    """Where a body's parts meet and how far they move. Metres and radians, body axes, for an adult."""

    pivots_m: Float32[np.ndarray, "p 3"]  # of each part in its parent's frame, the torso's above the ground
    upper_m: Float32[np.ndarray, " 4"]
    lower_m: Float32[np.ndarray, " 4"]
    belly_m: float  # height of the belly over the ground when standing
    graze_neck_rad: float  # how far the neck bends for the mouth to reach the ground
    graze_head_rad: float
    graze_torso_rad: float  # what the body adds where the neck is too short
    browse_neck_rad: float
    gallops: bool
    biped: bool
    sits_up: bool


@dataclass(frozen=True, kw_only=True)
class Body:
    """A species made visible: one mesh per part (in the part's own frame) and the rig that moves them."""

    species: str
    plan: str
    length_m: float
    height_m: float
    rig: Rig
    meshes: dict[str, Mesh] = field(default_factory=dict)

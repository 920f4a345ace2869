"""One skeleton for every body plan, so that a whole scene of mixed species is posed at once.

Body axes: x forward, y left, z up. At rest every part's own frame is parallel to the body's and its origin is the joint
with its parent. Parts that a plan lacks (a bird's forelegs, a lion's trunk) have no mesh and a pivot of zeros.
How each kind of part lies in its own frame at rest:

- legs hang down -z as two rigid pieces that meet at the joint one sees from afar: the wrist of the foreleg, the hock of
  the hindleg. A person's arms are forelegs.
- ``left_mid`` and ``right_mid``, the middle legs of insects, are one bent piece from the hip to a foot straight below,
  the knee on the side of +x, which is turned outwards; ``MID_REACH`` of the hind leg's upper and lower length long.
- the tail chain points back, -x: ``tail`` at the torso, ``tail_mid`` at its end, ``tail_tip`` with the fin at the last.
- wings lie spread along y. They are the wings of birds (shown in flight only: folded ones belong to the torso) and of
  insects, the pectoral fins of fish, the flippers of dolphin, seal and turtle, the disc of a manta.
- arms of an octopus hang down -z with the outward side on +x; each is turned about z to the side of its pivot, and
  raised outwards by the motion. The mantle stands up and leans back; it goes first when the animal jets.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32

PARTS = (
    "torso", "neck", "head", "trunk_upper", "trunk_lower", "tail", "mane",
    "left_fore_upper", "left_fore_lower", "right_fore_upper", "right_fore_lower",
    "left_hind_upper", "left_hind_lower", "right_hind_upper", "right_hind_lower",
    "left_wing_inner", "left_wing_outer", "right_wing_inner", "right_wing_outer",
    "tail_mid", "tail_tip",
    "arm_1", "arm_2", "arm_3", "arm_4", "arm_5", "arm_6", "arm_7", "arm_8",
    "left_mid", "right_mid",
)  # fmt: skip
TORSO, NECK, HEAD, TRUNK_UPPER, TRUNK_LOWER, TAIL, MANE = range(7)
FIRST_LEG, FIRST_WING = 7, 15
TAIL_MID, TAIL_TIP, FIRST_ARM, FIRST_MID = 19, 20, 21, 29
ARMS = 8

#: How a body moves through water: a wave running sideways down the tail (fish, seal) or up and down (dolphin), strokes
#: of fore flippers (turtle), beats of wide wings (manta), jets and trailing arms (octopus), or only by its legs ("").
SWIMMING_STYLES = ("", "sideways", "upright", "flippers", "wings", "jet")

#: Where wings are when they do not fly: hidden (birds: the torso shows them folded), laid back over the body (bees) or
#: closed above it (butterflies). Fins and flippers of swimmers are always spread.
WINGS_AT_REST = ("hidden", "back", "upright")

#: Distance of an insect's foot from its hip when standing, as a share of its straight leg: by eye.
MID_REACH = 0.85


@dataclass(frozen=True, kw_only=True)
class Rig:
    """Where a body's parts meet and how they move. Metres and radians, body axes, for an adult."""

    pivots_m: Float32[np.ndarray, "p 3"]  # of each part in its parent's frame, the torso's above the ground
    upper_m: Float32[np.ndarray, " 4"]  # zeros: no legs
    lower_m: Float32[np.ndarray, " 4"]
    belly_m: float  # height of the belly over the ground when standing
    graze_neck_rad: float  # how far the neck bends for the mouth to reach the ground
    graze_head_rad: float
    graze_torso_rad: float  # what the body adds where the neck is too short
    browse_neck_rad: float
    gallops: bool
    biped: bool
    sits_up: bool  # on its haunches, to watch or to hold food
    stands_to_rest: bool = False  # adults doze on their feet
    has_arms: bool = False  # people: forelegs are arms that swing beside an upright body
    six_legged: bool = False
    climbs: bool = False  # along trunks, head first, and swings below branches
    hangs: bool = False  # below its branch, back down
    slithers: bool = False  # a wave from side to side runs through neck, torso and tail, coiled when at rest
    flies: bool = False
    wing_beat_hz: float = 0.0  # see ``rhythm``
    glides: bool = False  # holds its wings still between beats
    wings_at_rest: str = "hidden"  # one of WINGS_AT_REST
    swims: str = ""  # one of SWIMMING_STYLES

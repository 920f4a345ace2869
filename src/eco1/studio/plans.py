"""Proportions of the quadruped body plans, as a draughtsman would note them.

All are drawing proportions judged by eye against photographs, not measurements: shares of head-body length L,
of shoulder height H or of the torso's depth D. The measured numbers (mass, L, H, colours) come from the catalog.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Proportions:
    """One four-legged body plan."""

    torso: float  # L, chest to rump
    depth: float  # H, chest top to bottom
    waist: float  # D, depth in front of the hind legs
    rump: float  # H, height of the back over the hind legs
    hump: float  # D, how far the withers rise over the back
    neck: float  # H, length
    neck_rise: float  # rad above the horizontal
    neck_base: float  # D, half depth where it leaves the chest
    neck_tip: float  # D, half depth behind the head
    head: float  # H, length
    skull: float  # of head length, half depth
    muzzle: float  # of skull, half depth at the nose
    head_drop: float  # rad below the horizontal when at ease
    ear: float  # H, length
    ear_width: float  # of its length
    tail: float  # H, length
    tail_thickness: float  # H
    tail_rise: float  # rad, negative hangs down
    tuft: float  # H, half width of the tassel
    leg: float  # H, half width of the upper leg
    ankle: float  # of leg, half width above the foot
    foot: float  # of leg, half length of the foot
    knee: float  # share of the leg above the visible joint
    extras: tuple[str, ...] = ()
    columns: bool = False  # legs like pillars
    slack: float = 1.06  # of the leg's length over its height: a leg at ease is not quite straight
    bushy: bool = False  # a tail as thick as its tuft all along
    tail_parts: int = 1  # 3 where a tail grasps or curls
    gallops: bool = True
    sits_up: bool = False
    stands_to_rest: bool = False
    browse_neck: float = -0.35  # rad
    pattern: str = ""  # of the species, see ``coats``


QUADRUPEDS: dict[str, Proportions] = {
    "felid": Proportions(
        torso=0.68, depth=0.45, waist=0.76, rump=0.96, hump=0.05, neck=0.25, neck_rise=0.38, neck_base=0.38,
        neck_tip=0.31, head=0.31, skull=0.47, muzzle=0.7, head_drop=0.3, ear=0.095, ear_width=1, tail=0.78,
        tail_thickness=0.032, tail_rise=-0.75, tuft=0.045, leg=0.092, ankle=0.66, foot=1.4, knee=0.52,
    ),
    "hyaenid": Proportions(
        torso=0.62, depth=0.45, waist=0.72, rump=0.8, hump=0.12, neck=0.42, neck_rise=0.62, neck_base=0.4,
        neck_tip=0.28, head=0.36, skull=0.36, muzzle=0.6, head_drop=0.35, ear=0.14, ear_width=0.85, tail=0.34,
        tail_thickness=0.035, tail_rise=-1, tuft=0.055, leg=0.075, ankle=0.6, foot=1.3, knee=0.5,
        extras=("back_mane",),
    ),
    "canid": Proportions(
        torso=0.6, depth=0.37, waist=0.68, rump=0.97, hump=0.02, neck=0.34, neck_rise=0.72, neck_base=0.36,
        neck_tip=0.27, head=0.34, skull=0.33, muzzle=0.52, head_drop=0.25, ear=0.2, ear_width=1, tail=0.46,
        tail_thickness=0.03, tail_rise=-0.9, tuft=0.06, leg=0.058, ankle=0.6, foot=1.35, knee=0.5,
        extras=("round_ears", "white_tail"),
    ),
    "equid": Proportions(
        torso=0.56, depth=0.46, waist=0.92, rump=1, hump=0.03, neck=0.52, neck_rise=0.78, neck_base=0.36,
        neck_tip=0.22, head=0.42, skull=0.27, muzzle=0.62, head_drop=0.62, ear=0.13, ear_width=0.55, tail=0.5,
        tail_thickness=0.028, tail_rise=-1.25, tuft=0.04, leg=0.066, ankle=0.5, foot=0.95, knee=0.5,
        extras=("crest", "hooves", "dark_muzzle"),
        stands_to_rest=True,
    ),
    "bovid": Proportions(
        torso=0.6, depth=0.49, waist=0.72, rump=0.88, hump=0.15, neck=0.4, neck_rise=0.3, neck_base=0.4,
        neck_tip=0.27, head=0.43, skull=0.27, muzzle=0.78, head_drop=0.95, ear=0.13, ear_width=0.45, tail=0.55,
        tail_thickness=0.022, tail_rise=-1.3, tuft=0.05, leg=0.056, ankle=0.5, foot=0.95, knee=0.5,
        extras=("cow_horns", "beard", "crest", "hooves", "dark_muzzle"),
    ),
    "gazelle": Proportions(
        torso=0.58, depth=0.4, waist=0.8, rump=1, hump=0, neck=0.5, neck_rise=0.85, neck_base=0.3, neck_tip=0.18,
        head=0.33, skull=0.29, muzzle=0.55, head_drop=0.45, ear=0.19, ear_width=0.42, tail=0.24, tail_thickness=0.022,
        tail_rise=-1.1, tuft=0.03, leg=0.046, ankle=0.46, foot=0.95, knee=0.48,
        extras=("straight_horns", "hooves", "dark_tail"),
    ),
    "elephant": Proportions(
        torso=0.47, depth=0.56, waist=1, rump=0.93, hump=0.02, neck=0.2, neck_rise=0.42, neck_base=0.36, neck_tip=0.3,
        head=0.29, skull=0.6, muzzle=0.62, head_drop=0.5, ear=0.46, ear_width=0.9, tail=0.4, tail_thickness=0.018,
        tail_rise=-1.35, tuft=0.03, leg=0.098, ankle=0.86, foot=1.08, knee=0.52,
        extras=("trunk", "tusks", "big_ears"),
        columns=True, slack=1.03, gallops=False, stands_to_rest=True,
    ),
    "giraffe": Proportions(
        torso=0.42, depth=0.4, waist=0.76, rump=0.86, hump=0.12, neck=0.66, neck_rise=1.02, neck_base=0.36,
        neck_tip=0.15, head=0.21, skull=0.27, muzzle=0.58, head_drop=0.42, ear=0.075, ear_width=0.5, tail=0.3,
        tail_thickness=0.012, tail_rise=-1.35, tuft=0.022, leg=0.043, ankle=0.52, foot=1, knee=0.48,
        extras=("ossicones", "hooves", "crest"),
        stands_to_rest=True, browse_neck=-0.30,
    ),
    "mongoose": Proportions(
        torso=0.66, depth=0.48, waist=1, rump=1, hump=0, neck=0.3, neck_rise=0.5, neck_base=0.4, neck_tip=0.34,
        head=0.42, skull=0.36, muzzle=0.38, head_drop=0.15, ear=0.09, ear_width=1, tail=1.15, tail_thickness=0.045,
        tail_rise=-0.35, tuft=0.02, leg=0.085, ankle=0.6, foot=1.25, knee=0.5,
        extras=("eye_patches",),
        sits_up=True,
    ),
    "bear": Proportions(
        torso=0.66, depth=0.55, waist=0.95, rump=1.02, hump=0, neck=0.34, neck_rise=0.12, neck_base=0.4,
        neck_tip=0.27, head=0.36, skull=0.36, muzzle=0.5, head_drop=0.28, ear=0.06, ear_width=1.1, tail=0.08,
        tail_thickness=0.04, tail_rise=-1, tuft=0.03, leg=0.125, ankle=0.8, foot=1.45, knee=0.5,
        extras=("round_ears",),
    ),
    "wolf": Proportions(
        torso=0.6, depth=0.43, waist=0.72, rump=0.98, hump=0.03, neck=0.3, neck_rise=0.55, neck_base=0.42,
        neck_tip=0.34, head=0.36, skull=0.34, muzzle=0.5, head_drop=0.22, ear=0.13, ear_width=0.75, tail=0.48,
        tail_thickness=0.045, tail_rise=-0.85, tuft=0.062, leg=0.066, ankle=0.62, foot=1.45, knee=0.5,
        bushy=True,
    ),
    "fox": Proportions(
        torso=0.58, depth=0.46, waist=0.8, rump=0.98, hump=0, neck=0.28, neck_rise=0.6, neck_base=0.38, neck_tip=0.32,
        head=0.42, skull=0.32, muzzle=0.36, head_drop=0.15, ear=0.24, ear_width=0.72, tail=1.0, tail_thickness=0.05,
        tail_rise=-0.45, tuft=0.115, leg=0.062, ankle=0.6, foot=1.4, knee=0.5,
        extras=("black_ears", "white_tip"),
        bushy=True,
    ),
    "deer": Proportions(
        torso=0.6, depth=0.44, waist=0.85, rump=0.98, hump=0.05, neck=0.42, neck_rise=0.55, neck_base=0.36,
        neck_tip=0.27, head=0.36, skull=0.28, muzzle=0.66, head_drop=0.5, ear=0.11, ear_width=0.5, tail=0.1,
        tail_thickness=0.03, tail_rise=-0.9, tuft=0.04, leg=0.052, ankle=0.52, foot=1.25, knee=0.48,
        extras=("antlers", "hooves"),
    ),
    "muskox": Proportions(
        torso=0.66, depth=0.6, waist=0.98, rump=0.88, hump=0.14, neck=0.26, neck_rise=0.05, neck_base=0.44,
        neck_tip=0.36, head=0.4, skull=0.36, muzzle=0.72, head_drop=0.75, ear=0.07, ear_width=0.6, tail=0.06,
        tail_thickness=0.03, tail_rise=-1, tuft=0.03, leg=0.075, ankle=0.6, foot=1, knee=0.5,
        extras=("muskox_horns", "skirt", "hooves"),
    ),
    "rodent": Proportions(
        torso=0.74, depth=0.8, waist=1.1, rump=1.0, hump=0, neck=0.14, neck_rise=0.2, neck_base=0.45, neck_tip=0.4,
        head=0.58, skull=0.44, muzzle=0.42, head_drop=0.25, ear=0.2, ear_width=1, tail=2.4, tail_thickness=0.045,
        tail_rise=-0.15, tuft=0.012, leg=0.11, ankle=0.5, foot=1.7, knee=0.5,
        extras=("round_ears", "bare_tail"),
        sits_up=True,
    ),
    "raccoon": Proportions(
        torso=0.64, depth=0.52, waist=1.05, rump=1.02, hump=0, neck=0.24, neck_rise=0.35, neck_base=0.4,
        neck_tip=0.36, head=0.42, skull=0.42, muzzle=0.4, head_drop=0.2, ear=0.13, ear_width=0.9, tail=0.95,
        tail_thickness=0.075, tail_rise=-0.5, tuft=0.075, leg=0.075, ankle=0.62, foot=1.5, knee=0.5,
        extras=("round_ears", "ringed_tail"),
        sits_up=True,
    ),
    "monkey": Proportions(
        torso=0.8, depth=0.42, waist=0.72, rump=0.92, hump=0, neck=0.18, neck_rise=0.9, neck_base=0.34, neck_tip=0.3,
        head=0.4, skull=0.5, muzzle=0.55, head_drop=0.15, ear=0.07, ear_width=1, tail=2.3, tail_thickness=0.036,
        tail_rise=0.1, tuft=0.03, leg=0.062, ankle=0.75, foot=1.6, knee=0.5,
        extras=("round_ears", "flat_face"),
        tail_parts=3, sits_up=True,
    ),
    "sloth": Proportions(
        torso=0.82, depth=0.62, waist=1, rump=0.9, hump=0, neck=0.2, neck_rise=0.4, neck_base=0.35, neck_tip=0.32,
        head=0.42, skull=0.5, muzzle=0.42, head_drop=0.1, ear=0.02, ear_width=1, tail=0.12, tail_thickness=0.06,
        tail_rise=-0.6, tuft=0.05, leg=0.09, ankle=0.85, foot=1.1, knee=0.5,
        extras=("round_ears", "claws", "flat_face"),
        gallops=False,
    ),
}  # fmt: skip

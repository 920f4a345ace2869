"""Proportions of the birds' body plans, judged by eye. The measured numbers come from the catalog."""

from dataclasses import dataclass

from eco1.studio.bird_heads import HeadLook
from eco1.studio.colors import Rgb
from eco1.studio.wings import WingLook


@dataclass(frozen=True, kw_only=True)
class BirdProportions:
    """One bird's body plan, in shares of back height H."""

    torso: float  # length
    depth: float
    width: float  # of depth
    tilt: float  # rad, how steeply the body is held
    hip: float  # height of the hip
    neck: float
    neck_rise: float
    neck_thick: float
    leg: float  # half width of the thigh
    graze_neck: float  # rad
    graze_head: float
    tail: tuple[float, float]  # length and half width
    head: HeadLook
    wing: WingLook | None  # None: too short to fly
    bare: bool = False  # naked neck and legs
    ruff: bool = False
    legs: Rgb | None = None  # None: the colour of the coat, darker
    bars: float = 9.0  # marks along the body
    glides: bool = False


BIRDS: dict[str, BirdProportions] = {
    "ostrich": BirdProportions(
        torso=0.74, depth=0.46, width=0.92, tilt=0.10, hip=0.72, neck=0.66, neck_rise=1.36, neck_thick=0.034,
        leg=0.060, graze_neck=2.35, graze_head=-1.2, tail=(0.20, 0.15), bare=True,
        head=HeadLook(size=0.14, bill=0.09, kind="straight", bill_rgb=(0.34, 0.25, 0.17), bare=True), wing=None,
    ),
    "vulture": BirdProportions(
        torso=1.05, depth=0.60, width=0.80, tilt=0.55, hip=0.52, neck=0.42, neck_rise=1.05, neck_thick=0.075,
        leg=0.055, graze_neck=1.6, graze_head=-0.3, tail=(0.42, 0.20), ruff=True, glides=True,
        head=HeadLook(size=0.24, bill=0.14, kind="hooked", bare=True), wing=WingLook(span=2.1, chord=0.62,
            tip="fingers"),
    ),
    "raptor": BirdProportions(
        torso=1.00, depth=0.52, width=0.86, tilt=0.75, hip=0.46, neck=0.16, neck_rise=0.95, neck_thick=0.13,
        leg=0.085, graze_neck=1.3, graze_head=0.2, tail=(0.72, 0.16), legs=(0.62, 0.48, 0.06), glides=True,
        head=HeadLook(size=0.27, bill=0.13, kind="hooked", crest=0.5, pale=True), wing=WingLook(span=1.55,
            chord=0.66, tip="fingers", barred=True),
    ),
    "owl": BirdProportions(
        torso=0.98, depth=0.62, width=0.96, tilt=0.95, hip=0.34, neck=0.08, neck_rise=1.1, neck_thick=0.21,
        leg=0.085, graze_neck=1.0, graze_head=0.2, tail=(0.34, 0.17), bars=13.0, glides=True,
        head=HeadLook(size=0.46, bill=0.09, kind="hooked", face=True, eye=0.26, eye_rgb=(0.72, 0.48, 0.03)),
        wing=WingLook(span=1.80, chord=0.72, tip="round", barred=True),
    ),
    "parrot": BirdProportions(
        torso=0.92, depth=0.46, width=0.86, tilt=0.85, hip=0.50, neck=0.12, neck_rise=1.1, neck_thick=0.15,
        leg=0.060, graze_neck=1.2, graze_head=0.2, tail=(1.55, 0.10), legs=(0.10, 0.09, 0.09),
        head=HeadLook(size=0.32, bill=0.20, kind="parrot", bill_rgb=(0.72, 0.64, 0.48), face=True, eye=0.13),
        wing=WingLook(span=1.65, chord=0.58, tip="point"),
    ),
    "toucan": BirdProportions(
        torso=0.98, depth=0.50, width=0.84, tilt=0.62, hip=0.48, neck=0.16, neck_rise=0.95, neck_thick=0.16,
        leg=0.055, graze_neck=1.2, graze_head=0.0, tail=(0.75, 0.14), legs=(0.16, 0.26, 0.36),
        head=HeadLook(size=0.34, bill=0.72, kind="toucan", bill_rgb=(0.22, 0.50, 0.09), eye=0.18, eye_rgb=(0.10,
            0.34, 0.10), face=True),
        wing=WingLook(span=1.20, chord=0.56, tip="round"),
    ),
    "goose": BirdProportions(
        torso=1.18, depth=0.60, width=0.88, tilt=0.14, hip=0.42, neck=0.62, neck_rise=1.12, neck_thick=0.080,
        leg=0.070, graze_neck=2.3, graze_head=-1.0, tail=(0.26, 0.15), legs=(0.62, 0.22, 0.16),
        head=HeadLook(size=0.25, bill=0.17, kind="flat", bill_rgb=(0.66, 0.24, 0.20)),
        wing=WingLook(span=2.00, chord=0.58, tip="point"),
    ),
    "pigeon": BirdProportions(
        torso=1.18, depth=0.60, width=0.84, tilt=0.30, hip=0.40, neck=0.28, neck_rise=1.05, neck_thick=0.13,
        leg=0.060, graze_neck=1.9, graze_head=-0.5, tail=(0.62, 0.15), legs=(0.52, 0.14, 0.14), bars=2.4,
        head=HeadLook(size=0.28, bill=0.11, kind="straight", eye_rgb=(0.62, 0.20, 0.02), sheen=(0.08, 0.20, 0.16)),
        wing=WingLook(span=1.75, chord=0.60, tip="point", barred=True),
    ),
    "songbird": BirdProportions(
        torso=1.12, depth=0.68, width=0.90, tilt=0.35, hip=0.40, neck=0.10, neck_rise=0.9, neck_thick=0.20,
        leg=0.050, graze_neck=1.3, graze_head=0.1, tail=(0.72, 0.13), legs=(0.36, 0.24, 0.18),
        head=HeadLook(size=0.46, bill=0.15, kind="cone", bill_rgb=(0.05, 0.045, 0.04), bib=True),
        wing=WingLook(span=1.35, chord=0.62, tip="round", barred=True),
    ),
    "crow": BirdProportions(
        torso=1.15, depth=0.54, width=0.84, tilt=0.30, hip=0.48, neck=0.20, neck_rise=0.8, neck_thick=0.15,
        leg=0.060, graze_neck=1.6, graze_head=-0.2, tail=(0.72, 0.15),
        head=HeadLook(size=0.32, bill=0.25, kind="stout", bill_rgb=(0.018, 0.018, 0.020)),
        wing=WingLook(span=1.75, chord=0.62, tip="fingers"),
    ),
}  # fmt: skip

"""Gaits from speed: how often and how far legs step, and where each foot is. Scalar functions compiled by Numba.

Animals of different size move alike at equal Froude numbers u^2 / (g h), h the hip height: Alexander & Jayes (1983),
"A dynamic similarity hypothesis for the gaits of quadrupedal mammals", DOI 10.1111/j.1469-7998.1983.tb04266.x.
"""

import math
from typing import NamedTuple

from eco1.sensors.compiled import compiled

STANDARD_GRAVITY_MPS2 = 9.80665  # 3rd CGPM (1901)

#: Froude numbers near which walking turns into trotting, and between which trotting turns into galloping:
#: Alexander & Jayes (1983).
WALK_TO_TROT = 0.5
TROT_TO_GALLOP = (2.0, 3.0)
_STRIDE_FACTOR, _STRIDE_POWER = 2.3, 0.3  # stride / hip height = 2.3 Fr^0.3: Alexander (1976), DOI 10.1038/261129a0
_STILL_MPS = 1e-3
_SMALLEST_HIP_M = 1e-4
# Footfall order as shares of a stride, legs left fore, right fore, left hind, right hind, left and right middle. Walk:
# lateral sequence, trot: diagonal pairs, gallop: both hind then both fore, walk and trot as described by Hildebrand
# (1965), DOI 10.1126/science.150.3697.701, the gallop simplified by eye. Insects lift three feet at a time, fore and
# hind of one side with the middle one of the other.
_WALK = (0.25, 0.75, 0.0, 0.5)
_TROT = (0.5, 1.0, 0.0, 0.5)
_GALLOP = (0.55, 0.70, 0.0, 0.12)
_BIPED = (0.5, 0.0, 0.0, 0.5)
_TRIPOD = (0.0, 0.5, 0.0, 0.5, 0.5, 0.0)
_LONGEST_SWEEP = 0.95  # of hip height, what a foot can travel under its body: by eye


class Stride(NamedTuple):
    """What all feet of an animal have in common."""

    froude: float
    trot: float  # how much of a trot the gait is, 0 .. 1
    gallop: float
    duty: float  # share of a stride that a foot is on the ground
    sweep_m: float  # how far it travels under its body meanwhile
    hip_m: float


@compiled
def smooth(x: float) -> float:
    """Return x clipped to 0 .. 1 and eased at both ends."""
    x = min(max(x, 0.0), 1.0)
    return x * x * (3.0 - 2.0 * x)


@compiled
def froude(speed_mps: float, hip_height_m: float) -> float:
    """Return the Froude number u^2 / (g h)."""
    return speed_mps * speed_mps / (STANDARD_GRAVITY_MPS2 * hip_height_m)


@compiled
def stride_length_m(speed_mps: float, hip_height_m: float) -> float:
    """Return the length of one full stride: 2.3 h Fr^0.3 (Alexander 1976, DOI 10.1038/261129a0)."""
    return _STRIDE_FACTOR * hip_height_m * froude(speed_mps, hip_height_m) ** _STRIDE_POWER


@compiled
def stride_frequency_hz(speed_mps: float, hip_height_m: float) -> float:
    """Return strides per second, 0 for an animal that stands still."""
    if speed_mps <= _STILL_MPS:
        return 0.0
    return speed_mps / stride_length_m(speed_mps, max(hip_height_m, _SMALLEST_HIP_M))


@compiled
def stride_of(speed_mps: float, hip_height_m: float, gallops: bool) -> Stride:
    """Return the stride at a speed; ``gallops``: whether the animal ever leaves the walk (elephants do not)."""
    hip = max(hip_height_m, _SMALLEST_HIP_M)
    fr = froude(speed_mps, hip)
    trot = gallop = 0.0
    if gallops:
        trot = smooth((fr - 0.7 * WALK_TO_TROT) / (0.6 * WALK_TO_TROT))
        gallop = smooth((fr - TROT_TO_GALLOP[0]) / (TROT_TO_GALLOP[1] - TROT_TO_GALLOP[0]))
    duty = min(max(0.66 - 0.16 * fr / WALK_TO_TROT, 0.42), 0.66) - 0.16 * min(fr / 8.0, 1.0)  # falls with speed, by eye
    length = stride_length_m(speed_mps, hip) if speed_mps > _STILL_MPS else 0.0
    return Stride(fr, trot, gallop, duty, min(duty * length, _LONGEST_SWEEP * hip), hip)


@compiled
def footfall(stride: Stride, leg: int, biped: bool, six_legged: bool) -> float:
    """Return when in the stride a leg's foot comes down, as a share of the stride."""
    if six_legged:
        return _TRIPOD[leg]
    if biped:
        return _BIPED[leg]
    walk = _WALK[leg] * (1.0 - stride.trot) + _TROT[leg] * stride.trot
    return walk * (1.0 - stride.gallop) + _GALLOP[leg] * stride.gallop


@compiled
def foot_path(stride: Stride, phase: float, footfall_share: float) -> tuple[float, float]:
    """Return how far a foot is ahead of its hip and above the ground, m; ``phase`` counts strides made so far."""
    at = (phase + footfall_share) % 1.0
    if at < stride.duty:
        return stride.sweep_m * (0.5 - at / stride.duty), 0.0
    swing = (at - stride.duty) / (1.0 - stride.duty)
    lift = stride.hip_m * (0.07 + 0.065 * min(stride.froude, 2.0)) * min(1.0, stride.sweep_m / (0.3 * stride.hip_m))
    return stride.sweep_m * (smooth(swing) - 0.5), lift * math.sin(math.pi * swing)


@compiled
def two_bone_angles(ahead_m: float, down_m: float, upper_m: float, lower_m: float, bend: float) -> tuple[float, float]:
    """Return the angles of both bones from straight down (rad, forward positive) that put the foot where asked.

    Law of cosines; a foot out of reach is drawn towards. ``bend`` +1 puts the joint in front, -1 behind.
    """
    far = math.sqrt(ahead_m * ahead_m + down_m * down_m)
    reach = min(max(far, abs(upper_m - lower_m) * 1.02 + 1e-6), (upper_m + lower_m) * 0.999)
    line = math.atan2(ahead_m, down_m)
    at_hip = (upper_m * upper_m + reach * reach - lower_m * lower_m) / (2.0 * upper_m * reach)
    at_foot = (lower_m * lower_m + reach * reach - upper_m * upper_m) / (2.0 * lower_m * reach)
    return (
        line + bend * math.acos(min(max(at_hip, -1.0), 1.0)),
        line - bend * math.acos(min(max(at_foot, -1.0), 1.0)),
    )

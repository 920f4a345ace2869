"""Gaits from speed: how often and how far legs step, and where each foot is.

Animals of different size move alike at equal Froude numbers u^2 / (g h), h the hip height: Alexander & Jayes (1983),
"A dynamic similarity hypothesis for the gaits of quadrupedal mammals", DOI 10.1111/j.1469-7998.1983.tb04266.x.
"""

import numpy as np
from jaxtyping import Float

STANDARD_GRAVITY_MPS2 = 9.80665  # 3rd CGPM (1901)

#: Froude numbers near which walking turns into trotting, and between which trotting turns into galloping:
#: Alexander & Jayes (1983).
WALK_TO_TROT = 0.5
TROT_TO_GALLOP = (2.0, 3.0)
_STRIDE_FACTOR, _STRIDE_POWER = 2.3, 0.3  # stride / hip height = 2.3 Fr^0.3: Alexander (1976), DOI 10.1038/261129a0
# Footfall order as shares of a stride, legs left fore, right fore, left hind, right hind. Walk: lateral sequence, trot:
# diagonal pairs, gallop: both hind then both fore, walk and trot as described by Hildebrand (1965),
# DOI 10.1126/science.150.3697.701, the gallop simplified by eye.
_WALK = np.array([0.25, 0.75, 0.0, 0.5])
_TROT = np.array([0.5, 1.0, 0.0, 0.5])
_GALLOP = np.array([0.55, 0.70, 0.0, 0.12])
_LONGEST_SWEEP = 0.95  # of hip height, what a foot can travel under its body: by eye


def froude(speed_mps: Float[np.ndarray, "*b"], hip_height_m: Float[np.ndarray, "*b"]) -> Float[np.ndarray, "*b"]:
    """Return the Froude number u^2 / (g h)."""
    return speed_mps**2 / (STANDARD_GRAVITY_MPS2 * hip_height_m)


def stride_length_m(
    speed_mps: Float[np.ndarray, "*b"], hip_height_m: Float[np.ndarray, "*b"]
) -> Float[np.ndarray, "*b"]:
    """Return the length of one full stride: 2.3 h Fr^0.3 (Alexander 1976, DOI 10.1038/261129a0)."""
    return _STRIDE_FACTOR * hip_height_m * froude(speed_mps, hip_height_m) ** _STRIDE_POWER


def stride_frequency_hz(
    speed_mps: Float[np.ndarray, "*b"], hip_height_m: Float[np.ndarray, "*b"]
) -> Float[np.ndarray, "*b"]:
    """Return strides per second, 0 for an animal that stands still."""
    moving = speed_mps > 1e-3
    return np.where(moving, speed_mps / stride_length_m(np.where(moving, speed_mps, 1.0), hip_height_m), 0.0)


def gait_shares(fr: Float[np.ndarray, " n"], gallops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how much of a trot and of a gallop the gait is (each 0..1); the rest is a walk."""
    trot = _smooth((fr - 0.7 * WALK_TO_TROT) / (0.6 * WALK_TO_TROT)) * gallops
    gallop = _smooth((fr - TROT_TO_GALLOP[0]) / (TROT_TO_GALLOP[1] - TROT_TO_GALLOP[0])) * gallops
    return trot, gallop


def foot_paths(
    speed_mps: Float[np.ndarray, " n"],
    hip_height_m: Float[np.ndarray, " n"],
    phase: Float[np.ndarray, " n"],
    *,
    gallops: np.ndarray,
    biped: np.ndarray,
) -> tuple[Float[np.ndarray, "n 4"], Float[np.ndarray, "n 4"]]:
    """Return how far each foot is ahead of its hip and above the ground, in metres.

    Args:
        speed_mps: speed over the ground.
        hip_height_m: leg length.
        phase: strides made so far.
        gallops: whether the animal ever leaves the walk (elephants do not).
        biped: whether it runs on its hind legs alone.
    """
    fr = froude(speed_mps, hip_height_m)
    trot, gallop = (share[:, None] for share in gait_shares(fr, gallops))
    offsets = (_WALK * (1 - trot) + _TROT * trot) * (1 - gallop) + _GALLOP * gallop
    offsets = np.where(biped[:, None], np.array([0.5, 0.0, 0.0, 0.5]), offsets)
    duty = np.clip(0.66 - 0.16 * fr / WALK_TO_TROT, 0.42, 0.66) - 0.16 * np.clip(
        fr / 8, 0, 1
    )  # falls with speed, by eye
    sweep = np.minimum(
        duty * np.where(speed_mps > 1e-3, stride_length_m(np.maximum(speed_mps, 1e-3), hip_height_m), 0.0),
        _LONGEST_SWEEP * hip_height_m,
    )
    duty, sweep, hip = duty[:, None], sweep[:, None], hip_height_m[:, None]
    at = (phase[:, None] + offsets) % 1.0
    swing = (at - duty) / (1 - duty)
    ahead = np.where(at < duty, sweep * (0.5 - at / duty), sweep * (_smooth(swing) - 0.5))
    lift = hip * (0.07 + 0.13 * np.clip(fr, 0, 2)[:, None] / 2) * np.minimum(1.0, sweep / (0.3 * hip))
    return ahead, np.where(at < duty, 0.0, lift * np.sin(np.pi * np.clip(swing, 0, 1)))


def two_bone_angles(
    ahead_m: np.ndarray, down_m: np.ndarray, upper_m: np.ndarray, lower_m: np.ndarray, bend: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the angles of both bones from straight down (rad, forward positive) that put the foot where asked.

    Law of cosines; a foot out of reach is drawn towards. ``bend`` +1 puts the joint in front, -1 behind.
    """
    reach = np.clip(np.hypot(ahead_m, down_m), np.abs(upper_m - lower_m) * 1.02 + 1e-6, (upper_m + lower_m) * 0.999)
    line = np.arctan2(ahead_m, down_m)
    at_hip = np.arccos(np.clip((upper_m**2 + reach**2 - lower_m**2) / (2 * upper_m * reach), -1, 1))
    at_foot = np.arccos(np.clip((lower_m**2 + reach**2 - upper_m**2) / (2 * lower_m * reach), -1, 1))
    return line + bend * at_hip, line - bend * at_foot


def _smooth(x: np.ndarray) -> np.ndarray:
    clipped = np.clip(x, 0, 1)
    return clipped * clipped * (3 - 2 * clipped)

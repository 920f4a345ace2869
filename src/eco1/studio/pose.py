"""From posture, speed and stride to where every part of every animal is.

Angles are in radians about the sideways axis, positive nose-down; all animals of a scene are posed at once.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float32

from eco1.sensors.bodies.skeleton import (
    FIRST_LEG,
    FIRST_WING,
    HEAD,
    MANE,
    NECK,
    PARTS,
    TAIL,
    TORSO,
    TRUNK_LOWER,
    TRUNK_UPPER,
)
from eco1.studio.gait import foot_paths, froude, gait_shares, two_bone_angles
from eco1.studio.posture import POSTURES
from eco1.studio.rigs import RigTable

_BEND = np.array([1.0, 1.0, -1.0, -1.0])  # wrists bend forward, hocks backward
_LYING_UPPER, _LYING_LOWER = np.array([-1.05, -1.05, 1.15, 1.15]), np.array([1.45, 1.45, -1.35, -1.35])
_FLYING_UPPER, _FLYING_LOWER = -1.25, -1.65
_SITTING_FORE_UPPER, _SITTING_FORE_LOWER = 0.5, 1.1
_FLAP_HZ = 2.4  # about what a vulture of 5 kg beats in level flapping flight: by eye


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Where parts are: ``x_world = position + scale * rotation @ x_part``."""

    rotation: Float32[np.ndarray, "n p 3 3"]
    position_m: Float32[np.ndarray, "n p 3"]
    scale: Float32[np.ndarray, "n p"]


def pose(
    rigs: RigTable,
    *,
    speed_mps: Float[np.ndarray, " n"],
    phase: Float[np.ndarray, " n"],
    posture: Float[np.ndarray, "n k"],
    look_rad: Float[np.ndarray, " n"],
    time_s: float,
    seed: Float[np.ndarray, " n"],
) -> Placement:
    """Return the parts of adult bodies (N, P) in body axes: x forward, z up, origin on the ground.

    Args:
        rigs: one row of rig numbers per animal.
        speed_mps: speed over the ground, scaled to an adult of the species.
        phase: strides made so far.
        posture: amounts (N, K) of ``posture.POSTURES``.
        look_rad: how far the head is turned to the left.
        time_s: clock for idle motion (tail, ears, breath, wings).
        seed: a number in [0, 1) per animal, so that idle motion differs.
    """
    p = {name: posture[:, k].astype(float) for k, name in enumerate(POSTURES)}
    idle = time_s + 40 * seed
    torso = _torso_motion(rigs, p, speed_mps, phase)
    rotation = np.broadcast_to(np.eye(3), (len(seed), len(PARTS), 3, 3)).copy()
    position = np.zeros((len(seed), len(PARTS), 3))
    rotation[:, TORSO] = turn_y(torso.pitch)
    position[:, TORSO, 2] = torso.height
    _attach_neck_and_tail(rigs, p, torso, rotation, position, phase, look_rad, idle)
    _attach_legs(rigs, p, torso, rotation, position, speed_mps, phase)
    scale = _attach_wings(rigs, p, rotation, position, idle)
    _lay_down_dead(rigs, p["dead"], seed, rotation, position)
    return Placement(rotation=rotation.astype(np.float32), position_m=position.astype(np.float32), scale=scale)


@dataclass(frozen=True, kw_only=True)
class _TorsoMotion:
    pitch: np.ndarray
    height: np.ndarray
    gallop: np.ndarray


def _torso_motion(rigs: RigTable, p: dict[str, np.ndarray], speed: np.ndarray, phase: np.ndarray) -> _TorsoMotion:
    hip = rigs.hip_m
    _, gallop = gait_shares(froude(speed, hip), rigs.gallops)
    going = np.minimum(1.0, speed / (0.5 * np.sqrt(hip)))
    cycle = 2 * np.pi * phase
    upright = p["upright"] * rigs.sits_up
    pitch = rigs.graze_torso_rad * p["head_down"] * (1 - p["lie"]) - 1.32 * upright
    pitch = pitch + 0.085 * gallop * np.sin(cycle) + 0.45 * p["fly"] * rigs.biped
    height = rigs.pivots_m[:, TORSO, 2]
    bounce = hip * going * (0.012 * np.cos(2 * cycle) * (1 - gallop) + 0.05 * gallop * np.cos(cycle + 0.6))
    drop = 0.97 * rigs.belly_m * p["lie"] + 0.26 * hip * p["crouch"] * (1 - p["lie"]) * ~rigs.biped
    return _TorsoMotion(pitch=pitch, height=height + bounce - drop + 0.28 * rigs.torso_reach_m * upright, gallop=gallop)


def _attach_neck_and_tail(
    rigs: RigTable,
    p: dict[str, np.ndarray],
    torso: _TorsoMotion,
    rotation: np.ndarray,
    position: np.ndarray,
    phase: np.ndarray,
    look: np.ndarray,
    idle: np.ndarray,
) -> None:
    down = np.maximum(p["head_down"], 0.55 * p["curl"])
    cropping = 0.05 * down * np.sin(2.2 * idle)
    stretched = torso.gallop * 0.22 + 0.35 * p["crouch"] * (1 - down) + 0.75 * p["fly"]
    nod = 0.035 * np.sin(4 * np.pi * phase) * (1 - torso.gallop)
    neck = rigs.graze_neck_rad * down + rigs.browse_neck_rad * p["head_up"] * (1 - down) + stretched + nod + cropping
    neck = neck + 1.1 * p["upright"] * rigs.sits_up - torso.pitch * (1 - down) * 0.5
    head = rigs.graze_head_rad * down - 0.25 * p["head_up"] - 0.6 * stretched - nod
    turned = rotation[:, TORSO] @ turn_z(0.55 * look) @ turn_y(neck)
    _place(rigs, NECK, TORSO, turned, rotation, position)
    _place(rigs, MANE, NECK, turned, rotation, position)
    _place(rigs, HEAD, NECK, turned @ turn_z(0.45 * look) @ turn_y(head), rotation, position)
    hang = -(torso.pitch + neck + head) + 0.12 * np.sin(1.1 * idle) + 0.12 * np.sin(2 * np.pi * phase)
    raised = np.clip(2 * p["head_up"] - 1, 0, 1)
    trunk = rotation[:, HEAD] @ turn_y(hang - 1.9 * raised + 0.25 * p["head_down"])
    _place(rigs, TRUNK_UPPER, HEAD, trunk, rotation, position)
    curl = 0.25 * np.sin(0.9 * idle + 1) - 0.9 * raised + 0.9 * p["head_down"] * (0.5 + 0.5 * np.sin(0.8 * idle))
    _place(rigs, TRUNK_LOWER, TRUNK_UPPER, trunk @ turn_y(curl), rotation, position)
    swish = 0.35 * np.sin(2.1 * idle) * np.clip(np.sin(0.37 * idle) + 0.4, 0, 1)
    lift = 0.75 * torso.gallop - 0.3 * p["crouch"] + 0.8 * p["upright"] * rigs.sits_up - 0.5 * p["fly"] + 0.6 * p["lie"]
    _place(rigs, TAIL, TORSO, rotation[:, TORSO] @ turn_z(swish) @ turn_y(lift), rotation, position)


def _place(
    rigs: RigTable, part: int, parent: int, turned: np.ndarray, rotation: np.ndarray, position: np.ndarray
) -> None:
    rotation[:, part] = turned
    position[:, part] = position[:, parent] + np.einsum("nij,nj->ni", rotation[:, parent], rigs.pivots_m[:, part])


def _attach_legs(
    rigs: RigTable,
    p: dict[str, np.ndarray],
    torso: _TorsoMotion,
    rotation: np.ndarray,
    position: np.ndarray,
    speed: np.ndarray,
    phase: np.ndarray,
) -> None:
    ahead, lift = foot_paths(speed, rigs.hip_m, phase, gallops=rigs.gallops, biped=rigs.biped)
    rest = rigs.pivots_m[:, FIRST_LEG : FIRST_LEG + 8 : 2]
    hips = position[:, TORSO, None] + np.einsum("nij,nlj->nli", rotation[:, TORSO], rest)
    foot_x = rest[..., 0] + ahead
    foot_x[:, 2:] = np.where(
        (p["upright"] * rigs.sits_up > 0.5)[:, None], hips[:, 2:, 0] + 0.02 * rigs.hip_m[:, None], foot_x[:, 2:]
    )
    upper, lower = two_bone_angles(foot_x - hips[..., 0], hips[..., 2] - lift, rigs.upper_m, rigs.lower_m, _BEND)
    lie, fly, sit = (
        p["lie"][:, None],
        p["fly"][:, None],
        (p["upright"] * rigs.sits_up)[:, None] * np.array([1, 1, 0, 0]),
    )
    upper = upper + lie * (_LYING_UPPER - upper) + fly * (_FLYING_UPPER - upper) + sit * (_SITTING_FORE_UPPER - upper)
    lower = lower + lie * (_LYING_LOWER - lower) + fly * (_FLYING_LOWER - lower) + sit * (_SITTING_FORE_LOWER - lower)
    knees = hips + rigs.upper_m[..., None] * np.stack([np.sin(upper), np.zeros_like(upper), -np.cos(upper)], -1)
    for leg in range(4):
        rotation[:, FIRST_LEG + 2 * leg], position[:, FIRST_LEG + 2 * leg] = turn_y(-upper[:, leg]), hips[:, leg]
        rotation[:, FIRST_LEG + 2 * leg + 1], position[:, FIRST_LEG + 2 * leg + 1] = (
            turn_y(-lower[:, leg]),
            knees[:, leg],
        )


def _attach_wings(
    rigs: RigTable, p: dict[str, np.ndarray], rotation: np.ndarray, position: np.ndarray, idle: np.ndarray
) -> Float32[np.ndarray, "n p"]:
    beat = p["flap"] * 0.65 * np.sin(2 * np.pi * _FLAP_HZ * idle)
    late = p["flap"] * 0.65 * np.sin(2 * np.pi * _FLAP_HZ * idle - 0.9)
    level = turn_y(-0.45 * p["fly"])  # wings stay level while the body tips forward
    for side, first in ((1.0, FIRST_WING), (-1.0, FIRST_WING + 2)):
        inner = rotation[:, TORSO] @ level @ turn_x(side * (0.13 + beat))
        _place(rigs, first, TORSO, inner, rotation, position)
        _place(rigs, first + 1, first, inner @ turn_x(side * (0.10 + 0.7 * late - 0.5 * beat)), rotation, position)
    scale = np.ones((len(idle), len(PARTS)), np.float32)
    scale[:, FIRST_WING:] = np.clip(p["fly"], 0.0, 1.0)[:, None]
    return scale


def _lay_down_dead(
    rigs: RigTable, dead: np.ndarray, seed: np.ndarray, rotation: np.ndarray, position: np.ndarray
) -> None:
    roll = turn_x(dead * np.where(seed < 0.5, 1.45, -1.45))
    center = np.zeros((len(dead), 1, 3))
    center[:, 0, 2] = rigs.pivots_m[:, TORSO, 2]
    rested = center.copy()
    rested[:, 0, 2] += dead * (rigs.half_width_m - rigs.pivots_m[:, TORSO, 2])
    position[:] = np.einsum("nij,npj->npi", roll, position - center) + rested
    rotation[:] = roll[:, None] @ rotation


def turn_x(angle: np.ndarray) -> np.ndarray:
    """Return rotations about x (N, 3, 3)."""
    return _turn(angle, 1, 2)


def turn_y(angle: np.ndarray) -> np.ndarray:
    """Return rotations about y (N, 3, 3); positive takes forward to down."""
    return _turn(angle, 2, 0)


def turn_z(angle: np.ndarray) -> np.ndarray:
    """Return rotations about z (N, 3, 3)."""
    return _turn(angle, 0, 1)


def _turn(angle: np.ndarray, first: int, second: int) -> np.ndarray:
    matrix = np.broadcast_to(np.eye(3), (*angle.shape, 3, 3)).copy()
    cos, sin = np.cos(angle), np.sin(angle)
    matrix[..., first, first] = matrix[..., second, second] = cos
    matrix[..., first, second], matrix[..., second, first] = -sin, sin
    return matrix

"""Where a camera is, how it moves and what that comes to as numbers for a network.

A motion is six numbers: a shift along the camera's own right, up and forward, and a rotation vector about them. A state
is three: speed, height and pitch.

Shape letters: *b any leading axes.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.senses import CameraMotion, Frames

MOTION, STATE = 6, 3
# What counts as about 1: our choice, from cameras that follow animals at ten frames a second.
_MOTION_SCALE = (0.5, 0.5, 0.5, 0.1, 0.1, 0.1)  # m a step, rad a step
_STATE_SCALE = (5.0, 10.0, 0.5)  # m/s, m, rad
_TINY = 1e-6


@dataclass(frozen=True, kw_only=True)
class Pose:
    """Where a camera is; the rows of ``axes`` are its right, up and forward in world axes."""

    eye_m: Float[Tensor, "*b 3"]
    axes: Float[Tensor, "*b 3 3"]

    def motion_to(self, later: "Pose") -> Float[Tensor, "*b 6"]:
        """Return how the camera came from here to another pose."""
        shift = (self.axes @ (later.eye_m - self.eye_m)[..., None])[..., 0]
        return torch.cat([shift, rotation_vector(later.axes @ self.axes.mT)], dim=-1)

    def after(self, motion: Float[Tensor, "*b 6"]) -> "Pose":
        """Return the pose after a motion."""
        shift = (self.axes.mT @ motion[..., :3, None])[..., 0]
        return Pose(eye_m=self.eye_m + shift, axes=torch.matrix_exp(_crossed(motion[..., 3:])) @ self.axes)

    def state(self, made: Float[Tensor, "*b 6"], dt_s: float) -> Float[Tensor, "*b 3"]:
        """Return speed (m/s), height above the world's zero (m) and pitch (rad) here, after the motion ``made``."""
        speed = made[..., :3].norm(dim=-1) / dt_s
        return torch.stack([speed, self.eye_m[..., 2], self.axes[..., 2, 2].clamp(-1.0, 1.0).asin()], dim=-1)


def pose_of(frames: Frames, device: torch.device) -> Pose:
    """Return where the camera was when it took these frames."""
    return Pose(eye_m=torch.as_tensor(frames.eye_m, device=device), axes=torch.as_tensor(frames.axes, device=device))


def motion_of(motion: CameraMotion, device: torch.device) -> Float[Tensor, "*b 6"]:
    """Return a motion as tensor."""
    parts = (motion.shift_m, motion.turn_rad)
    return torch.cat([torch.as_tensor(part, device=device, dtype=torch.float32) for part in parts], dim=-1)


def told(values: Float[Tensor, "*b k"]) -> Float[Tensor, "*b k"]:
    """Return a motion or a state as a network is told: of order 1, and not huge where a film cuts."""
    scale = _MOTION_SCALE if values.shape[-1] == MOTION else _STATE_SCALE
    return (values / values.new_tensor(scale)).asinh()


def rotation_vector(rotation: Float[Tensor, "*b 3 3"]) -> Float[Tensor, "*b 3"]:
    """Return axis times angle (rad) of a rotation of less than half a turn: the inverse of Rodrigues' formula."""
    off = rotation - rotation.mT
    sine_axis = torch.stack([off[..., 2, 1], off[..., 0, 2], off[..., 1, 0]], dim=-1) / 2.0
    sine = sine_axis.norm(dim=-1, keepdim=True)
    cosine = (rotation.diagonal(dim1=-2, dim2=-1).sum(-1, keepdim=True) - 1.0) / 2.0
    angle = torch.atan2(sine, cosine)
    return sine_axis * torch.where(sine > _TINY, angle / sine.clamp_min(_TINY), 1.0)


def _crossed(vector: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 3 3"]:
    """Return the matrix whose product with a second vector is their cross product."""
    x, y, z = vector.unbind(-1)
    none = torch.zeros_like(x)
    rows = ((none, -z, y), (z, none, -x), (-y, x, none))
    return torch.stack([torch.stack(row, dim=-1) for row in rows], dim=-2)

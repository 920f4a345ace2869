"""What a camera's model keeps in mind.

Shape letters: b cameras, t frames, n patches, d width.
"""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from eco1.core.errors import ConfigError
from eco1.models.jepa.acting.camera import MOTION, STATE, Pose


@dataclass(frozen=True, kw_only=True)
class CameraMemory:
    """The last frames, seen or imagined, and how the camera moved after each; the last has not moved yet (0)."""

    latents: Float[Tensor, "b t n d"]
    motion: Float[Tensor, "b t 6"]
    state: Float[Tensor, "b t 3"]
    seen: Bool[Tensor, "b t"]
    pose: Pose

    @property
    def empty(self) -> bool:
        """Return whether nothing was seen yet."""
        return self.latents.shape[1] == 0

    def moved(self, motion: Float[Tensor, "b 6"]) -> "CameraMemory":
        """Return the memory with what the camera does after its last frame, if there is one."""
        if self.empty:
            return self
        return replace(self, motion=torch.cat([self.motion[:, :-1], motion[:, None]], dim=1))

    def forgotten(self, anew: Bool[Tensor, " b"]) -> "CameraMemory":
        """Return the memory of cameras of which some begin anew."""
        return replace(self, seen=self.seen & ~anew[:, None])

    def last_motion(self) -> Float[Tensor, "b 6"]:
        """Return how the camera came to its last frame; 0 where nothing before it is known."""
        if self.motion.shape[1] < 2:
            return torch.zeros_like(self.motion[:, -1])
        return self.motion[:, -2] * self.seen[:, -2, None]

    def with_frame(
        self, latents: Float[Tensor, "b n d"], state: Float[Tensor, "b 3"], pose: Pose, most: int
    ) -> "CameraMemory":
        """Return the memory with one more frame, and the oldest left out when there are too many."""
        none, here = self.motion.new_zeros(state.shape[0], 1, MOTION), self.seen.new_ones(state.shape[0], 1)
        return CameraMemory(
            latents=torch.cat([self.latents, latents[:, None]], dim=1)[:, -most:],
            motion=torch.cat([self.motion, none], dim=1)[:, -most:],
            state=torch.cat([self.state, state[:, None]], dim=1)[:, -most:],
            seen=torch.cat([self.seen, here], dim=1)[:, -most:],
            pose=pose,
        )


def empty_memory(batch: int, patches: int, width: int, device: torch.device) -> CameraMemory:
    """Return the memory of cameras that have seen nothing.

    Raises:
        ConfigError: when there is no camera.
    """
    if batch < 1:
        raise ConfigError(f"A memory of {batch} cameras holds nothing; allowed: 1 or more.")
    return CameraMemory(
        latents=torch.zeros(batch, 0, patches, width, device=device),
        motion=torch.zeros(batch, 0, MOTION, device=device),
        state=torch.zeros(batch, 0, STATE, device=device),
        seen=torch.zeros(batch, 0, dtype=torch.bool, device=device),
        pose=Pose(eye_m=torch.zeros(batch, 3, device=device), axes=torch.eye(3, device=device).expand(batch, 3, 3)),
    )

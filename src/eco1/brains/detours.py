"""Lead animals astray now and then, so that recordings show how they find back.

A model that has only seen animals on their way takes the way they went for the reason to go on: alone in a world, it
drifts off and never turns back (causal confusion, de Haan et al. 2019, arXiv 1905.11979). Recoveries in the training
data are the known cure: DART, Laskey et al. (2017), arXiv 1703.09327. A detour lasts up to several seconds, longer than
a model's memory, so that only what the animal sees (water, its herd) can tell where it ought to go. Then the animal is
let go, and in half of the detours now and then for a step, as DAgger's mixed policy does (Ross et al. 2011, arXiv
1011.0686): each time it shows where it would rather go.

Shape letters: W worlds, N animals.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float32

from eco1.core.angles import wrap
from eco1.core.records import Action, Observation

_STANDING_MPS = 0.1
# All our own choice: long enough to outlast three seconds of memory, mild enough to stay within what animals do.
_LASTS_S = (0.5, 6.0)
_GRIPS = (1.0, 0.7)  # share of the steps of a detour in which the animal is held, one or the other
_TURN_RAD = 1.0  # standard deviation of how far a detour leads off the way
_SPEED_LOG = 0.15  # and of the logarithm of its speed over the present one
_EASE_PER_S = 2.5
_FASTEST_TURN_RAD_PER_S = 1.5
_GAIN_MPS2 = 3.0


@dataclass(frozen=True, kw_only=True)
class Detours:
    """Each animal's detour: the time that is left of it (0 s: none), how firmly it is held, where to and how fast."""

    left_s: Float32[np.ndarray, "w n"]
    grip: Float32[np.ndarray, "w n"]
    course_rad: Float32[np.ndarray, "w n"]
    speed_mps: Float32[np.ndarray, "w n"]


@dataclass(frozen=True, kw_only=True)
class DetourBrain:
    """Takes hold of every moving animal ``per_minute`` times a minute and leaves the others alone."""

    per_minute: float
    dt_s: float = 0.1

    def initial(self, batch: int) -> Detours | None:
        """Return the memory before any detour."""
        return None

    def act(
        self, memory: Detours | None, observation: Observation, generator: torch.Generator | None
    ) -> tuple[Detours, Action]:
        """Return what the animals on a detour do next; without a generator none begins and none is let go."""
        velocity = observation.velocity_mps
        speed = np.linalg.norm(velocity[..., :2], axis=-1)
        moving = observation.alive & (speed > _STANDING_MPS)
        none = np.zeros_like(speed)
        detours = memory or Detours(left_s=none, grip=none, course_rad=none, speed_mps=none)
        held = moving
        if generator is not None:
            detours = self._begin(detours, moving, observation.heading_rad, speed, generator)
            held = moving & (torch.rand(moving.shape, generator=generator).numpy() < detours.grip)
        away = wrap(detours.course_rad - observation.heading_rad)
        most = _FASTEST_TURN_RAD_PER_S * self.dt_s
        course = observation.heading_rad + np.clip(away * _EASE_PER_S * self.dt_s, -most, most)
        gain = _GAIN_MPS2 * self.dt_s
        speed = speed + np.clip(detours.speed_mps - speed, -gain, gain)
        wish = np.stack([speed * np.cos(course), speed * np.sin(course), velocity[..., 2]], axis=-1)
        led = held & (detours.left_s > 0)
        action = Action(
            velocity_mps=np.where(led[..., None], wish, 0).astype(np.float32),
            behavior=observation.behavior,
            controlled=led,
        )
        left = np.where(moving, detours.left_s - np.float32(self.dt_s), 0).clip(min=0).astype(np.float32)
        return replace(detours, left_s=left), action

    def _begin(
        self, detours: Detours, moving: np.ndarray, heading: np.ndarray, speed: np.ndarray, generator: torch.Generator
    ) -> Detours:
        shape = speed.shape
        chance, share, firmly = (torch.rand(shape, generator=generator).numpy() for _ in range(3))
        aside, faster = (torch.randn(shape, generator=generator).numpy() for _ in range(2))
        begins = moving & (detours.left_s <= 0) & (chance < self.per_minute / 60 * self.dt_s)
        shortest, longest = _LASTS_S
        return Detours(
            left_s=np.where(begins, shortest * (longest / shortest) ** share, detours.left_s),
            grip=np.where(begins, np.where(firmly < 0.5, *_GRIPS), detours.grip).astype(np.float32),
            course_rad=np.where(begins, heading + _TURN_RAD * aside, detours.course_rad),
            speed_mps=np.where(begins, speed * np.exp(_SPEED_LOG * faster), detours.speed_mps),
        )

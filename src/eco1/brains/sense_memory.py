"""What a brain that lives by senses keeps: the frames perceived last, and what it decided.

Shape letters: W worlds, N animals.
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Int64

from eco1.brains.wishing import Wishes
from eco1.core.records import Action, Observation
from eco1.core.senses import SensedObservation
from eco1.sensors.scene import CURRENT_CHANNELS


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What animals wish for the moment to come, whose wishes these are, and for whom they were decided."""

    wishes: Wishes
    identity: Int64[np.ndarray, "w n"]
    controlled: Bool[np.ndarray, "w n"]


@dataclass(frozen=True, kw_only=True)
class SenseMemory:
    """The frames (W, N) perceived last, oldest first, how many there were in all, and what was decided last."""

    frames: tuple[SensedObservation, ...] = ()
    count: int = 0
    decision: Decision | None = None

    def held(self, observation: Observation, frame: int) -> Action:
        """Return what was decided last, for those who are still there; all others decide for themselves.

        Velocities are those in the medium that carries animals along.

        Args:
            observation: this frame (W, N).
            frame: how many frames ago it was decided.
        """
        if self.decision is None:
            nobody: Bool[np.ndarray, "w n"] = np.zeros_like(observation.alive)
            return Action(
                velocity_mps=np.zeros_like(observation.velocity_mps), behavior=observation.behavior, controlled=nobody
            )
        decided, wishes = self.decision, self.decision.wishes
        controlled = decided.controlled & observation.alive & (decided.identity == observation.identity)
        return Action(
            velocity_mps=np.where(controlled[..., None], wishes.velocity_mps(frame, observation), np.float32(0)),
            behavior=np.where(controlled, wishes.behavior, observation.behavior).astype(np.int16),
            controlled=controlled,
        )


def carried(action: Action, observation: Observation) -> Action:
    """Return velocities in the medium as those over ground, of those who are driven."""
    current = np.nan_to_num(observation.surroundings[..., CURRENT_CHANNELS])
    current = np.pad(current, [(0, 0)] * (current.ndim - 1) + [(0, 1)]) * action.controlled[..., None]
    return replace(action, velocity_mps=action.velocity_mps + current)

"""What a brain that lives by senses keeps: the frames perceived last, and what it decided.

Shape letters: W worlds, N animals.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int64

from eco1.brains.wishing import bent
from eco1.core.records import Action, Observation
from eco1.core.senses import SensedObservation


@dataclass(frozen=True, kw_only=True)
class SenseMemory:
    """The frames (W, N) perceived last, oldest first, how many there were in all, and what was decided last.

    ``identity`` says whom the decision is for, ``bend_rad`` (W, N) how far paths bend to either side of it, and ``age``
    how many frames ago it was made.
    """

    frames: tuple[SensedObservation, ...] = ()
    count: int = 0
    action: Action | None = None
    identity: Int64[np.ndarray, "w n"] | None = None
    bend_rad: Float32[np.ndarray, "w n"] | None = None
    age: int = 0

    def held(self, observation: Observation, frames: int) -> Action:
        """Return what was decided last, for those who are still there; all others decide for themselves.

        Args:
            observation: this frame (W, N).
            frames: for which a decision holds.
        """
        if self.action is None or self.identity is None or self.bend_rad is None:
            nobody: Bool[np.ndarray, "w n"] = np.zeros_like(observation.alive)
            return Action(
                velocity_mps=np.zeros_like(observation.velocity_mps), behavior=observation.behavior, controlled=nobody
            )
        controlled = self.action.controlled & observation.alive & (self.identity == observation.identity)
        velocity = bent(self.action.velocity_mps, self.bend_rad, (self.age + 0.5) / frames)
        return Action(
            velocity_mps=np.where(controlled[..., None], velocity, np.float32(0)),
            behavior=np.where(controlled, self.action.behavior, observation.behavior),
            controlled=controlled,
        )

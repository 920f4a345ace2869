"""What a brain that lives by senses keeps: the frames perceived last, and what it decided.

Shape letters: W worlds, N animals.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Int64

from eco1.brains.wishing import bent
from eco1.core.records import Action, Observation
from eco1.core.senses import SensedObservation
from eco1.sensors.scene import CURRENT_CHANNELS


@dataclass(frozen=True, kw_only=True)
class SenseMemory:
    """The frames (W, N) perceived last, oldest first, how many there were in all, and what was decided last.

    Its velocities are told in the medium. ``identity`` says whom the decision is for, and ``bend_rad`` (W, N) how far
    paths bend to either side of it.
    """

    frames: tuple[SensedObservation, ...] = ()
    count: int = 0
    action: Action | None = None
    identity: Int64[np.ndarray, "w n"] | None = None
    bend_rad: Float32[np.ndarray, "w n"] | None = None

    def held(self, observation: Observation, share: float) -> Action:
        """Return what was decided last, for those who are still there; all others decide for themselves.

        Args:
            observation: this frame (W, N).
            share: of the time for which the decision holds that is over.
        """
        if self.action is None or self.identity is None or self.bend_rad is None:
            nobody: Bool[np.ndarray, "w n"] = np.zeros_like(observation.alive)
            return Action(
                velocity_mps=np.zeros_like(observation.velocity_mps), behavior=observation.behavior, controlled=nobody
            )
        controlled = self.action.controlled & observation.alive & (self.identity == observation.identity)
        velocity = bent(self.action.velocity_mps, self.bend_rad, share) + _current_mps(observation)
        return Action(
            velocity_mps=np.where(controlled[..., None], velocity, np.float32(0)),
            behavior=np.where(controlled, self.action.behavior, observation.behavior),
            controlled=controlled,
        )


def _current_mps(observation: Observation) -> Float32[np.ndarray, "w n 3"]:
    """Return what carries animals along, whatever they wish."""
    flat = np.nan_to_num(observation.surroundings[..., CURRENT_CHANNELS])
    return np.concatenate([flat, np.zeros_like(flat[..., :1])], -1)

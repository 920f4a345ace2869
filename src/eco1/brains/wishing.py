"""From what a model expects of animals to what they wish: a behaviour, a velocity, and the bend of their path.

Shape letters: W worlds, N animals.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Generator, Tensor

from eco1.core.angles import wrap
from eco1.core.records import Observation
from eco1.models.multimodal.behavior import ActionHead, Expected, NextAction, velocity_mps
from eco1.models.nn.qwen3 import GREEDY, Sampling

_MOST_BEND_RAD = 0.5  # whoever turns by more turns at once, and bends no further: by eye


@dataclass(frozen=True, kw_only=True)
class Wisher:
    """Draws wishes from what is expected; without a generator it takes the likeliest."""

    head: ActionHead
    sampling: Sampling

    def wishes(
        self, guess: Expected, last: Observation, followed: Int64[np.ndarray, " w"], generator: Generator | None
    ) -> tuple[Float32[np.ndarray, "w n 3"], Int64[np.ndarray, "w n"]]:
        """Return velocities in world axes and behaviours: of whom is ``followed`` (-1: nobody), and of all expected.

        Velocities are those in the medium that carries animals along.
        """
        worlds, at = np.arange(len(followed)), followed.clip(0)
        velocity, behavior = np.zeros((*last.alive.shape, 3), np.float32), np.zeros(last.alive.shape, np.int64)
        if guess.animals is not None:
            velocity, behavior = self._wish(guess.animals, last.behavior, last.heading_rad, generator)
        now, heading = last.behavior[worlds, at], last.heading_rad[worlds, at]
        mine = worlds[followed >= 0]
        velocity_of_it, behavior_of_it = self._wish(guess.itself, now, heading, generator)
        velocity[mine, at[mine]], behavior[mine, at[mine]] = velocity_of_it[mine], behavior_of_it[mine]
        return velocity, behavior

    def _wish(
        self, guess: NextAction, now: np.ndarray, heading_rad: np.ndarray, generator: Generator | None
    ) -> tuple[np.ndarray, np.ndarray]:
        device = guess.behavior.device
        known = torch.as_tensor(now, device=device).long()
        behavior = self._drawn(self.head.as_often(guess.behavior.float(), known), generator)
        assert guess.told is not None  # only what is expected at sight alone comes without
        moves = self.head.moves(guess.told, behavior)
        likeliest = torch.where((moves.stands > 0)[..., None], 0.0, guess.velocity)
        velocity = likeliest if generator is None else moves.drawn(generator)
        wish = velocity_mps(velocity, torch.as_tensor(heading_rad, device=device))
        return wish.cpu().numpy(), behavior.cpu().numpy()

    def _drawn(self, logits: Tensor, generator: Generator | None) -> Tensor:
        rows = logits.flatten(0, -2)
        rows = rows if generator is None else rows.to(generator.device)
        sampling = GREEDY if generator is None else self.sampling
        return sampling.draw(rows, generator).unflatten(0, logits.shape[:-1]).to(logits.device)


def bends(velocity_mps: Float32[np.ndarray, "w n 3"], heading_rad: Float32[np.ndarray, "w n"]) -> np.ndarray:
    """Return how far paths bend to either side of their mean direction (W, N).

    An animal does not turn at once into the direction that is the mean of a moment, it turns all along.
    """
    direction = np.arctan2(velocity_mps[..., 1], velocity_mps[..., 0])
    return np.clip(wrap(direction - heading_rad), -_MOST_BEND_RAD, _MOST_BEND_RAD).astype(np.float32)


def bent(velocity_mps: Float32[np.ndarray, "w n 3"], bend_rad: np.ndarray, share: float) -> np.ndarray:
    """Return velocities at a share of the moment (0 to 1), whose mean over it is the one given."""
    angle = bend_rad * (2 * share - 1)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y, z = np.moveaxis(velocity_mps, -1, 0)
    return np.stack([cos * x - sin * y, sin * x + cos * y, z], -1).astype(np.float32)

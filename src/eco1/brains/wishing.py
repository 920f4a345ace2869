"""From what a model expects of animals to what they wish: a behaviour, and the steps of the moment to come.

Shape letters: W worlds, N animals, F frames of a moment.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Generator, Tensor

from eco1.core.records import ArrayRecord, Observation
from eco1.models.multimodal.behavior import ActionHead, Expected, NextAction
from eco1.models.multimodal.steps import Steps, velocity_of
from eco1.models.nn.qwen3 import GREEDY, Sampling


@dataclass(frozen=True, kw_only=True)
class Wishes(ArrayRecord):
    """What animals are to do in the moment to come, and their steps: ways as in ``MoveHead``, and who stands."""

    behavior: Int64[np.ndarray, "*b"]
    way: Float32[np.ndarray, "*b f 3"]
    stands: np.ndarray

    def velocity_mps(self, frame: int, now: Observation) -> Float32[np.ndarray, "*b 3"]:
        """Return what they wish for in one frame of the moment, in world axes, in the medium that carries them."""
        steps = Steps(way=torch.from_numpy(self.way[..., frame, :]), stands=torch.from_numpy(self.stands[..., frame]))
        return velocity_of(steps, torch.from_numpy(now.heading_rad), torch.from_numpy(now.body_length_m)).numpy()


@dataclass(frozen=True, kw_only=True)
class Wisher:
    """Draws wishes from what is expected; without a generator it takes the likeliest."""

    head: ActionHead
    sampling: Sampling

    def wishes(
        self, guess: Expected, last: Observation, followed: Int64[np.ndarray, " w"], generator: Generator | None
    ) -> Wishes:
        """Return the wishes (W, N) of whom is ``followed`` (-1: nobody), and of all of whom something is expected."""
        worlds, at = np.arange(len(followed)), followed.clip(0)
        itself = self._wish(guess.itself, last.behavior[worlds, at], generator)
        if guess.animals is None:
            return itself.map(lambda one: np.repeat(one[:, None], last.alive.shape[1], axis=1))
        everyone = self._wish(guess.animals, last.behavior, generator)
        mine = np.arange(last.alive.shape[1]) == followed[:, None]
        return Wishes(**{name: _either(mine, one[:, None], vars(everyone)[name]) for name, one in vars(itself).items()})

    def _wish(self, guess: NextAction, now: np.ndarray, generator: Generator | None) -> Wishes:
        known = torch.as_tensor(now, device=guess.behavior.device).long()
        behavior = self._drawn(self.head.as_often(guess.behavior.float(), known), generator)
        assert guess.told is not None  # only what is expected at sight alone comes without
        steps = self.head.moves.drawn(guess.told, behavior, generator)
        return Wishes(
            behavior=behavior.cpu().numpy(), way=steps.way.float().cpu().numpy(), stands=steps.stands.cpu().numpy()
        )

    def _drawn(self, logits: Tensor, generator: Generator | None) -> Tensor:
        rows = logits.flatten(0, -2)
        rows = rows if generator is None else rows.to(generator.device)
        sampling = GREEDY if generator is None else self.sampling
        return sampling.draw(rows, generator).unflatten(0, logits.shape[:-1]).to(logits.device)


def _either(mine: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return one where an animal (W, N) is mine, else the other (W, N, ...)."""
    return np.where(mine.reshape(*mine.shape, *(1,) * (other.ndim - mine.ndim)), one, other)

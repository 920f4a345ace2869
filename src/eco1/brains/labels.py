"""What a baseline says it is doing. Baselines move without a reason, so their behaviour is a rule beside the motion."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float64, Int16

from eco1.core.errors import ConfigError
from eco1.core.records import Episode, Observation


@runtime_checkable
class BehaviorRule(Protocol):
    """Names the next behaviour of every animal without looking at its motion."""

    def next_behavior(self, observation: Observation, generator: torch.Generator | None) -> Int16[np.ndarray, "w n"]:
        """Return the next behaviour of every animal."""
        ...


@dataclass(frozen=True, kw_only=True)
class KeepBehavior:
    """Everybody goes on with what it does."""

    def next_behavior(self, observation: Observation, generator: torch.Generator | None) -> Int16[np.ndarray, "w n"]:
        """Return the present behaviour."""
        return observation.behavior


@dataclass(frozen=True, kw_only=True)
class MarkovBehavior:
    """A first-order chain for each species: ``transition[p, i, j]`` is the chance that j is seen one frame after i."""

    transition: Float64[np.ndarray, "p c c"]

    def next_behavior(self, observation: Observation, generator: torch.Generator | None) -> Int16[np.ndarray, "w n"]:
        """Return a draw from the chain; without a generator the likeliest."""
        species = np.clip(observation.species, 0, self.transition.shape[0] - 1)
        chances = self.transition[species, np.clip(observation.behavior, 0, self.transition.shape[1] - 1)]
        if generator is None:
            return chances.argmax(-1).astype(np.int16)
        draw = (
            torch.rand(species.shape, generator=generator, device=generator.device, dtype=torch.float64).cpu().numpy()
        )
        chosen = (chances.cumsum(-1) < draw[..., None]).sum(-1)
        return np.minimum(chosen, chances.shape[-1] - 1).astype(np.int16)


def fit_markov_behavior(episodes: Iterable[Episode]) -> MarkovBehavior:
    """Count what follows what, frame by frame, in recordings; what was never seen stays as it is.

    Raises:
        ConfigError: when there is no episode.
    """
    counts: np.ndarray | None = None
    for episode in episodes:
        if counts is None:
            behaviors = len(episode.info.behavior_names)
            counts = np.zeros((len(episode.info.species_names), behaviors, behaviors))
        seen = episode.observation
        same = seen.alive[1:] & seen.alive[:-1] & (seen.identity[1:] == seen.identity[:-1])
        same &= (seen.behavior[1:] >= 0) & (seen.behavior[:-1] >= 0)
        np.add.at(counts, (seen.species[:-1][same], seen.behavior[:-1][same], seen.behavior[1:][same]), 1)
    if counts is None:
        raise ConfigError("No episode to count behaviours in. Record some first. See: eco1 record --help")
    never = counts.sum(-1) == 0
    counts[never] = np.eye(counts.shape[-1])[np.nonzero(never)[1]]
    return MarkovBehavior(transition=counts / counts.sum(-1, keepdims=True))

"""Brains that any model has to beat in closed loop. Shape letters: W worlds, N animals, T frames."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace

import numpy as np
import torch
from jaxtyping import Float64

from eco1.brains.labels import BehaviorRule, KeepBehavior
from eco1.core.errors import ConfigError
from eco1.core.protocols import Forecaster
from eco1.core.records import Action, Clip, Episode, Observation


@dataclass(frozen=True, kw_only=True)
class ForecasterBrain:
    """Goes each step where a forecaster expects the animal to be: any baseline of open-loop motion, in closed loop.

    Its memory is the last ``frames`` scenes, oldest first. Where an animal was not yet there, it is taken to have come
    straight at its present velocity, so that the forecaster meets a whole history from the first decision on.
    """

    forecaster: Forecaster
    frames: int
    dt_s: float = 0.1
    labels: BehaviorRule = field(default_factory=KeepBehavior)

    def initial(self, batch: int) -> tuple[Observation, ...]:
        """Return the empty memory."""
        return ()

    def act(
        self, memory: tuple[Observation, ...], observation: Observation, generator: torch.Generator | None
    ) -> tuple[tuple[Observation, ...], Action]:
        """Return the velocity that leads to the expected next position."""
        memory = (*memory, observation)[-self.frames :]
        padded = (memory[0],) * (self.frames - len(memory)) + memory
        ages = range(len(padded) - 1, -1, -1)
        scenes = [
            _as_if_here(scene, observation, age * self.dt_s, known=age < len(memory))
            for age, scene in zip(ages, padded, strict=True)
        ]
        worlds = len(observation.alive)
        history = Clip(observation=Observation.stack(scenes, axis=1), dt_s=np.full(worlds, self.dt_s, np.float32))
        step = self.forecaster.forecast(history, 1)[:, 0] - observation.position_m
        return memory, _action(step / np.float32(self.dt_s), observation, self.labels, generator)


@dataclass(frozen=True, kw_only=True)
class WanderingBrain:
    """Velocity that dies away and is kicked at random: ``v' = kept v + kick xi``, with one pair for each species.

    The Ornstein-Uhlenbeck process (Uhlenbeck & Ornstein 1930, DOI 10.1103/PhysRev.36.823) at the frame rate; ``kick``
    is in m/s, along each horizontal axis. The simplest baseline that moves for ever. It remembers nothing.
    """

    kept: Float64[np.ndarray, " p"]
    kick_mps: Float64[np.ndarray, " p"]
    labels: BehaviorRule = field(default_factory=KeepBehavior)

    def initial(self, batch: int) -> None:
        """Return the memory: nothing."""
        return

    def act(self, memory: None, observation: Observation, generator: torch.Generator | None) -> tuple[None, Action]:
        """Return the next velocity; without a generator it is not kicked."""
        species = np.clip(observation.species, 0, len(self.kept) - 1)
        velocity = self.kept[species][..., None] * observation.velocity_mps
        if generator is not None:
            kick = torch.randn((*species.shape, 2), generator=generator, device=generator.device).cpu().numpy()
            velocity[..., :2] += self.kick_mps[species][..., None] * kick
        return None, _action(velocity, observation, self.labels, generator)


def fit_wandering(episodes: Iterable[Episode], labels: BehaviorRule | None = None) -> WanderingBrain:
    """Fit by least squares, species by species, from one frame of recordings to the next.

    Raises:
        ConfigError: when there is no episode.
    """
    moments: np.ndarray | None = None  # per species: v.v, v.v', v'.v', number of horizontal components
    for episode in episodes:
        if moments is None:
            moments = np.zeros((len(episode.info.species_names), 4))
        seen = episode.observation
        same = seen.alive[1:] & seen.alive[:-1] & (seen.identity[1:] == seen.identity[:-1])
        before = seen.velocity_mps[:-1][same][:, :2].astype(np.float64)
        after = seen.velocity_mps[1:][same][:, :2].astype(np.float64)
        parts = [before * before, before * after, after * after, np.ones_like(before)]
        np.add.at(moments, seen.species[:-1][same], np.stack([part.sum(-1) for part in parts], axis=-1))
    if moments is None:
        raise ConfigError("No episode to fit a wanderer to. Record some first. See: eco1 record --help")
    own, cross, ahead, count = moments.T
    kept = cross / np.maximum(own, 1e-12)
    left = np.maximum(ahead - kept * cross, 0) / np.maximum(count, 1)
    return WanderingBrain(kept=kept, kick_mps=np.sqrt(left), labels=labels or KeepBehavior())


def _as_if_here(scene: Observation, now: Observation, ago_s: float, *, known: bool) -> Observation:
    """Return an earlier scene in which everyone alive now was there, extrapolated backwards where it was not seen."""
    there = scene.alive & (scene.identity == now.identity) & known
    back = now.position_m - now.velocity_mps * np.float32(ago_s)
    filled = {
        name: np.where(there.reshape(there.shape + (1,) * (old.ndim - 2)), old, new)
        for name, old, new in ((f.name, getattr(scene, f.name), getattr(now, f.name)) for f in fields(Observation))
    }
    return replace(now, **{**filled, "position_m": np.where(there[..., None], scene.position_m, back)})


def _action(
    velocity_mps: np.ndarray, observation: Observation, labels: BehaviorRule, generator: torch.Generator | None
) -> Action:
    alive = observation.alive
    return Action(
        velocity_mps=np.where(alive[..., None], velocity_mps, 0).astype(np.float32),
        behavior=labels.next_behavior(observation, generator),
        controlled=alive,
    )

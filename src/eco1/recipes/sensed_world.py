"""A living world whose scenes come with what instruments bring back: where a brain can live by its senses.

Shape letters: W worlds, N animals.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool

from eco1 import __version__
from eco1.core.records import Action, EpisodeInfo, Landscape, Observation
from eco1.core.senses import FollowedObservation, Senses
from eco1.recipes.watching import SimulatedSenses, SimulatedWatch
from eco1.sim.ecosystem import Ecosystem, EcosystemState


@dataclass(frozen=True, kw_only=True)
class SensedState:
    """A world, those who watch it, and what they brought back from the present step."""

    world: EcosystemState
    watches: tuple[SimulatedWatch, ...]
    seen: FollowedObservation


def only_followed(observation: Observation) -> Bool[np.ndarray, "w n"]:
    """Let a brain drive whom the camera follows, in a `SensedWorld`."""
    assert isinstance(observation, FollowedObservation)
    rows = np.arange(observation.alive.shape[1])
    return observation.alive & (rows == observation.followed[:, None])


class SensedWorld:
    """A ``Simulator`` of W worlds, each with a camera that follows one animal, ears and a lidar.

    Instruments are asked once a step, as in a recording; what they bring back is part of the state.

    Args:
        world: the ecosystem.
        instruments: which senses, and how large pictures are.
        burn_in_s: how long the animals are by themselves before instruments are brought, as in recordings.
    """

    def __init__(self, world: Ecosystem, instruments: SimulatedSenses, *, burn_in_s: float = 20.0) -> None:
        self._world, self._instruments, self._burn_in_s = world, instruments, burn_in_s
        self.biome = world.biome
        self.dt_s, self.worlds, self.animals = world.dt_s, world.worlds, world.animals
        self.species_names, self.behavior_names = world.species_names, world.behavior_names

    def reset(self, seed: int) -> SensedState:
        """Return new worlds after the burn-in, with cameras in place."""
        state = self._world.reset(seed)
        for _ in range(round(self._burn_in_s / self.dt_s)):
            state = self._world.step(state)
        landscape = self._world.landscape(state)
        infos = [self.info(seed, index) for index in range(self.worlds)]
        watches = tuple(self._instruments(self._world, landscape, info) for info in infos)
        return self._sensed(state, watches)

    def step(self, state: SensedState, actions: Action | None) -> SensedState:
        """Advance by ``dt_s``, then look."""
        return self._sensed(self._world.step(state.world, actions), state.watches)

    def observe(self, state: SensedState) -> FollowedObservation:
        """Return what can be seen now, and what the instruments brought back."""
        return state.seen.map(np.copy)

    def landscape(self, state: SensedState) -> Landscape:
        """Return the ground of the worlds."""
        return self._world.landscape(state.world)

    def info(self, seed: int, index: int) -> EpisodeInfo:
        """Return where a recording of one of the worlds comes from."""
        return EpisodeInfo(
            biome=self.biome,
            seed=seed,
            world=index,
            dt_s=self.dt_s,
            species_names=self.species_names,
            behavior_names=self.behavior_names,
            provenance={
                "source": "simulation",
                "generator": f"eco1 {__version__}",
                "burn_in_s": f"{self._burn_in_s:g}",
                **self._instruments.facts,
            },
        )

    def _sensed(self, state: EcosystemState, watches: tuple[SimulatedWatch, ...]) -> SensedState:
        seen, hidden, sky = self._world.observe(state), self._world.hidden(state), self._world.sky(state)
        found = [watch.sense(seen[index], hidden[index], sky) for index, watch in enumerate(watches)]
        followed = np.array([watch.followed for watch in watches], np.int64)
        return SensedState(
            world=state,
            watches=watches,
            seen=FollowedObservation(**vars(seen), senses=Senses.stack(found), followed=followed),
        )

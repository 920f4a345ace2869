"""A world seen with other lists of names, so that a model made for many worlds can live in any of them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from eco1.core.errors import ConfigError
from eco1.core.protocols import Simulator
from eco1.core.records import Action, Observation


class Relabelled:
    """A ``Simulator`` whose species are counted as in a longer list. Behaviours stay as they are.

    Args:
        world: any simulator.
        species_names: the list to count by; it names all species of the world.

    Raises:
        ConfigError: when the list lacks a species of the world.
    """

    def __init__(self, world: Simulator[Any], species_names: Sequence[str]) -> None:
        missing = sorted(set(world.species_names) - set(species_names))
        if missing:
            raise ConfigError(
                f"The model does not know {', '.join(missing)}. Train one on recordings of this world: eco1 train"
            )
        self._world = world
        self.dt_s, self.behavior_names = world.dt_s, world.behavior_names
        self.species_names = tuple(species_names)
        self._index = np.array([self.species_names.index(name) for name in world.species_names], np.int16)

    def reset(self, seed: int) -> Any:
        """Return the state of a new world."""
        return self._world.reset(seed)

    def step(self, state: Any, actions: Action | None) -> Any:
        """Advance by ``dt_s``."""
        return self._world.step(state, actions)

    def observe(self, state: Any) -> Observation:
        """Return what can be seen now, species by the longer list."""
        seen = self._world.observe(state)
        return replace(seen, species=self._index[seen.species])

"""A brain and a world that count species and behaviours differently understand each other by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Int16

from eco1.core.errors import ConfigError
from eco1.core.protocols import Brain
from eco1.core.records import Action, Observation

_UNKNOWN = -1


@dataclass(frozen=True)
class Translated:
    """A brain made for other lists of names. What it has never heard of it sees as unknown; it wishes by its own names.

    Args:
        brain: whom to translate for.
        species: index of each of the world's species in the brain's list, -1 unknown; one more for empty rows.
        heard: the same for behaviours.
        wished: index of each of the brain's behaviours in the world's list.
    """

    brain: Brain[Any]
    species: Int16[np.ndarray, " s1"]
    heard: Int16[np.ndarray, " b1"]
    wished: Int16[np.ndarray, " c1"]

    def initial(self, batch: int) -> Any:
        """Return the memory of the brain."""
        return self.brain.initial(batch)

    def act(self, memory: Any, observation: Observation, generator: torch.Generator | None) -> tuple[Any, Action]:
        """Take in a scene of the world and return what its animals do next."""
        understood = replace(
            observation, species=self.species[observation.species], behavior=self.heard[observation.behavior]
        )
        memory, action = self.brain.act(memory, understood, generator)
        return memory, replace(action, behavior=self.wished[action.behavior])


def translated(
    brain: Brain[Any], *, made_for: tuple[Sequence[str], Sequence[str]], there: tuple[Sequence[str], Sequence[str]]
) -> Brain[Any]:
    """Return the brain itself where its names are the world's, else one that translates.

    Args:
        brain: any brain.
        made_for: its species and behaviours, in its order.
        there: those of the world.

    Raises:
        ConfigError: when it knows none of the species, or a behaviour that the world does not have.
    """
    if all(tuple(a) == tuple(b) for a, b in zip(made_for, there, strict=True)):
        return brain
    if not set(made_for[0]) & set(there[0]):
        raise ConfigError(
            f"The brain knows none of the species of this world: it was made for {', '.join(made_for[0])}; "
            f"here live {', '.join(there[0])}. Train one on recordings of this world: eco1 train --help"
        )
    strange = [name for name in made_for[1] if name not in there[1]]
    if strange:
        raise ConfigError(
            f"The brain may wish for behaviours that this world does not have: {', '.join(strange)}. "
            "Train one on recordings of this version: eco1 train --help"
        )
    return Translated(
        brain,
        species=_table(there[0], made_for[0]),
        heard=_table(there[1], made_for[1]),
        wished=_table(made_for[1], there[1]),
    )


def _table(names: Sequence[str], listed: Sequence[str]) -> Int16[np.ndarray, " n1"]:
    """Return where each name stands in a list; -1 for those that do not, and for index -1 itself."""
    place = {name: index for index, name in enumerate(listed)}
    return np.array([*(place.get(name, _UNKNOWN) for name in names), _UNKNOWN], np.int16)

"""Names of agents: every animal that ever lives gets one of its own, and none is given twice in an episode."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


class Register:
    """Knows which agent is which animal. ``possible`` lists all names there can be, those of a species in a row.

    Args:
        species: names of the species whose animals are agents.
        first: how many of each there are at the start.
        births: how many more of each species can get a name; later newborns decide for themselves.
    """

    def __init__(self, species: Sequence[str], first: Sequence[int], births: int) -> None:
        self._most = {name: count + births for name, count in zip(species, first, strict=True)}
        self.possible = [f"{name}_{n}" for name, most in self._most.items() for n in range(most)]
        self.clear()

    def clear(self) -> None:
        """Forget everybody."""
        self._given = dict.fromkeys(self._most, 0)
        self._names: dict[int, str] = {}

    def meet(self, identity: int, species: str) -> str | None:
        """Return the agent that an animal is, named now if it is new; None when it cannot be one."""
        if identity not in self._names and self._given.get(species, 0) < self._most.get(species, 0):
            self._names[identity] = f"{species}_{self._given[species]}"
            self._given[species] += 1
        return self._names.get(identity)

    def present(
        self, alive: NDArray[np.bool_], identity: NDArray[np.int64], species: NDArray[np.int16], names: Sequence[str]
    ) -> dict[str, int]:
        """Return the row of every agent that lives now, those that were named first coming first."""
        rows: dict[str, int] = {}
        for row in sorted(np.flatnonzero(alive), key=lambda row: identity[row]):
            agent = self.meet(int(identity[row]), names[int(species[row])])
            if agent is not None:
                rows[agent] = int(row)
        return rows

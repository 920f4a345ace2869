"""The CPU: threads share the worlds, or the animals of one big world."""

import numpy as np
from numpy.typing import NDArray

from eco1.core.threads import Threads
from eco1.sim.fields import F32, I32
from eco1.sim.ground import Conditions
from eco1.sim.kernels import run
from eco1.sim.kernels.look import View
from eco1.sim.kernels.orders import Orders
from eco1.sim.kernels.sense import grid_side, sort_into_cells
from eco1.sim.machines.machine import blank_view
from eco1.sim.state import EcosystemState


class Cpu:
    """A ``Machine`` of threads; its tables are arrays of the host's.

    Args:
        traits: the table of species.
        shares: how many animals of each species a world begins with.
        threads: how many share the work.
    """

    def __init__(self, traits: F32, shares: I32, threads: int) -> None:
        self._traits, self._shares, self._threads = traits, shares, Threads(threads)

    def populate(self, state: EcosystemState, now: Conditions) -> None:
        """Fill the worlds with their first animals."""
        f, k, census, g = state.floats, state.integers, state.census, state.ground
        self._threads.each(
            len(f),
            lambda first, last: run.populate_worlds(f, k, self._traits, census, g, now, self._shares, first, last),
        )

    def tell(self, state: EcosystemState, orders: Orders | None) -> None:
        """Hand animals their orders; None lets all of them go."""
        f, k = state.floats, state.integers
        if orders is None:
            self._threads.each(len(f), lambda first, last: run.release_worlds(k, first, last))
        else:
            self._threads.each(len(f), lambda first, last: run.tell_worlds(f, k, orders, first, last))

    def step(self, state: EcosystemState, now: Conditions) -> None:
        """Advance all worlds by one step."""
        f, k, t, g, c = state.floats, state.integers, self._traits, state.ground, now
        veg, marks, census, ledger, cells = state.forage, state.marks, state.census, state.ledger, state.cells
        side = grid_side(g.size, f.shape[2])

        def whole(first: int, last: int) -> None:
            run.step_worlds(f, k, t, veg, marks, census, ledger, cells, g, c, side, self._shares, first, last)

        if len(f) >= self._threads.count:
            self._threads.each(len(f), whole)
        else:
            for w in range(len(f)):
                self._step_in_phases(state, c, side, w)

    def _step_in_phases(self, state: EcosystemState, c: Conditions, side: int, w: int) -> None:
        """Step one big world with all threads."""
        f, k, t, g = state.floats[w], state.integers[w], self._traits, state.ground
        veg, marks, cells = state.forage[w], state.marks[w], state.cells[w]
        rows = f.shape[1]
        sort_into_cells(f, k, cells, g, side)
        self._threads.each(
            rows, lambda first, last: run.decide_rows(f, k, t, veg, marks, cells, g, c, side, first, last)
        )
        self._threads.each(rows, lambda first, last: run.advance_rows(f, k, t, g, c, first, last))
        run.finish_world(f, k, t, veg, marks, state.census[w], state.ledger[w], g, c, self._shares)

    def look(self, state: EcosystemState, now: Conditions) -> View:
        """Return what can be seen now."""
        f, k, veg, g = state.floats, state.integers, state.forage, state.ground
        view = blank_view(f.shape[0], f.shape[2])
        self._threads.each(
            len(f), lambda first, last: run.look_at_worlds(view, f, k, self._traits, veg, g, now, first, last)
        )
        return view

    def fetch(self, table: NDArray[np.generic]) -> NDArray[np.generic]:
        """Return the table itself."""
        return table

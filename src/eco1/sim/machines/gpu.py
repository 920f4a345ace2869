"""An NVIDIA GPU: a thread per animal, or per world where the order of rows counts. Tables stay on it between steps."""

from typing import Any

from numpy.typing import NDArray

from eco1.core.gpu import download, upload
from eco1.sim.fields import F32, I32
from eco1.sim.ground import Conditions
from eco1.sim.kernels import launch
from eco1.sim.kernels.look import View
from eco1.sim.kernels.orders import Orders
from eco1.sim.kernels.sense import grid_side
from eco1.sim.machines.machine import blank_view
from eco1.sim.state import EcosystemState


class Gpu:
    """A ``Machine`` whose tables are arrays of the GPU's; one launch of a phase covers all worlds.

    Args:
        traits: the table of species.
        shares: how many animals of each species a world begins with.
    """

    def __init__(self, traits: F32, shares: I32) -> None:
        self._traits, self._shares = upload(traits), upload(shares)

    def populate(self, state: EcosystemState, now: Conditions) -> None:
        """Take over new, empty worlds and fill them with their first animals."""
        state.floats, state.integers = upload(state.floats), upload(state.integers)
        state.forage, state.marks, state.cells = upload(state.forage), upload(state.marks), upload(state.cells)
        state.census, state.ledger = upload(state.census), upload(state.ledger)
        state.ground = upload(state.ground)
        animals, _, books = self._tables(state)
        launch.populate_worlds(state.floats.shape[0], animals, books, state.ground, now)

    def tell(self, state: EcosystemState, orders: Orders | None) -> None:
        """Hand animals their orders; None lets all of them go."""
        animals, _, _ = self._tables(state)
        if orders is None:
            launch.release_all(_rows(state), animals)
        else:
            launch.tell_all(_rows(state), animals, upload(orders))

    def step(self, state: EcosystemState, now: Conditions) -> None:
        """Begin one step of all worlds."""
        animals, places, books = self._tables(state)
        g, worlds, rows = state.ground, state.floats.shape[0], _rows(state)
        side = grid_side(g.size, state.floats.shape[2])
        launch.sort_worlds(worlds, animals, places, g, side)
        launch.decide_all(rows, animals, places, g, now, side)
        launch.advance_all(rows, animals, g, now)
        launch.interact_worlds(worlds, animals, places, books, g, now)
        launch.grow_all(worlds * state.forage.shape[1], places, g, now)

    def look(self, state: EcosystemState, now: Conditions) -> View:
        """Return what can be seen now."""
        animals, places, _ = self._tables(state)
        view = upload(blank_view(state.floats.shape[0], state.floats.shape[2]))
        launch.look_at_all(_rows(state), view, animals, places, state.ground, now)
        return View(*(download(array) for array in view))

    def fetch(self, table: Any) -> NDArray[Any]:
        """Return a copy of a table in the memory of the host."""
        return download(table)

    def _tables(self, state: EcosystemState) -> tuple[launch.Animals, launch.Places, launch.Books]:
        return (
            launch.Animals(state.floats, state.integers, self._traits),
            launch.Places(state.forage, state.marks, state.cells),
            launch.Books(state.census, state.ledger, self._shares),
        )


def _rows(state: EcosystemState) -> int:
    return state.floats.shape[0] * state.floats.shape[2]

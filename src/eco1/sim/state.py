"""What a batch of worlds remembers: structure-of-arrays, (W, field, N)."""

from dataclasses import dataclass

import numpy as np

from eco1.core.records import Landscape
from eco1.sim.fields import F32, F64, I32, I64, col
from eco1.sim.ground import Ground
from eco1.sim.kernels import marks
from eco1.sim.laws import scent


@dataclass(kw_only=True)
class EcosystemState:
    """A running batch of worlds. ``Ecosystem.step`` consumes it: the arrays are written in place.

    On a GPU the tables, ``floats`` to ``cells``, and the maps of the ground are arrays of the GPU's.
    """

    seed: int
    first_world: int
    step: int
    start_s: float  # time of day at the reset, on the world's clock
    landscape: Landscape
    ground: Ground
    floats: F32  # (W, fields, N), see fields.col
    integers: I32  # (W, fields, N)
    forage: F32  # (W, V, V) share of what the best ground can carry
    marks: I32  # (W, 3, M, M) the last scent mark of each cell, see kernels.marks
    census: I64  # (W, S + 1) living animals per species, then the next identity
    ledger: F64  # (W, 4) J since the start: spent, eaten, lost with the dead, created with the newborn
    cells: I32  # (W, C + 1) where the animals of a cell of the neighbour grid begin in col.SORTED

    def float_field(self, field: int) -> F32:
        """Return the view (W, N) of one of the float fields in ``fields.col``."""
        return self.floats[:, field]

    def integer_field(self, field: int) -> I32:
        """Return the view (W, N) of one of the integer fields in ``fields.col``."""
        return self.integers[:, field]


def empty_state(
    *, seed: int, first_world: int, start_s: float, landscape: Landscape, ground: Ground, worlds: int, rows: int,
    species: int, grid_cells: int,
) -> EcosystemState:  # fmt: skip
    """Return W worlds with N empty rows each and full-grown forage."""
    forage = np.broadcast_to(ground.capacity, (worlds, *ground.capacity.shape)).copy()
    side = scent.cells_per_side(ground.size)
    integers = np.zeros((worlds, col.INTEGERS, rows), np.int32)
    integers[:, [col.CARCASSES, col.THREAT, col.PREY, col.KIN_ROW, col.ALARM, col.MATE]] = -1
    integers[:, col.WORLD] = first_world + np.arange(worlds)[:, None]
    return EcosystemState(
        seed=seed, first_world=first_world, step=0, start_s=start_s, landscape=landscape, ground=ground,
        floats=np.zeros((worlds, col.FLOATS, rows), np.float32), integers=integers, forage=forage,
        marks=np.full((worlds, marks.FIELDS, side, side), -1, np.int32),
        census=np.zeros((worlds, species + 1), np.int64), ledger=np.zeros((worlds, 4)),
        cells=np.zeros((worlds, grid_cells + 1), np.int32),
    )  # fmt: skip

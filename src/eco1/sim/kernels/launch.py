"""Launching: the same phases on a GPU, one thread per animal where rows do not meet, else one thread per world.

All worlds of a batch go through a phase together, and the next phase begins when all are through.
"""

from functools import partial
from importlib import import_module
from typing import Any, NamedTuple

from eco1.core.gpu import Kernel
from eco1.sim.fields import F32, F64, I32, I64
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels import run
from eco1.sim.kernels.interact import interact
from eco1.sim.kernels.look import View, look
from eco1.sim.kernels.orders import Orders, release, tell
from eco1.sim.kernels.sense import sort_into_cells
from eco1.sim.laws.vegetation import grow

cuda: Any = import_module("numba.cuda")
for_each_world = partial(Kernel, block=8)  # worlds go very different ways


class Animals(NamedTuple):
    """The tables of rows, worlds first, and that of species. See ``sim.state``."""

    floats: F32
    integers: I32
    traits: F32


class Places(NamedTuple):
    """The tables of what lies in the worlds."""

    forage: F32
    marks: I32
    cells: I32


class Books(NamedTuple):
    """The tables of who lives and of where energy went, and the share of each species."""

    census: I64
    ledger: F64
    shares: I32


@for_each_world
def populate_worlds(a: Animals, e: Books, g: Ground, c: Conditions) -> None:
    """Fill one world a thread with its first animals."""
    w = cuda.grid(1)
    if w < a.floats.shape[0]:
        run.populate_worlds(a.floats, a.integers, a.traits, e.census, g, c, e.shares, w, w + 1)


@Kernel
def release_all(a: Animals) -> None:
    """Let one animal a thread go."""
    n = cuda.grid(1)
    w, i = n // a.floats.shape[2], n % a.floats.shape[2]
    if w < a.floats.shape[0]:
        release(a.integers[w], i)


@Kernel
def tell_all(a: Animals, orders: Orders) -> None:
    """Hand one animal a thread its orders."""
    n = cuda.grid(1)
    w, i = n // a.floats.shape[2], n % a.floats.shape[2]
    if w < a.floats.shape[0]:
        tell(a.floats[w], a.integers[w], orders, w, i)


@for_each_world
def sort_worlds(a: Animals, p: Places, g: Ground, side: int) -> None:
    """Sort the animals of one world a thread into the cells of the neighbour grid."""
    w = cuda.grid(1)
    if w < a.floats.shape[0]:
        sort_into_cells(a.floats[w], a.integers[w], p.cells[w], g, side)


@Kernel
def decide_all(a: Animals, p: Places, g: Ground, c: Conditions, side: int) -> None:
    """Let one animal a thread look around and decide."""
    n = cuda.grid(1)
    w, i = n // a.floats.shape[2], n % a.floats.shape[2]
    if w < a.floats.shape[0]:
        run.decide_rows(a.floats[w], a.integers[w], a.traits, p.forage[w], p.marks[w], p.cells[w], g, c, side, i, i + 1)


@Kernel
def advance_all(a: Animals, g: Ground, c: Conditions) -> None:
    """Let one animal a thread carry out what it decided."""
    n = cuda.grid(1)
    w, i = n // a.floats.shape[2], n % a.floats.shape[2]
    if w < a.floats.shape[0]:
        run.advance_rows(a.floats[w], a.integers[w], a.traits, g, c, i, i + 1)


@for_each_world
def interact_worlds(a: Animals, p: Places, e: Books, g: Ground, c: Conditions) -> None:
    """Let the animals of one world a thread meet, rows in order."""
    w = cuda.grid(1)
    if w < a.floats.shape[0]:
        interact(
            a.floats[w], a.integers[w], a.traits, p.forage[w], p.marks[w], e.census[w], e.ledger[w], g, c, e.shares
        )


@Kernel
def grow_all(p: Places, g: Ground, c: Conditions) -> None:
    """Grow the plants in one column of cells a thread, in the rows whose turn it is."""
    n = cuda.grid(1)
    cells = p.forage.shape[1]
    w, column = n // cells, n % cells
    if w < p.forage.shape[0]:
        grow(p.forage[w], g, c, column, column + 1)


@Kernel
def look_at_all(v: View, a: Animals, p: Places, g: Ground, c: Conditions) -> None:
    """Show one animal a thread."""
    n = cuda.grid(1)
    w, i = n // a.floats.shape[2], n % a.floats.shape[2]
    if w < a.floats.shape[0]:
        look(v, w, a.floats[w], a.integers[w], a.traits, p.forage[w], g, c, i)

"""Running: one step of whole worlds, or of a stretch of animals in one big world.

Worlds do not touch each other, so a thread takes its worlds through a whole step while they are in its cache. One big
world is stepped in phases: every animal decides from what the last step left, then every animal moves,
then they interact. Either way each animal's computation is the same, and so is the result.
"""

from eco1.sim import behaviors as b
from eco1.sim.compiled import entry
from eco1.sim.fields import F32, F64, I32, I64, col
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.advance import advance
from eco1.sim.kernels.decide import decide, follow_orders
from eco1.sim.kernels.interact import interact
from eco1.sim.kernels.look import View, look
from eco1.sim.kernels.orders import Orders, release, tell
from eco1.sim.kernels.populate import populate
from eco1.sim.kernels.sense import DROWSE_EVERY, THINK_EVERY, sense, sort_into_cells
from eco1.sim.kernels.turns import is_turn
from eco1.sim.laws import vegetation


@entry
def decide_rows(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, cells: I32, g: Ground, c: Conditions, side: int, first: int,
    last: int,
):  # fmt: skip
    """First phase for rows ``first`` to ``last`` of one world."""
    for i in range(first, last):
        if k[col.STATUS, i] == col.ALIVE:
            drowsy = k[col.BEHAVIOR, i] == b.REST or k[col.BEHAVIOR, i] == b.SLEEP
            due = is_turn(c.step, i, DROWSE_EVERY if drowsy else THINK_EVERY) or c.step == 0
            due = due or k[col.CONTROLLED, i] == col.RELEASED
            if due:
                sense(f, k, t, cells, g, c, i, side)
            if k[col.CONTROLLED, i] == col.TOLD:
                follow_orders(f, k, t, veg, marks, g, c, i)
            elif due:
                decide(f, k, t, veg, marks, g, c, i)


@entry
def advance_rows(f: F32, k: I32, t: F32, g: Ground, c: Conditions, first: int, last: int):
    """Second phase for rows ``first`` to ``last`` of one world."""
    for i in range(first, last):
        if k[col.STATUS, i] == col.ALIVE:
            advance(f, k, t, g, c, i)


@entry
def finish_world(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, census: I64, ledger: F64, g: Ground, c: Conditions, shares: I32
):  # fmt: skip
    """Last phase for one world: what animals do to each other and to it, and what grows."""
    interact(f, k, t, veg, marks, census, ledger, g, c, shares)
    vegetation.grow(veg, g, c, 0, veg.shape[1])


@entry
def step_world(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, census: I64, ledger: F64, cells: I32, g: Ground, c: Conditions,
    side: int, shares: I32,
):  # fmt: skip
    """All phases for one world."""
    rows = f.shape[1]
    sort_into_cells(f, k, cells, g, side)
    decide_rows(f, k, t, veg, marks, cells, g, c, side, 0, rows)
    advance_rows(f, k, t, g, c, 0, rows)
    finish_world(f, k, t, veg, marks, census, ledger, g, c, shares)


@entry
def step_worlds(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, census: I64, ledger: F64, cells: I32, g: Ground, c: Conditions,
    side: int, shares: I32, first: int, last: int,
):  # fmt: skip
    """All phases for worlds ``first`` to ``last`` of a batch."""
    for w in range(first, last):
        step_world(f[w], k[w], t, veg[w], marks[w], census[w], ledger[w], cells[w], g, c, side, shares)


@entry
def populate_worlds(
    f: F32, k: I32, t: F32, census: I64, g: Ground, c: Conditions, counts: I32, first: int, last: int
):  # fmt: skip
    """Fill worlds ``first`` to ``last`` of a batch with their first animals."""
    for w in range(first, last):
        populate(f[w], k[w], t, census[w], g, c, counts)


@entry
def restart_world(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, census: I64, ledger: F64, g: Ground, c: Conditions, counts: I32,
    stream: int,
):  # fmt: skip
    """Forget all that happened in one world and fill it anew from random stream ``stream``."""
    f[:] = 0.0
    k[:] = 0
    for field in (col.CARCASSES, col.THREAT, col.PREY, col.KIN_ROW, col.ALARM, col.MATE):
        k[field] = -1
    k[col.WORLD] = stream
    for r in range(veg.shape[0]):
        for v in range(veg.shape[1]):
            veg[r, v] = g.capacity[r, v]
    marks[:] = -1
    census[:] = 0
    ledger[:] = 0.0
    populate(f, k, t, census, g, c, counts)


@entry
def look_at_worlds(v: View, f: F32, k: I32, t: F32, veg: F32, g: Ground, c: Conditions, first: int, last: int):
    """Fill the view of worlds ``first`` to ``last`` of a batch."""
    for w in range(first, last):
        for i in range(f.shape[2]):
            look(v, w, f[w], k[w], t, veg[w], g, c, i)


@entry
def release_worlds(k: I32, first: int, last: int):
    """Let the animals of worlds ``first`` to ``last`` go that were told what to do."""
    for w in range(first, last):
        for i in range(k.shape[2]):
            release(k[w], i)


@entry
def tell_worlds(f: F32, k: I32, orders: Orders, first: int, last: int):
    """Hand the animals of worlds ``first`` to ``last`` their orders."""
    for w in range(first, last):
        for i in range(k.shape[2]):
            tell(f[w], k[w], orders, w, i)

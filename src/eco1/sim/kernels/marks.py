"""Scent marks of one world, ``marks[field, row of y, column of x]``: the last one of each cell, whoever left it.

A mark names the group by ``col.CLAN``, which is given once: who is born into a row inherits its mother's marks only.
"""

from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col
from eco1.sim.ground import Conditions, Ground
from eco1.sim.laws import scent
from eco1.sim.laws.terrain import cell_of

CLAN, SPECIES, STEP = range(3)  # whose it is (CLAN -1: no mark) and the step in which it was left
FIELDS = 3


@inlined
def _cell(marks: I32, g: Ground, x: float, y: float):
    cells = marks.shape[1]
    side = g.size / cells
    return cell_of(y, side, cells), cell_of(x, side, cells)


@compiled
def leave_mark(marks: I32, f: F32, k: I32, g: Ground, c: Conditions, i: int):
    """Mark the cell where an animal stands; it covers the mark that was there."""
    row, column = _cell(marks, g, f[col.X, i], f[col.Y, i])
    marks[CLAN, row, column], marks[SPECIES, row, column] = k[col.CLAN, i], k[col.SPECIES, i]
    marks[STEP, row, column] = c.step


@compiled
def scent_at(marks: I32, k: I32, g: Ground, c: Conditions, i: int, x: float, y: float):
    """Return whose mark of its own species an animal would smell at a place: NOTHING, OWN or FOREIGN."""
    row, column = _cell(marks, g, x, y)
    if marks[SPECIES, row, column] != k[col.SPECIES, i]:
        return scent.NOTHING
    return scent.smells(marks[CLAN, row, column], k[col.CLAN, i], (c.step - marks[STEP, row, column]) * c.dt)

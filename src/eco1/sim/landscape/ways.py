"""Ways: which step leads from any place to any other around houses, found once for a landscape."""

import math

import numpy as np
from numpy.typing import NDArray

from eco1.sim.compiled import entry
from eco1.sim.fields import I32
from eco1.sim.landscape.draft import Grid, Mask

Steps = NDArray[np.int8]

_CELL_M = 6.0  # narrower than a street or a gateway
_MOST_CELLS = 48  # along one side: the table grows with the fourth power
#: Steps to the eight neighbours, east first and counter-clockwise; the ninth is to stay.
STEP_X = np.array([1, 1, 0, -1, -1, -1, 0, 1, 0], np.int8)
STEP_Y = np.array([0, 1, 1, 1, 0, -1, -1, -1, 0], np.int8)
STAY = 8


def no_ways() -> Steps:
    """Return the table of a landscape in which every way is open."""
    return np.full((1, 1), STAY, np.int8)


def find_ways(blocked: Mask, grid: Grid) -> Steps:
    """Return the step (to, from) that begins the shortest way between coarse cells, ``STAY`` where there is none."""
    side = min(_MOST_CELLS, math.ceil(grid.size / _CELL_M))
    index = ((np.arange(side) + 0.5) * grid.cells / side).astype(int)
    open_ = ~blocked[np.ix_(index, index)]
    steps = np.full((side * side, side * side), STAY, np.int8)
    _spread(open_, steps, np.empty(side * side, np.int32), np.empty(side * side, np.bool_))
    return steps


@entry
def _spread(open_: Mask, steps: Steps, queue: I32, found: Mask):
    """Breadth-first search from every cell; a cell in a house leads nowhere. Corners are not cut.

    Moore (1959), "The shortest path through a maze", Proc. Int. Symp. Theory of Switching.
    """
    side = open_.shape[0]
    for goal in range(side * side):
        if not open_[goal // side, goal % side]:
            continue
        found[:] = False
        found[goal] = True
        queue[0] = goal
        first, last = 0, 1
        while first < last:
            at = queue[first]
            first += 1
            row, column = at // side, at % side
            for turn in range(8):
                step = 2 * turn if turn < 4 else 2 * (turn - 4) + 1  # straight steps before diagonal ones
                r, c = row - STEP_Y[step], column - STEP_X[step]
                if r < 0 or r >= side or c < 0 or c >= side or found[r * side + c] or not open_[r, c]:
                    continue
                if step % 2 == 1 and not (open_[r, column] and open_[row, c]):
                    continue
                found[r * side + c] = True
                steps[goal, r * side + c] = step
                queue[last] = r * side + c
                last += 1

"""Finding a way: straight to a goal where nothing stands between, else along the ways of the landscape."""

import math

from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import layer
from eco1.sim.ground import Ground
from eco1.sim.kernels.places import at
from eco1.sim.landscape.ways import STAY, STEP_X, STEP_Y

_SAMPLE_M = 2.5
_LOOK_M = 40.0  # houses further off do not matter yet
_STEPS_AHEAD = 2  # cells walked towards at a time, so that corners are rounded


@inlined
def _cell(g: Ground, x: float, y: float, side: int):
    column = min(max(int(x / g.size * side), 0), side - 1)
    row = min(max(int(y / g.size * side), 0), side - 1)
    return row * side + column


@compiled
def is_clear(g: Ground, x: float, y: float, goal_x: float, goal_y: float):
    """Return whether no house stands on the straight way to a goal, as far as one looks."""
    dx, dy = goal_x - x, goal_y - y
    distance = math.sqrt(dx * dx + dy * dy)
    samples = int(min(distance, _LOOK_M) / _SAMPLE_M)
    for n in range(1, samples + 1):
        share = n * _SAMPLE_M / distance
        if at(g, layer.ROOF, x + share * dx, y + share * dy) > 0.0:
            return False
    return True


@compiled
def way_to(g: Ground, x: float, y: float, goal_x: float, goal_y: float) -> tuple[float, float]:
    """Return the point to walk towards on the way to a goal: the goal itself, or the middle of a cell on the way."""
    cells = g.ways.shape[0]
    if cells == 1 or is_clear(g, x, y, goal_x, goal_y):
        return goal_x, goal_y
    side = int(math.sqrt(cells) + 0.5)
    goal, here = _cell(g, goal_x, goal_y, side), _cell(g, x, y, side)
    now = here
    for _ in range(_STEPS_AHEAD):
        step = g.ways[goal, now]
        if step == STAY:
            break
        now += int(STEP_Y[step]) * side + int(STEP_X[step])
    if now in (goal, here):  # nearly there, or no way leads there
        return goal_x, goal_y
    return (now % side + 0.5) * g.size / side, (now // side + 0.5) * g.size / side

"""Random numbers of an animal: the stream of its world, its row and a purpose."""

from eco1.core.random import uniform4
from eco1.sim.compiled import inlined
from eco1.sim.fields import I32, col
from eco1.sim.ground import Conditions

#: Purposes, so that no two decisions of one step share a number.
CHOICE, BOUT, GOAL, WANDER = 11, 12, 13, 14
BIRTH, TRAITS, LITTER = 21, 22, 23
STRIKE, FATE = 31, 32
PLACE, NEEDS, GROUP_NEEDS, SPREAD = 41, 42, 43, 44
ARRIVAL = 45
GLANCE = 51
#: A purpose that concerns a second animal carries its row above these bits.
OTHER_SHIFT = 8


@inlined
def draw(k: I32, c: Conditions, i: int, purpose: int) -> tuple[float, float, float, float]:
    """Return four uniform numbers in [0, 1) that depend on seed, step, world, row and purpose only."""
    return draw_at(k, c, c.step, i, purpose)


@inlined
def draw_at(k: I32, c: Conditions, step: int, i: int, purpose: int) -> tuple[float, float, float, float]:
    """Return the numbers of another step, for what happens before the first one."""
    a, b, d, e = uniform4(c.seed, step, k[col.WORLD, 0], i, purpose)
    return a, b, d, e  # pyright: ignore[reportReturnType]  # numpy's float32 counts as a float in the kernels

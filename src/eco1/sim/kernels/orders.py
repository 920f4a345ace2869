"""Orders: what the outside wants of animals, and how they are let go."""

from typing import NamedTuple

from eco1.sim.compiled import entry
from eco1.sim.fields import B8, F32, I16, I32, col


class Orders(NamedTuple):
    """What animals are told, worlds first. Rows that are not controlled may hold anything."""

    velocity: F32  # (W, N, 3) m/s east, north and up
    behavior: I16  # (W, N)
    controlled: B8  # (W, N)


@entry
def release(k: I32, i: int):
    """Let an animal go; that it has just been let go is known for one step."""
    k[col.CONTROLLED, i] = col.RELEASED if k[col.CONTROLLED, i] == col.TOLD else col.FREE


@entry
def tell(f: F32, k: I32, orders: Orders, w: int, i: int):
    """Hand an animal of world ``w`` its orders, or let it go."""
    vx, vy, vz = 0.0, 0.0, 0.0
    if orders.controlled[w, i]:
        k[col.CONTROLLED, i] = col.TOLD
        vx, vy, vz = orders.velocity[w, i, 0], orders.velocity[w, i, 1], orders.velocity[w, i, 2]
    else:
        release(k, i)
    k[col.ORDER, i] = orders.behavior[w, i]
    f[col.ORDER_X, i], f[col.ORDER_Y, i], f[col.ORDER_Z, i] = vx, vy, vz

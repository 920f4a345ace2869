"""Terrain as the laws ask for it: which cell of a map a place lies in, and how high the ground is there."""

from eco1.sim.compiled import inlined
from eco1.sim.fields import layer
from eco1.sim.ground import Ground


@inlined
def cell_of(position: float, cell: float, cells: int):
    """Return the index of the map cell along one axis, kept inside the map."""
    return min(max(int(position / cell), 0), cells - 1)


@inlined
def height_at(g: Ground, x: float, y: float):
    """Return the height of the ground in metres, bilinear between cell centres."""
    heights = g.maps[layer.HEIGHT]
    cells = heights.shape[0]
    u = min(max(x / g.cell - 0.5, 0.0), cells - 1.001)
    v = min(max(y / g.cell - 0.5, 0.0), cells - 1.001)
    c, r = int(u), int(v)
    u -= c
    v -= r
    low = heights[r, c] * (1 - u) + heights[r, c + 1] * u
    high = heights[r + 1, c] * (1 - u) + heights[r + 1, c + 1] * u
    return low * (1 - v) + high * v

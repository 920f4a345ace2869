"""How high a height field is at a place, and where a ray first meets it.

Rays skip whole patches that they pass above: Tevs, Ihrke & Seidel (2008), "Maximum mipmaps for fast, accurate, and
scalable dynamic height field rendering", DOI 10.1145/1342250.1342279.
"""

import math
from typing import Any

from eco1.sensors.compiled import inlined
from eco1.sensors.scenery.arrays import F32
from eco1.sensors.scenery.relief import HeightField
from eco1.sensors.scenery.solids import MISSED


@inlined
def cell_at(position: float, side: int):
    """Return the patch along one axis, and the share of the way across it, of a position in cells."""
    kept = min(max(position, 0.0), float(side))
    index = min(int(kept), side - 1)
    return index, kept - index


@inlined
def sample(nodes: F32, u: float, v: float):
    """Return the value of nodes at column ``u`` and row ``v``, bilinear, that of the border outside."""
    side = nodes.shape[0] - 1
    i, a = cell_at(u, side)
    j, b = cell_at(v, side)
    low = nodes[j, i] + (nodes[j, i + 1] - nodes[j, i]) * a
    high = nodes[j + 1, i] + (nodes[j + 1, i + 1] - nodes[j + 1, i]) * a
    return low + (high - low) * b


@inlined
def height_at(field: HeightField, x: float, y: float):
    """Return the height of the surface in metres."""
    return sample(field.nodes, (x - field.origin) * field.per_m, (y - field.origin) * field.per_m)


@inlined
def level_and_slope(field: HeightField, u: float, v: float):
    """Return height and slope (dz/dx, dz/dy) of the surface at column ``u`` and row ``v`` inside of the nodes."""
    side = field.nodes.shape[0] - 1
    i, a = cell_at(u, side)
    j, b = cell_at(v, side)
    n = field.nodes
    east, north = n[j, i + 1] - n[j, i], n[j + 1, i] - n[j, i]
    twist = n[j + 1, i + 1] - n[j + 1, i] - east
    level = n[j, i] + a * east + b * (north + a * twist)
    return level, (east + b * twist) * field.per_m, (north + a * twist) * field.per_m


@inlined
def slope_at(field: HeightField, x: float, y: float):
    """Return the slope of the surface, (dz/dx, dz/dy), that of the patch the place lies in."""
    _, east, north = level_and_slope(field, (x - field.origin) * field.per_m, (y - field.origin) * field.per_m)
    return east, north


@inlined
def _patch_entry(n: F32, i: int, j: int, u: float, v: float, z: float, du: float, dv: float, dz: float, longest: float):
    """Return how far along the ray from (u, v, z) it goes below the bilinear patch (i, j), or infinity."""
    a, b = u - i, v - j
    east, north = n[j, i + 1] - n[j, i], n[j + 1, i] - n[j, i]
    twist = n[j + 1, i + 1] - n[j + 1, i] - east
    above = z - (n[j, i] + a * east + b * north + a * b * twist)
    if above <= 0.0:
        return 0.0
    rate = dz - (du * east + dv * north + (a * dv + b * du) * twist)
    bend = -du * dv * twist
    inside = rate * rate - 4.0 * bend * above
    if inside < 0.0:
        return MISSED
    steep = math.sqrt(inside) - rate
    if steep * longest < 2.0 * above:
        return MISSED
    return 2.0 * above / steep


@inlined
def surface_entry(
    field: HeightField, x: float, y: float, z: float, dx: float, dy: float, dz: float, t_first: float, t_last: float
) -> float:  # fmt: skip
    """Return the t in [t_first, t_last] at which a ray meets a surface from above, or infinity.

    The ray must be above the surface at ``t_first``.
    """
    side = field.nodes.shape[0] - 1
    u, v = (x - field.origin) * field.per_m, (y - field.origin) * field.per_m
    du, dv = dx * field.per_m, dy * field.per_m
    du = du if abs(du) > 1e-12 else 1e-12
    dv = dv if abs(dv) > 1e-12 else 1e-12
    per_u, per_v = 1.0 / du, 1.0 / dv
    left, right = -u * per_u, (side - u) * per_u
    low, high = -v * per_v, (side - v) * per_v
    begin = max(min(left, right), min(low, high))
    end = min(max(left, right), max(low, high))
    if begin > 0.0 or end < t_first or end <= begin:  # outside of the nodes, where the plane may come first
        plane = (field.beyond - z) / dz if dz < 0.0 else MISSED
        if plane < begin or end <= begin or end < t_first:
            return plane if t_first <= plane <= t_last else MISSED
    t, stop = max(begin, t_first), min(end, t_last)
    top: Any = field.peaks[field.starts[-1]]
    if z + dz * t > top:
        if dz >= 0.0:
            return MISSED
        t = (top - z) / dz
    if dz > 0.0:
        stop = min(stop, (top - z) / dz)
    if t < stop:
        found = _descend(field, u, v, z, du, dv, dz, per_u, per_v, t, stop)
        if found < MISSED:
            return found
    plane = (field.beyond - z) / dz if dz < 0.0 else MISSED
    return plane if end <= plane <= t_last else MISSED


@inlined
def _descend(
    field: HeightField, u: float, v: float, z: float, du: float, dv: float, dz: float, per_u: float, per_v: float,
    t: float, stop: float,
) -> float:  # fmt: skip
    """Return where a ray meets the patches between ``t`` and ``stop``: down the pyramid where it may, up when not."""
    side, highest = field.nodes.shape[0] - 1, field.starts.shape[0] - 1
    ahead_u, ahead_v = 1 if du > 0.0 else 0, 1 if dv > 0.0 else 0
    i, j = cell_at(u + du * t, side)[0], cell_at(v + dv * t, side)[0]
    level = 0
    while t < stop:
        a, b = i >> level, j >> level
        leave_u, leave_v = (((a + ahead_u) << level) - u) * per_u, (((b + ahead_v) << level) - v) * per_v
        leave = max(min(min(leave_u, leave_v), stop), t)
        lowest = z + dz * (t if dz > 0.0 else leave)
        if lowest <= field.peaks[field.starts[level] + b * (side >> level) + a]:
            if level > 0:
                level -= 1
                continue
            found = _patch_entry(field.nodes, i, j, u + du * t, v + dv * t, z + dz * t, du, dv, dz, leave - t)
            if found < MISSED:
                return t + found
        t = leave
        if leave_u < leave_v:
            i = (a + 1) << level if du > 0.0 else (a << level) - 1
            j = min(max(int(v + dv * t), b << level), ((b + 1) << level) - 1)
        else:
            j = (b + 1) << level if dv > 0.0 else (b << level) - 1
            i = min(max(int(u + du * t), a << level), ((a + 1) << level) - 1)
        if i < 0 or j < 0 or i >= side or j >= side:
            break
        up = level + 1  # only out of a patch of the next level may it help to go up
        if up <= highest and (i >> up != a >> 1 or j >> up != b >> 1):
            level = up
    return MISSED

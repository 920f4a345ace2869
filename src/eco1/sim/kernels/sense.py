"""Sensing: one pass over the neighbours of an animal, summed up in its percepts.

Animals are sorted into square cells no smaller than the reach of the senses, so nine cells hold all neighbours; a small
world is a single cell, which is the brute force over all rows.
"""

import math

import numpy as np

from eco1.sim import behaviors as b
from eco1.sim.compiled import compiled, entry, inlined
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.mates import MATE_REACH, courts, is_receptive
from eco1.sim.kernels.perceive import perceives, sight_of
from eco1.sim.laws import perception
from eco1.sim.laws.escape import MENACE, can_matter
from eco1.sim.laws.herding import push

THINK_EVERY = 2  # steps between two looks around and thoughts: a reaction time of a fifth of a second
DROWSE_EVERY = 4  # the same for animals that rest or sleep
BRUTE_FORCE_ROWS = 256
_REACH2 = np.float32(perception.REACH_M**2)
_FAR2 = np.float32(1e12)
_YOUNG_PREY = np.float32(0.5)  # squared distance counts half for prey that is not grown


def grid_side(size_m: float, rows: int) -> int:
    """Return how many cells the neighbour grid has along one side."""
    return 1 if rows <= BRUTE_FORCE_ROWS else max(1, int(size_m / perception.REACH_M))


@inlined
def _cell_index(f: F32, k: I32, i: int, side: int, per_metre: float):
    column = min(max(int(f[col.X, i] * per_metre), 0), side - 1)
    row = min(max(int(f[col.Y, i] * per_metre), 0), side - 1)
    return row * side + column


@entry
def sort_into_cells(f: F32, k: I32, starts: I32, g: Ground, side: int):
    """Counting sort of the living of one world by cell, rows in order inside a cell."""
    order = k[col.SORTED]
    rows = f.shape[1]
    per_metre = side / g.size
    starts[:] = 0
    for i in range(rows):
        if k[col.STATUS, i] == col.ALIVE:
            starts[_cell_index(f, k, i, side, per_metre) + 1] += 1
    for cell in range(side * side):
        starts[cell + 1] += starts[cell]
    alive = starts[side * side]
    for i in range(rows - 1, -1, -1):
        if k[col.STATUS, i] == col.ALIVE:
            cell = _cell_index(f, k, i, side, per_metre) + 1
            starts[cell] -= 1
            order[starts[cell]] = i
    # Every start has moved down by one cell; the last one is the number of the living.
    for cell in range(side * side):
        starts[cell] = starts[cell + 1]
    starts[side * side] = alive


@compiled
def sense(f: F32, k: I32, t: F32, starts: I32, g: Ground, c: Conditions, i: int, side: int):
    """Look at all neighbours of one living animal and write its percepts.

    Bodies in touch are felt. Kin are heard by their calls or seen; a threat or prey counts once it is perceived.
    Males that court know of females by scent and song as well.
    """
    s = k[col.SPECIES, i]
    x, y, z = f[col.X, i], f[col.Y, i], f[col.Z, i]
    spacing = t[s, trait.SPACING] + np.float32(0.5) * t[s, trait.LENGTH]
    elbow = np.float32(1.2) * t[s, trait.LENGTH]
    spacing2, elbow2 = spacing * spacing, elbow * elbow
    align2 = t[s, trait.ALIGN_RANGE] * t[s, trait.ALIGN_RANGE]
    attract2 = t[s, trait.ATTRACT_RANGE] * t[s, trait.ATTRACT_RANGE]
    hx, hy, cos_field = f[col.HEADING_X, i], f[col.HEADING_Y, i], t[s, trait.COS_FIELD]
    now, flight = k[col.BEHAVIOR, i], t[s, trait.FLIGHT]
    seeks = now == b.PROWL or now == b.AMBUSH or now == b.WAIT_AT_HOLE or k[col.CONTROLLED, i] == col.TOLD
    called, seen = np.float32(perception.call_reach(t[s, trait.HEARING], c.rain)), np.float32(sight_of(t, c, s))
    called2, kin2 = called * called, max(called, seen) * max(called, seen)
    push_x = push_y = flow_x = flow_y = herd_x = herd_y = np.float32(0)
    kin, aligned, watchers = 0, 0, 0
    kin_row, threat, prey, alarm = -1, -1, -1, -1
    kin_d2, threat_d2, threat_best, alarm_d2 = _FAR2, _FAR2, _FAR2, _FAR2
    prey_d2, prey_best = _FAR2, _FAR2
    mate, mate_d2 = -1, np.float32(0)
    if courts(f, k, t, i):
        mate_d2 = np.float32(MATE_REACH) * np.float32(MATE_REACH) * attract2
    per_metre = side / g.size
    column = min(max(int(x * per_metre), 0), side - 1)
    row = min(max(int(y * per_metre), 0), side - 1)
    for r in range(max(0, row - 1), min(side, row + 2)):
        first = starts[r * side + max(0, column - 1)]
        last = starts[r * side + min(side - 1, column + 1) + 1]
        for n in range(first, last):
            j = k[col.SORTED, n]
            dx, dy = f[col.X, j] - x, f[col.Y, j] - y
            dz = f[col.Z, j] - z
            d2 = dx * dx + dy * dy + dz * dz
            if d2 > _REACH2 or j == i:
                continue
            other = k[col.SPECIES, j]
            relation = t[s, trait.RELATION + other]
            near2 = spacing2 if relation == trait.KIN else elbow2
            if d2 < near2:
                weight = push(d2, spacing if relation == trait.KIN else elbow)
                push_x -= weight * dx
                push_y -= weight * dy
            if relation == trait.KIN:
                if d2 < mate_d2 and is_receptive(f, k, t, j):
                    mate, mate_d2 = j, d2
                if d2 > kin2 or (d2 > called2 and not perception.faces(hx, hy, cos_field, dx, dy, math.sqrt(d2))):
                    continue
                if d2 < kin_d2:
                    kin_d2, kin_row = d2, j
                if d2 < attract2:
                    kin += 1
                    herd_x += dx
                    herd_y += dy
                    if k[col.BEHAVIOR, j] == b.FLEE and d2 < alarm_d2:
                        alarm_d2, alarm = d2, j
                if d2 < align2:
                    aligned += 1
                    watchers += k[col.BEHAVIOR, j] == b.VIGILANT
                    flow_x += f[col.HEADING_X, j] * f[col.SPEED, j]
                    flow_y += f[col.HEADING_Y, j] * f[col.SPEED, j]
            elif relation == trait.THREAT:
                menace = MENACE[k[col.BEHAVIOR, j]]
                rank = d2 / (menace * menace)
                if rank < threat_best and can_matter(d2, rank, flight) and perceives(f, k, t, g, c, i, j):
                    threat_best, threat_d2, threat = rank, d2, j
            elif relation == trait.PREY and seeks:
                rank = d2 * (_YOUNG_PREY if f[col.MASS, j] < np.float32(0.6) * t[other, trait.MASS] else np.float32(1))
                if rank < prey_best and perceives(f, k, t, g, c, i, j):
                    prey_best, prey_d2, prey = rank, d2, j
    f[col.PUSH_X, i], f[col.PUSH_Y, i] = push_x, push_y
    f[col.FLOW_X, i] = flow_x / max(aligned, 1)
    f[col.FLOW_Y, i] = flow_y / max(aligned, 1)
    f[col.HERD_X, i] = herd_x / max(kin, 1)
    f[col.HERD_Y, i] = herd_y / max(kin, 1)
    k[col.KIN, i], k[col.WATCHERS, i] = kin, watchers
    k[col.KIN_ROW, i], f[col.KIN_D2, i] = kin_row, kin_d2
    k[col.ALARM, i], k[col.MATE, i] = alarm, mate
    k[col.THREAT, i], f[col.THREAT_D2, i] = threat, threat_d2
    k[col.PREY, i], f[col.PREY_D2, i] = prey, prey_d2

"""Beginning: what an animal settles when it takes up a behaviour: how long, where to, with whom."""

import math

from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.errands import errand_target
from eco1.sim.kernels.marks import scent_at
from eco1.sim.kernels.meals import dig_step, is_at_patch, meal_goal, patch_layer
from eco1.sim.kernels.media import is_frozen
from eco1.sim.kernels.perceive import perceives, sight_of
from eco1.sim.kernels.places import (
    at,
    distance_to,
    forage_of,
    keep_inside,
    nearest_carcass,
    next_tree,
    seeks_trees,
    shelter_of,
)
from eco1.sim.laws import scent
from eco1.sim.laws.ranging import patrol_point, point_ahead

_BOUT_SPREAD = 0.16  # bouts are regular: uniform within 8 % of the usual length
_TREE_WITHIN_M = 70.0
_FAR_SHARE = 0.23  # of the side of the world
_DIG_FROM_DEN_M = 35.0
_LOOKS = 5  # directions tried for a journey
_PATROL_STEP_M, _PATROL_STEPS = 20.0, 4  # how far along the border it looks for a place without its mark


@inlined
def territory_radius(t: F32, g: Ground, s: int):
    """Return the radius that is patrolled: the species' own, as far as the world has room, m."""
    return min(t[s, trait.TERRITORY], 0.2 * g.size)


@compiled
def _journey(f: F32, k: I32, veg: F32, g: Ground, i: int, u: float):
    """Return a far point with the best forage in sight among a few directions ahead."""
    best, best_x, best_y = -1e9, 0.0, 0.0
    cells = veg.shape[0]
    for look in range(_LOOKS):
        angle = (look - (_LOOKS - 1) / 2 + u - 0.5) * 0.9
        x, y = point_ahead(
            f[col.X, i], f[col.Y, i], f[col.HEADING_X, i], f[col.HEADING_Y, i], angle, _FAR_SHARE * g.size
        )
        inside_x, inside_y = min(max(x, 0.1 * g.size), 0.9 * g.size), min(max(y, 0.1 * g.size), 0.9 * g.size)
        row, column = min(int(inside_y / g.forage_cell), cells - 1), min(int(inside_x / g.forage_cell), cells - 1)
        value = veg[row, column] - 0.02 * (abs(x - inside_x) + abs(y - inside_y)) - 0.1 * abs(angle)
        dry = at(g, layer.DEPTH, inside_x, inside_y) <= 0.0 and at(g, layer.ROOF, inside_x, inside_y) <= 0.0
        if value > best and dry:
            best, best_x, best_y = value, inside_x, inside_y
    if best == -1e9:
        return f[col.HOME_X, i], f[col.HOME_Y, i]
    return best_x, best_y


@compiled
def _prey_in_sight(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return the nearest prey that the hunter perceives, or -1: where a search leads."""
    s = k[col.SPECIES, i]
    found, best = -1, sight_of(t, c, s)
    for j in range(f.shape[1]):
        if k[col.STATUS, j] == col.ALIVE and t[s, trait.RELATION + k[col.SPECIES, j]] == trait.PREY:
            distance = distance_to(f, k, i, f[col.X, j], f[col.Y, j])
            if distance < best and perceives(f, k, t, g, c, i, j):
                found, best = j, distance
    return found


@compiled
def _forage_goal(f: F32, k: I32, t: F32, veg: F32, g: Ground, i: int, u: float):
    s = k[col.SPECIES, i]
    if int(t[s, trait.FOOD]) & trait.INSECTS:
        den_x, den_y = at(g, layer.DEN_X, f[col.X, i], f[col.Y, i]), at(g, layer.DEN_Y, f[col.X, i], f[col.Y, i])
        far = distance_to(f, k, i, den_x, den_y)
        if far > _DIG_FROM_DEN_M:
            share = dig_step(t, s) / far
            return f[col.X, i] + share * (den_x - f[col.X, i]), f[col.Y, i] + share * (den_y - f[col.Y, i])
        return point_ahead(
            f[col.X, i],
            f[col.Y, i],
            f[col.HEADING_X, i],
            f[col.HEADING_Y, i],
            1.6 * (u - 0.5),
            dig_step(t, s) * (0.8 + 0.4 * u),
        )
    if seeks_trees(t, s):
        x, y = next_tree(f, k, g, i)
        if distance_to(f, k, i, x, y) < _TREE_WITHIN_M and k[col.BEHAVIOR, i] != b.BROWSE:
            return x, y
    _, _, x, y = forage_of(f, k, t, veg, g, i)
    if math.isnan(x):  # a meat-eater that was told to graze stays where it is
        return f[col.X, i], f[col.Y, i]
    return x, y


@compiled
def _patrol_goal(f: F32, k: I32, t: F32, marks: I32, g: Ground, c: Conditions, i: int):
    """Return the next point of the border without a fresh mark of its own; home for the timid on a foreign mark."""
    x, y, home_x, home_y = f[col.X, i], f[col.Y, i], f[col.HOME_X, i], f[col.HOME_Y, i]
    foreign = scent_at(marks, k, g, c, i, x, y) == scent.FOREIGN
    if foreign and not scent.answers(f[col.PERSONALITY + b.AGGRESSION, i]):
        return home_x, home_y
    radius = territory_radius(t, g, k[col.SPECIES, i])
    for steps in range(1, _PATROL_STEPS + 1):
        there_x, there_y = patrol_point(x, y, home_x, home_y, radius, steps * _PATROL_STEP_M)
        if scent_at(marks, k, g, c, i, keep_inside(there_x, g), keep_inside(there_y, g)) != scent.OWN:
            return there_x, there_y
    return patrol_point(x, y, home_x, home_y, radius, _PATROL_STEP_M)


@compiled
def _goal(f: F32, k: I32, t: F32, veg: F32, marks: I32, g: Ground, c: Conditions, i: int, behavior: int):
    """Return where the behaviour leads, m; where it is now for behaviours that lead nowhere."""
    leader = k[col.LEADER, i]
    x, y, hx, hy = f[col.X, i], f[col.Y, i], f[col.HEADING_X, i], f[col.HEADING_Y, i]
    u0, u1, _, _ = draws.draw(k, c, i, draws.GOAL)
    if b.SEEKS_FOOD[behavior]:
        if k[col.MEAL, i] > trait.GRASS:
            return meal_goal(f, k, t, g, c, i, u0)
        return _forage_goal(f, k, t, veg, g, i, u0)
    if behavior == b.FILTER:
        return meal_goal(f, k, t, g, c, i, u0)
    if behavior == b.PICK and is_at_patch(f, k, t, g, c, i):
        return at(g, patch_layer(c, k[col.MEAL, i]), x, y), at(g, patch_layer(c, k[col.MEAL, i]) + 1, x, y)
    if behavior == b.CARRY or behavior == b.BROOD:
        return f[col.HOME_X, i], f[col.HOME_Y, i]
    if behavior == b.FOLLOW_TRAIL:
        return f[col.KNOWN_X, i], f[col.KNOWN_Y, i]
    if behavior == b.WAIT_AT_HOLE or (behavior == b.SURFACE and is_frozen(g, c, x, y)):
        return at(g, layer.HOLE_X, x, y), at(g, layer.HOLE_Y, x, y)
    if behavior == b.GO_TO_WATER:
        return at(g, layer.SHORE_X, x, y), at(g, layer.SHORE_Y, x, y)
    if behavior == b.SHELTER or behavior == b.DEN:
        return shelter_of(f, k, t, g, i)
    if behavior == b.EXPLORE:
        return point_ahead(x, y, hx, hy, 2.0 * (u0 - 0.5), 12.0 + 30.0 * u1)
    if behavior == b.PATROL:
        return _patrol_goal(f, k, t, marks, g, c, i)
    if behavior == b.MIGRATE or behavior == b.SCHOOL:
        if leader != i and k[col.STATUS, leader] == col.ALIVE:
            return point_ahead(
                f[col.X, leader], f[col.Y, leader], f[col.HEADING_X, leader], f[col.HEADING_Y, leader], 0.0, 120.0
            )
        if behavior == b.SCHOOL:
            return point_ahead(x, y, hx, hy, 1.6 * (u0 - 0.5), 15.0 + 0.1 * g.size * u1)
        return _journey(f, k, veg, g, i, u0)
    if behavior == b.PROWL:
        prey = _prey_in_sight(f, k, t, g, c, i)
        if prey >= 0:
            return f[col.X, prey], f[col.Y, prey]
        return _journey(f, k, veg, g, i, u0)
    if behavior == b.SOAR:
        return point_ahead(x, y, hx, hy, 1.2 * (u0 - 0.5), 60.0 + 120.0 * u1)
    if behavior == b.SCAVENGE:
        carcass, _ = nearest_carcass(f, k, t, g, c, i)
        if carcass >= 0:
            return f[col.X, carcass], f[col.Y, carcass]
    return x, y


@compiled
def begin(f: F32, k: I32, t: F32, veg: F32, marks: I32, g: Ground, c: Conditions, i: int, behavior: int):
    """Settle the length, goal, partner and motive of a behaviour that begins."""
    s = k[col.SPECIES, i]
    u0, _, _, _ = draws.draw(k, c, i, draws.BOUT)
    tempo = min(1.5, max(0.7, math.pow(t[s, trait.MASS] / 80.0, 0.07)))
    f[col.BOUT, i] = b.BOUT_S[behavior] * tempo * (1 - 0.5 * _BOUT_SPREAD + _BOUT_SPREAD * u0)
    if behavior == b.GRAZE:
        # The hungry crop longer, the frightened look up sooner.
        f[col.BOUT, i] *= 0.8 + 0.6 * f[col.DRIVES + b.HUNGER, i] - 0.35 * f[col.DRIVES + b.FEAR, i]
    x, y = _goal(f, k, t, veg, marks, g, c, i, behavior)
    f[col.GOAL_X, i], f[col.GOAL_Y, i] = keep_inside(x, g), keep_inside(y, g)
    if behavior == b.PLAY:
        k[col.NEXT_TARGET, i] = k[col.KIN_ROW, i]
    elif behavior == b.COURT:
        k[col.NEXT_TARGET, i] = k[col.MATE, i]
    elif behavior == b.TEND_YOUNG:
        k[col.NEXT_TARGET, i] = k[col.YOUNG, i]
    elif behavior == b.SCAVENGE:
        k[col.NEXT_TARGET, i], _ = nearest_carcass(f, k, t, g, c, i)
    elif behavior == b.SHARE or behavior >= b.BEG:
        k[col.NEXT_TARGET, i] = errand_target(f, k, t, i, behavior)
    elif behavior > b.STRIKE and not b.KEEPS_TARGET[behavior]:
        k[col.NEXT_TARGET, i] = -1
    k[col.INTENT, i] = b.DRIVE_OF[behavior]

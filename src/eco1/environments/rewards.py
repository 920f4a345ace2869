"""Rewards: energy, survival and what a task is about, for one controlled animal and one step.

Every task but ``EVADE`` pays ``GUT`` for a full gut of energy gained (and takes it for energy spent), and every task
``MINUTE`` for each minute lived and ``DEATH`` once. To that come the terms of the task, named below. All weights are
estimates: chosen so that living well for an episode is worth a few points and no term drowns the others.
"""

import math

from eco1.environments.compiled import compiled, inlined
from eco1.sim import behaviors as b
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.begin import territory_radius
from eco1.sim.kernels.places import distance_to, keep_inside
from eco1.sim.laws import energy

HUNT, EVADE, FORAGE, HERD, MIGRATE, PATROL = range(6)

GUT, MINUTE, DEATH = 10.0, 1.0, -5.0
#: Hunt: a kill, and coming nearer to the nearest prey by the side of the world (a potential: what is gained by going
#: there is lost by going back; Ng, Harada & Russell 1999, "Policy invariance under reward transformations", ICML).
KILL, APPROACH = 3.0, 3.0
#: Evade: a minute more among hunters, beside ``MINUTE``.
SAFE = 4.0
#: Herd: a minute in touch with the middle of the herd.
TOGETHER = 2.0
#: Migrate: the whole way (a potential again), and to have arrived.
WAY, ARRIVED = 5.0, 2.0
#: Patrol: one of the ``SECTORS`` of the border marked for the first time.
SECTOR = 0.5

SECTORS = 12
_TOUCH_SHARE = 0.5  # of the attraction range, within which an animal is with its herd: estimate
_ARRIVED_M = 8.0
_MARK_SHARE, _LEAST_MARK_M = 0.35, 6.0  # of the radius of the territory, how near to a point of the border one marks it
_MARKS_BELOW_MPS = 0.5
_SATISFIED = 0.1  # of a full gut that a forager must have gained
_IN_TOUCH = 0.8  # of an episode that an animal of the herd must have been with it
_PATROLLED = 6  # sectors

#: What is remembered of an episode, (M) numbers.
ENERGY, FIRST_ENERGY, GOAL_X, GOAL_Y, WAY_LEFT, WHOLE_WAY, KILLS, LAST_KILL, TOUCH_S, MARKED = range(10)
LIVED_S, RETURN, SUCCESS = 10, 11, 12
MEMO = 13


@inlined
def gut_of(f: F32, t: F32, c: Conditions, i: int, s: int):
    """Return the joules that the gut of an animal holds."""
    meat = int(t[s, trait.FOOD]) & (trait.FLESH | trait.CARRION) != 0
    return energy.gut_capacity(f[col.POWER, i], meat, c.physiology)


@inlined
def gut_reward(kind: int):
    """Return what a full gut of energy gained is worth: nothing to evaders, who would rather graze than live."""
    return 0.0 if kind == EVADE else GUT


@compiled
def nearest_prey(f: F32, k: I32, t: F32, i: int):
    """Return how far the nearest living prey is, m; 0 where there is none."""
    best, s = 1e9, k[col.SPECIES, i]
    for j in range(f.shape[1]):
        if k[col.STATUS, j] == col.ALIVE and t[s, trait.RELATION + k[col.SPECIES, j]] == trait.PREY:
            best = min(best, distance_to(f, k, i, f[col.X, j], f[col.Y, j]))
    return 0.0 if best == 1e9 else best


@compiled
def _off_herd(f: F32, k: I32, i: int):
    """Return how far the middle of its own kind is, m; infinite for one alone."""
    x, y, count = 0.0, 0.0, 0
    for j in range(f.shape[1]):
        if j != i and k[col.STATUS, j] == col.ALIVE and k[col.SPECIES, j] == k[col.SPECIES, i]:
            x, y, count = x + f[col.X, j], y + f[col.Y, j], count + 1
    return distance_to(f, k, i, x / count, y / count) if count > 0 else math.inf


@inlined
def _border_point(f: F32, k: I32, t: F32, g: Ground, i: int, sector: int):
    """Return the middle of a sector of the border of its territory, m, moved inside the world."""
    radius, angle = territory_radius(t, g, k[col.SPECIES, i]), 2 * math.pi * (sector + 0.5) / SECTORS
    x, y = f[col.HOME_X, i] + radius * math.cos(angle), f[col.HOME_Y, i] + radius * math.sin(angle)
    return keep_inside(x, g), keep_inside(y, g)


@compiled
def _patrol(f: F32, k: I32, t: F32, g: Ground, i: int, memo: F32):
    """Mark the sector it stands in; make the nearest unmarked point the goal. Return how many were marked anew."""
    marks = k[col.BEHAVIOR, i] == b.SCENT_MARK and f[col.SPEED, i] < _MARKS_BELOW_MPS
    reach = max(_LEAST_MARK_M, _MARK_SHARE * territory_radius(t, g, k[col.SPECIES, i]))
    done, new, best = int(memo[MARKED]), 0, 1e9
    for sector in range(SECTORS):
        if (done >> sector) & 1:
            continue
        x, y = _border_point(f, k, t, g, i, sector)
        distance = distance_to(f, k, i, x, y)
        if marks and distance < reach:
            done |= 1 << sector
            new += 1
        elif distance < best:
            best, memo[GOAL_X], memo[GOAL_Y] = distance, x, y
    memo[MARKED] = done
    return new


@inlined
def _count(bits: int):
    ones = 0
    for sector in range(SECTORS):
        ones += (bits >> sector) & 1
    return ones


@compiled
def task_reward(kind: int, f: F32, k: I32, t: F32, g: Ground, i: int, memo: F32, dt: float):
    """Return what one simulated step of ``dt`` s was worth to the task, beside energy and survival."""
    if kind == HUNT:
        way, reward, prey = nearest_prey(f, k, t, i), 0.0, k[col.TARGET, i]
        if memo[WAY_LEFT] > 0.0 and way > 0.0:
            reward = APPROACH * (memo[WAY_LEFT] - way) / g.size
        memo[WAY_LEFT] = way
        caught = k[col.BEHAVIOR, i] == b.STRIKE and prey >= 0 and k[col.STATUS, prey] == col.CARCASS
        if caught and k[col.IDENTITY, prey] != int(memo[LAST_KILL]):
            memo[LAST_KILL], memo[KILLS] = k[col.IDENTITY, prey], memo[KILLS] + 1
            memo[WAY_LEFT] = 0.0  # the next prey is farther through no fault of its own
            return KILL
        return reward
    if kind == EVADE:
        return SAFE * dt / 60
    if kind == HERD:
        if _off_herd(f, k, i) < _TOUCH_SHARE * t[k[col.SPECIES, i], trait.ATTRACT_RANGE]:
            memo[TOUCH_S] += dt
            return TOGETHER * dt / 60
        return 0.0
    if kind == MIGRATE:
        way = distance_to(f, k, i, memo[GOAL_X], memo[GOAL_Y])
        gained = WAY * (memo[WAY_LEFT] - way) / memo[WHOLE_WAY]
        memo[WAY_LEFT] = way
        return gained + (ARRIVED if way < _ARRIVED_M else 0.0)
    if kind == PATROL:
        return SECTOR * _patrol(f, k, t, g, i, memo)
    return 0.0


@inlined
def has_arrived(kind: int, memo: F32):
    """Return whether there is nothing left to do: a migration ends at its goal."""
    return kind == MIGRATE and memo[WAY_LEFT] < _ARRIVED_M


@inlined
def succeeded(kind: int, memo: F32, alive: bool, gut: float):
    """Return whether an episode that ended now would count as a success."""
    if kind == HUNT:
        return memo[KILLS] > 0
    if kind == FORAGE:
        return alive and memo[ENERGY] - memo[FIRST_ENERGY] > _SATISFIED * gut
    if kind == HERD:
        return alive and memo[TOUCH_S] > _IN_TOUCH * memo[LIVED_S]
    if kind == MIGRATE:
        return has_arrived(kind, memo)
    if kind == PATROL:
        return _count(int(memo[MARKED])) >= _PATROLLED
    return alive

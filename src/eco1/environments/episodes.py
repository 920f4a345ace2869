"""Episodes: worlds side by side that begin, go on and end each at its own time, with one animal in each to look after.

A world's clock starts anew with its episode, so a world lives the same life whatever its neighbours do.
"""

import math

from eco1.environments import rewards
from eco1.environments.batch import Desk, Rules, Worlds
from eco1.environments.compiled import compiled, entry, inlined
from eco1.environments.offsets import place
from eco1.environments.orders import tell
from eco1.environments.raster import paint
from eco1.environments.view import VIEW, view
from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.fields import F32, F64, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels import run
from eco1.sim.kernels.lives import power_of
from eco1.sim.kernels.look import length_of
from eco1.sim.kernels.media import first_height, is_home
from eco1.sim.kernels.places import keep_inside
from eco1.sim.laws import energy

#: What an observation tells after view and behaviour: the goal (ahead, left, log distance, presence), time left.
TASK = 5
_GOAL_DRAW, _NEAR_DRAW = 61, 62  # purposes of random numbers
_GOAL_TRIES = 16
_FAR_SHARE = 0.45  # of the side of the world, least distance of a goal
GOING, DIED, ARRIVED, TIME_UP = range(4)


@inlined
def _conditions(sky: F64, r: Rules, step: int):
    """Return what holds at a step, from the table of all steps."""
    s = sky[step]
    return Conditions(r.seed, step, r.dt, s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], s[8], s[9], s[10])


@inlined
def _grown(f: F32, k: I32, t: F32, c: Conditions, i: int, hunger: float):
    """Make an animal an adult of a certain hunger: nobody learns to hunt as a cub."""
    s = k[col.SPECIES, i]
    f[col.MASS, i], f[col.AGE, i] = t[s, trait.MASS], max(f[col.AGE, i], t[s, trait.MATURITY])
    f[col.POWER, i] = power_of(f, k, t, c, i)
    if hunger >= 0.0:
        f[col.DRIVES + b.HUNGER, i] = hunger
    gut = rewards.gut_of(f, t, c, i, s)
    f[col.ENERGY, i] = energy.body_reserve(f[col.POWER, i], c.physiology) + gut * (1 - f[col.DRIVES + b.HUNGER, i])


@compiled
def _set_goal(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, memo: F32):
    """Choose a place far off in the animal's element."""
    for attempt in range(_GOAL_TRIES):
        u0, u1, _, _ = draws.draw_at(k, c, attempt, i, _GOAL_DRAW)
        x, y = keep_inside(u0 * g.size, g), keep_inside(u1 * g.size, g)
        dx, dy = x - f[col.X, i], y - f[col.Y, i]
        memo[rewards.GOAL_X], memo[rewards.GOAL_Y] = x, y
        way = (dx * dx + dy * dy) ** 0.5
        memo[rewards.WAY_LEFT] = memo[rewards.WHOLE_WAY] = max(1.0, way)
        if way > _FAR_SHARE * g.size and is_home(t, g, c, k[col.SPECIES, i], x, y):
            return


@inlined
def _hunts_here(k: I32, t: F32, j: int):
    """Return whether an animal finds any of its prey in its world."""
    for n in range(k.shape[1]):
        if k[col.STATUS, n] == col.ALIVE and t[k[col.SPECIES, j], trait.RELATION + k[col.SPECIES, n]] == trait.PREY:
            return True
    return False


@compiled
def _bring_near(f: F32, k: I32, t: F32, g: Ground, c: Conditions, j: int, share: float):
    """Move a hunter to within a share of the side of the world of the first of its prey; it still has to find it."""
    s, target = k[col.SPECIES, j], -1
    for n in range(f.shape[1] - 1, -1, -1):
        if k[col.STATUS, n] == col.ALIVE and t[s, trait.RELATION + k[col.SPECIES, n]] == trait.PREY:
            target = n
    for attempt in range(_GOAL_TRIES):
        u0, u1, _, _ = draws.draw_at(k, c, attempt, j, _NEAR_DRAW)
        way, angle = share * g.size * (0.8 + 0.4 * u0), 2 * math.pi * u1
        x, y = f[col.X, target] + way * math.cos(angle), f[col.Y, target] + way * math.sin(angle)
        if keep_inside(x, g) == x and keep_inside(y, g) == y and is_home(t, g, c, s, x, y):
            f[col.X, j], f[col.Y, j], f[col.Z, j] = x, y, first_height(t, g, s, x, y)
            return


@compiled
def _begin(r: Rules, w: Worlds, d: Desk, t: F32, g: Ground, sky: F64, counts: I32, n: int):
    """Begin a new episode in world ``n``."""
    f, k, c, memo, i = w.floats[n], w.integers[n], _conditions(sky, r, 0), d.memo[n], r.me
    run.restart_world(f, k, t, w.forage[n], w.marks[n], w.census[n], w.ledger[n], g, c, counts, w.streams[n])
    _grown(f, k, t, c, i, r.hunger)
    for j in range(f.shape[1]):
        if k[col.STATUS, j] != col.ALIVE:
            continue
        if t[k[col.SPECIES, j], trait.RELATION + k[col.SPECIES, i]] == trait.PREY:
            _grown(f, k, t, c, j, r.hunters_hunger)
        if r.apart >= 0.0 and _hunts_here(k, t, j):
            _bring_near(f, k, t, g, c, j, r.apart)
    memo[:] = 0.0
    memo[rewards.LAST_KILL] = -1
    memo[rewards.ENERGY] = memo[rewards.FIRST_ENERGY] = f[col.ENERGY, i]
    if r.kind == rewards.MIGRATE:
        _set_goal(f, k, t, g, c, i, memo)
    elif r.kind == rewards.PATROL:
        rewards.task_reward(r.kind, f, k, t, g, i, memo, 0.0)
    d.past[n], d.steps[n], d.over[n], d.reward[n] = 0.0, 0, GOING, 0.0


@inlined
def _lives(k: I32, r: Rules):
    """Return whether the animal is still there: its row may belong to another by now."""
    return k[col.STATUS, r.me] == col.ALIVE and k[col.IDENTITY, r.me] == r.me


@compiled
def _go_on(
    r: Rules, w: Worlds, d: Desk, t: F32, g: Ground, sky: F64, counts: I32, menu: I32, actions: F32, told: bool, n: int
):  # fmt: skip
    """Live one step of the environment in world ``n`` and judge it."""
    f, k, memo, i = w.floats[n], w.integers[n], d.memo[n], r.me
    reward, s, first = 0.0, k[col.SPECIES, i], d.steps[n] * r.hold
    d.over[n] = GOING
    for step in range(first, first + r.hold):
        c = _conditions(sky, r, step)
        k[col.CONTROLLED] = col.FREE
        if told:
            tell(f, k, t, g, c, i, menu, actions[n], r.discrete)
        run.step_world(
            f, k, t, w.forage[n], w.marks[n], w.census[n], w.ledger[n], w.cells[n], g, c, r.side, counts
        )  # fmt: skip
        memo[rewards.LIVED_S] += r.dt
        reward += rewards.task_reward(r.kind, f, k, t, g, i, memo, r.dt)
        if not _lives(k, r):
            reward += rewards.DEATH
            d.over[n] = DIED
            break
        gained = (f[col.ENERGY, i] - memo[rewards.ENERGY]) / rewards.gut_of(f, t, c, i, s)
        memo[rewards.ENERGY] = f[col.ENERGY, i]
        reward += rewards.gut_reward(r.kind) * gained + rewards.MINUTE * r.dt / 60
        if rewards.has_arrived(r.kind, memo):
            d.over[n] = ARRIVED
            break
    d.steps[n] += 1
    if d.over[n] == GOING and d.steps[n] == r.longest:
        d.over[n] = TIME_UP
    memo[rewards.RETURN] += reward
    d.reward[n] = reward
    gut = rewards.gut_of(f, t, _conditions(sky, r, first), i, s)
    memo[rewards.SUCCESS] = rewards.succeeded(r.kind, memo, d.over[n] != DIED, gut)


@compiled
def _look(r: Rules, w: Worlds, d: Desk, t: F32, g: Ground, sky: F64, menu: I32, n: int):
    """Write what the animal of world ``n`` perceives."""
    f, k, i, out = w.floats[n], w.integers[n], r.me, d.state[n]
    c = _conditions(sky, r, d.steps[n] * r.hold)
    view(out, f, k, t, w.forage[n], g, c, i, d.past[n], d.near[n], d.around[n], r.dt * r.hold)
    for entry_ in range(menu.shape[0]):
        out[VIEW + entry_] = k[col.BEHAVIOR, i] == menu[entry_]
    at = VIEW + menu.shape[0]
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    if r.kind == rewards.MIGRATE or r.kind == rewards.PATROL:
        dx, dy = d.memo[n, rewards.GOAL_X] - f[col.X, i], d.memo[n, rewards.GOAL_Y] - f[col.Y, i]
        place(out, at, hx, hy, dx, dy, 1.0 / length_of(f, k, t, i))
    else:
        out[at : at + 4] = 0.0
    out[at + 4] = 1.0 - d.steps[n] / r.longest
    if d.picture.shape[0] > 0:
        paint(d.picture[n], f, k, t, w.forage[n], g, c, i, f[col.X, i], f[col.Y, i], hx, hy, r.reach_m)


@compiled
def _keep(d: Desk, n: int):
    """Keep the last observation of an episode before the next one begins."""
    for v in range(d.state.shape[1]):
        d.final_state[n, v] = d.state[n, v]
    for v in range(d.memo.shape[1]):
        d.final_memo[n, v] = d.memo[n, v]
    if d.picture.shape[0] > 0:
        for row in range(d.picture.shape[1]):
            for column in range(d.picture.shape[2]):
                for channel in range(3):
                    d.final_picture[n, row, column, channel] = d.picture[n, row, column, channel]


@entry
def begin_worlds(
    r: Rules, w: Worlds, d: Desk, t: F32, g: Ground, sky: F64, counts: I32, menu: I32, first: int, last: int
):  # fmt: skip
    """Begin new episodes in worlds ``first`` to ``last``."""
    for n in range(first, last):
        _begin(r, w, d, t, g, sky, counts, n)
        _look(r, w, d, t, g, sky, menu, n)


@entry
def step_worlds(
    r: Rules, w: Worlds, d: Desk, t: F32, g: Ground, sky: F64, counts: I32, menu: I32, actions: F32, told: bool,
    first: int, last: int,
):  # fmt: skip
    """Take worlds ``first`` to ``last`` one step further; what has ended begins anew as ``r.same_step`` says."""
    for n in range(first, last):
        if d.over[n] != GOING and not r.same_step:
            _begin(r, w, d, t, g, sky, counts, n)
            _look(r, w, d, t, g, sky, menu, n)
            continue
        _go_on(r, w, d, t, g, sky, counts, menu, actions, told, n)
        _look(r, w, d, t, g, sky, menu, n)
        if d.over[n] != GOING and r.same_step:
            ended, reward = d.over[n], d.reward[n]
            _keep(d, n)
            _begin(r, w, d, t, g, sky, counts, n)
            _look(r, w, d, t, g, sky, menu, n)
            d.over[n], d.reward[n] = ended, reward

"""Advancing: each animal's own body for one step: it moves, tires, thirsts. The others do not come into it."""

import math

from eco1.core.random import normal2
from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.errands import FULL_BREATH_S, can_breathe
from eco1.sim.kernels.media import ceiling_at, drift_of, floor_at, is_seated, leap, pace, stops
from eco1.sim.kernels.places import WATER_REACH_M, at, distance_to
from eco1.sim.kernels.recruits import show
from eco1.sim.kernels.turns import is_turn
from eco1.sim.laws import drives, energy, movement, reproduction

_WANDER_EVERY = 20  # steps
_FEEL_EVERY = 4  # steps between two updates of needs and stamina, which change slowly
_WANDER_RAD = 0.22
_WANDER_S = 1.2
_DRINK_S = 12.0  # from parched to quenched
_FALL_MPS = 4.0  # through branches that give way: estimate
_SINK = 2.0  # times its fastest climb a flyer comes down
_APPROACH_PER_S = 0.5  # of the way to the height a flyer wishes for
_RIM_M = 0.5
_ALIGNED = 0.99999  # cosine of the angle between heading and wish below which nobody bothers to turn


@inlined
def _move(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    s = k[col.SPECIES, i]
    lift = int(t[s, trait.LIFT])
    x, y, z, hx, hy = f[col.X, i], f[col.Y, i], f[col.Z, i], f[col.HEADING_X, i], f[col.HEADING_Y, i]
    wish_speed, uphill, told = f[col.WISH_SPEED, i], 0.0, k[col.CONTROLLED, i] == col.TOLD
    settled = hx * f[col.WISH_X, i] + hy * f[col.WISH_Y, i] > _ALIGNED
    if settled and wish_speed == 0.0 and f[col.SPEED, i] == 0.0 and lift == trait.GROUNDED:
        return
    above = z - floor_at(g, lift, x, y) if lift != trait.GROUNDED else 0.0
    if lift == trait.GROUNDED:
        uphill = at(g, layer.SLOPE_X, x, y) * hx + at(g, layer.SLOPE_Y, x, y) * hy
    elif told:  # and so it goes on when let go
        f[col.WISH_HEIGHT, i] = max(0.0, above + f[col.ORDER_Z, i] / _APPROACH_PER_S)
    if lift == trait.AIR and not is_seated(g, lift, x, y, above):
        wish_speed = max(wish_speed, t[s, trait.LEAST_SPEED])
    limit = movement.top_speed(t[s, trait.TOP], f[col.STAMINA, i], f[col.MASS, i] / t[s, trait.MASS], uphill)
    hx, hy, speed = movement.steer_body(
        hx, hy, f[col.SPEED, i], f[col.WISH_X, i], f[col.WISH_Y, i], wish_speed, limit * pace(t, g, c, s, x, y),
        t[s, trait.ACCELERATION], t[s, trait.DECELERATION], t[s, trait.TURN], t[s, trait.GRIP], c.dt, told,
    )  # fmt: skip
    drift_x, drift_y = drift_of(f, k, t, g, c, i)
    new_x, new_y = x + (speed * hx + drift_x) * c.dt, y + (speed * hy + drift_y) * c.dt
    if not _may_go(t, g, c, s, new_x, new_y, z, hx, hy):
        # Along the obstacle, if that is open: a body slides along a wall.
        if _may_go(t, g, c, s, new_x, y, z, hx, hy):
            new_y = y
        elif _may_go(t, g, c, s, x, new_y, z, hx, hy):
            new_x = x
        else:
            new_x, new_y, speed = x, y, 0.0
            if lift == trait.CROWNS:  # no branch leads on: down to the ground
                f[col.WISH_HEIGHT, i] = 0.0
    f[col.X, i], f[col.Y, i] = new_x, new_y
    f[col.HEADING_X, i], f[col.HEADING_Y, i], f[col.SPEED, i] = hx, hy, speed
    _rise(f, k, t, g, c, i, lift, told)


@inlined
def _may_go(
    t: F32, g: Ground, c: Conditions, s: int, x: float, y: float, z: float, heading_x: float, heading_y: float
):  # fmt: skip
    """Return whether a body may be at a place: inside the world and not stopped."""
    if min(x, y) < _RIM_M or max(x, y) > g.size - _RIM_M:
        return False
    return not stops(t, g, c, s, x, y, z, leap(x, heading_x), leap(y, heading_y))


@inlined
def _rise(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int, lift: int, told: bool):
    """Bring a body towards the height it wishes for, between what it rests on and what carries it."""
    s, x, y, z = k[col.SPECIES, i], f[col.X, i], f[col.Y, i], f[col.Z, i]
    floor = floor_at(g, lift, x, y)
    new_z = floor
    if lift != trait.GROUNDED:
        fastest = t[s, trait.CLIMB]
        climb = f[col.ORDER_Z, i] if told else _APPROACH_PER_S * (f[col.WISH_HEIGHT, i] - max(0.0, z - floor))
        climb = min(max(climb, -_SINK * fastest if lift == trait.AIR else -fastest), fastest)
        ceiling = ceiling_at(g, lift, x, y, floor)
        if lift == trait.CROWNS and t[s, trait.SWINGS] == 1:
            ceiling = max(ceiling, z)  # in a leap from crown to crown
        new_z = max(floor, min(z + climb * c.dt, max(ceiling, z - _FALL_MPS * c.dt)))
    f[col.CLIMB, i] = (new_z - z) / c.dt
    f[col.Z, i] = new_z


@inlined
def _feel(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    s, now, dt = k[col.SPECIES, i], k[col.BEHAVIOR, i], c.dt * _FEEL_EVERY
    need = f[col.DRIVES : col.DRIVES + 7, i]
    meat_eater = int(t[s, trait.FOOD]) & (trait.FLESH | trait.CARRION) != 0
    power = f[col.POWER, i]
    need[b.HUNGER] = drives.hunger(
        f[col.ENERGY, i],
        energy.body_reserve(power, c.physiology),
        energy.gut_capacity(power, meat_eater, c.physiology),
    )
    x, y = f[col.X, i], f[col.Y, i]
    drinking = now == b.DRINK
    if drinking:
        reach = 2.0 * WATER_REACH_M + t[s, trait.LENGTH]
        drinking = distance_to(f, k, i, at(g, layer.SHORE_X, x, y), at(g, layer.SHORE_Y, x, y)) < reach
    if t[s, trait.LIFT] != trait.WATER and t[s, trait.PERSON] == 0:
        drinking = drinking or (now == b.PICK) or (now == b.BROWSE and t[s, trait.LIFT] == trait.CROWNS)
        need[b.THIRST] = drives.thirst(need[b.THIRST], t[s, trait.THIRST_S], drinking, _DRINK_S, c.heat, dt)
    effort = f[col.SPEED, i] / t[s, trait.TOP]
    resting = bool(b.RESTS[now]) or (now == b.SHELTER and effort < 0.02)
    need[b.FATIGUE] = drives.fatigue(need[b.FATIGUE], t[s, trait.REST], resting, effort, c.physiology, dt)
    threat_m = math.sqrt(f[col.THREAT_D2, i]) if k[col.THREAT, i] >= 0 else 1e6
    need[b.FEAR] = drives.fear(need[b.FEAR], threat_m, t[s, trait.FLIGHT], f[col.PERSONALITY + b.BOLDNESS, i], dt)
    off = 1e3
    if k[col.KIN, i] > 0:
        off = math.sqrt(f[col.HERD_X, i] ** 2 + f[col.HERD_Y, i] ** 2)
    gregarious = min(1.0, t[s, trait.ALIGN_WEIGHT] * (0.7 + 0.6 * f[col.PERSONALITY + b.SOCIABILITY, i]) + 0.2)
    need[b.SOCIAL] = drives.social(need[b.SOCIAL], off, 0.4 * t[s, trait.ATTRACT_RANGE], gregarious, dt)
    ready = t[s, trait.LITTER] > 0.0 and reproduction.is_ready(
        f[col.AGE, i], t[s, trait.MATURITY], f[col.GESTATION, i], f[col.BREEDING_PAUSE, i], need[b.HUNGER]
    )
    need[b.REPRODUCTIVE] = drives.reproductive(need[b.REPRODUCTIVE], ready, t[s, trait.LIFESPAN], dt)
    indulged = now == b.EXPLORE or now == b.PLAY or now == b.MIGRATE
    need[b.CURIOSITY] = drives.curiosity(need[b.CURIOSITY], f[col.PERSONALITY + b.ACTIVITY, i], indulged, dt)
    if t[s, trait.BREATHES] == 1:
        breathes = can_breathe(f, k, t, g, c, i)
        f[col.BREATH, i] = FULL_BREATH_S if breathes else f[col.BREATH, i] - dt
    f[col.STAMINA, i] = drives.stamina(
        f[col.STAMINA, i], f[col.SPEED, i], t[s, trait.WALK], t[s, trait.TOP], t[s, trait.SPRINT], dt
    )


@inlined
def advance(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Carry out what one living animal decided."""
    if k[col.NEXT_BEHAVIOR, i] != k[col.BEHAVIOR, i]:
        k[col.BEHAVIOR, i] = k[col.NEXT_BEHAVIOR, i]
        f[col.CLOCK, i] = 0.0
    else:
        f[col.CLOCK, i] += c.dt
    k[col.TARGET, i] = k[col.NEXT_TARGET, i]
    if k[col.BEHAVIOR, i] == b.RECRUIT:
        show(f, k, i)
    if (c.step + i) % _WANDER_EVERY == 0:
        u0, u1, _, _ = draws.draw(k, c, i, draws.WANDER)
        f[col.WANDER_GOAL, i] = _WANDER_RAD * normal2(u0, u1)[0]
    f[col.WANDER, i] = drives.toward(f[col.WANDER, i], f[col.WANDER_GOAL, i], _WANDER_S, c.dt)
    _move(f, k, t, g, c, i)
    if is_turn(c.step, i, _FEEL_EVERY):
        _feel(f, k, t, g, c, i)

"""Advancing: each animal's own body for one step: it moves, tires, thirsts. The others do not come into it."""

import math

from eco1.core.random import normal2
from eco1.sim import behaviors as b
from eco1.sim import draws
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.places import WATER_REACH_M, at, distance_to, is_deep
from eco1.sim.kernels.turns import is_turn
from eco1.sim.laws import drives, energy, movement, reproduction
from eco1.sim.laws.terrain import height_at

_WANDER_EVERY = 20  # steps
_FEEL_EVERY = 4  # steps between two updates of needs and stamina, which change slowly
_WANDER_RAD = 0.22
_WANDER_S = 1.2
_DRINK_S = 12.0  # from parched to quenched
_LEAST_FLIGHT_MPS = 5.0
_CLIMB_MPS, _SINK_MPS = 3.0, 6.0
_APPROACH_PER_S = 0.5  # of the way to the height a flyer wishes for
_RIM_M = 0.5
_ALIGNED = 0.99999  # cosine of the angle between heading and wish below which nobody bothers to turn


@inlined
def _move(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    s = k[col.SPECIES, i]
    x, y, hx, hy = f[col.X, i], f[col.Y, i], f[col.HEADING_X, i], f[col.HEADING_Y, i]
    flies = t[s, trait.FLIES] == 1
    wish_speed, uphill, told = f[col.WISH_SPEED, i], 0.0, k[col.CONTROLLED, i] == col.TOLD
    settled = hx * f[col.WISH_X, i] + hy * f[col.WISH_Y, i] > _ALIGNED
    if settled and wish_speed == 0.0 and f[col.SPEED, i] == 0.0 and not flies:
        return
    if flies:
        above = f[col.Z, i] - height_at(g, x, y)
        if told:  # and so it goes on when let go
            f[col.WISH_HEIGHT, i] = max(0.0, above + f[col.ORDER_Z, i] / _APPROACH_PER_S)
        if above > 3.0:
            wish_speed = max(wish_speed, _LEAST_FLIGHT_MPS)
    else:
        uphill = at(g, layer.SLOPE_X, x, y) * hx + at(g, layer.SLOPE_Y, x, y) * hy
    limit = movement.top_speed(t[s, trait.TOP], f[col.STAMINA, i], f[col.MASS, i] / t[s, trait.MASS], uphill)
    hx, hy, speed = movement.steer_body(
        hx, hy, f[col.SPEED, i], f[col.WISH_X, i], f[col.WISH_Y, i], wish_speed, limit,
        t[s, trait.ACCELERATION], t[s, trait.DECELERATION], t[s, trait.TURN], t[s, trait.GRIP], c.dt, told,
    )  # fmt: skip
    new_x, new_y = x + speed * hx * c.dt, y + speed * hy * c.dt
    outside = min(new_x, new_y) < _RIM_M or max(new_x, new_y) > g.size - _RIM_M
    if outside or (not flies and is_deep(g, new_x, new_y)):
        new_x, new_y, speed = x, y, 0.0
    f[col.X, i], f[col.Y, i] = new_x, new_y
    f[col.HEADING_X, i], f[col.HEADING_Y, i], f[col.SPEED, i] = hx, hy, speed
    ground = height_at(g, new_x, new_y)
    if flies:
        above = max(0.0, f[col.Z, i] - ground)
        climb = f[col.ORDER_Z, i] if told else _APPROACH_PER_S * (f[col.WISH_HEIGHT, i] - above)
        climb = min(max(climb, -_SINK_MPS), _CLIMB_MPS)
        new_z = max(ground, f[col.Z, i] + climb * c.dt)
    else:
        new_z = ground
    f[col.CLIMB, i] = (new_z - f[col.Z, i]) / c.dt
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
    need[b.THIRST] = drives.thirst(need[b.THIRST], t[s, trait.THIRST_S], drinking, _DRINK_S, c.heat, dt)
    effort = f[col.SPEED, i] / t[s, trait.TOP]
    resting = now == b.REST or now == b.SLEEP or (now == b.SHELTER and effort < 0.02)
    need[b.FATIGUE] = drives.fatigue(need[b.FATIGUE], t[s, trait.REST], resting, effort, c.physiology, dt)
    threat_m = math.sqrt(f[col.THREAT_D2, i]) if k[col.THREAT, i] >= 0 else 1e6
    need[b.FEAR] = drives.fear(need[b.FEAR], threat_m, t[s, trait.FLIGHT], f[col.PERSONALITY + b.BOLDNESS, i], dt)
    off = 1e3
    if k[col.KIN, i] > 0:
        off = math.sqrt(f[col.HERD_X, i] ** 2 + f[col.HERD_Y, i] ** 2)
    gregarious = min(1.0, t[s, trait.ALIGN_WEIGHT] * (0.7 + 0.6 * f[col.PERSONALITY + b.SOCIABILITY, i]) + 0.2)
    need[b.SOCIAL] = drives.social(need[b.SOCIAL], off, 0.4 * t[s, trait.ATTRACT_RANGE], gregarious, dt)
    ready = reproduction.is_ready(
        f[col.AGE, i], t[s, trait.MATURITY], f[col.GESTATION, i], f[col.BREEDING_PAUSE, i], need[b.HUNGER]
    )
    need[b.REPRODUCTIVE] = drives.reproductive(need[b.REPRODUCTIVE], ready, dt)
    indulged = now == b.EXPLORE or now == b.PLAY or now == b.MIGRATE
    need[b.CURIOSITY] = drives.curiosity(need[b.CURIOSITY], f[col.PERSONALITY + b.ACTIVITY, i], indulged, dt)
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
    if (c.step + i) % _WANDER_EVERY == 0:
        u0, u1, _, _ = draws.draw(k, c, i, draws.WANDER)
        f[col.WANDER_GOAL, i] = _WANDER_RAD * normal2(u0, u1)[0]
    f[col.WANDER, i] = drives.toward(f[col.WANDER, i], f[col.WANDER_GOAL, i], _WANDER_S, c.dt)
    _move(f, k, t, g, c, i)
    if is_turn(c.step, i, _FEEL_EVERY):
        _feel(f, k, t, g, c, i)

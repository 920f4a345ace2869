"""Paths: where each behaviour wants to go and how fast, before the herd and obstacles are considered."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Ground
from eco1.sim.kernels.media import FLIES_FROM_M
from eco1.sim.kernels.places import at, distance_to
from eco1.sim.kernels.ways import way_to
from eco1.sim.laws import escape, hunting, ranging

_RING_LENGTHS = 2.5  # radius of the ring around herded prey, body lengths: estimate
CRUISE_SHARE = 0.6  # of top speed, for birds on the wing
#: Travelling speed in units of the walk. Above 1 where a compressed day leaves little time for a long way: estimates.
_GAIT = b.table(
    {
        b.GO_TO_WATER: 2.2, b.MIGRATE: 1.9, b.REGROUP: 2.0, b.SCAVENGE: 2.6, b.PATROL: 1.4, b.PROWL: 1.6,
        b.FORAGE: 1.2, b.SHELTER: 1.6, b.CARRY: 1.3, b.FOLLOW_TRAIL: 1.3, b.SWING: 1.8,
        b.SCHOOL: 1.1, b.STALK: 0.7, b.GRAZE: 0.45, b.BROWSE: 0.3, b.TEND_YOUNG: 0.7, b.COURT: 1.2,
    },
    other=1.0,
)  # fmt: skip


@inlined
def _toward(f: F32, k: I32, i: int, x: float, y: float, cruise: float, brake: float, stop_m: float):
    """Return (x, y, speed) towards a point, slowing down so as to stop ``stop_m`` before it."""
    dx, dy = x - f[col.X, i], y - f[col.Y, i]
    distance = math.sqrt(dx * dx + dy * dy)
    if distance < 1e-3:
        return f[col.HEADING_X, i], f[col.HEADING_Y, i], 0.0
    arrive = math.sqrt(max(0.0, 0.5 * brake * (distance - stop_m)))
    return dx / distance, dy / distance, min(cruise, arrive)


@compiled
def _flee(f: F32, k: I32, t: F32, g: Ground, i: int):
    s, threat = k[col.SPECIES, i], k[col.NEXT_TARGET, i]
    top = t[s, trait.TOP]
    if t[s, trait.DENS] == 1 and t[s, trait.LENGTH] < 0.5 and t[s, trait.LIFT] != trait.AIR:
        den_x, den_y = at(g, layer.DEN_X, f[col.X, i], f[col.Y, i]), at(g, layer.DEN_Y, f[col.X, i], f[col.Y, i])
        return _toward(f, k, i, den_x, den_y, 0.8 * top, t[s, trait.DECELERATION], 0.3)
    if threat < 0 or k[col.STATUS, threat] == col.EMPTY:
        return f[col.HEADING_X, i], f[col.HEADING_Y, i], 0.5 * top
    ahead = 0.6 * f[col.SPEED, threat]
    away_x = f[col.X, i] - f[col.X, threat] - ahead * f[col.HEADING_X, threat]
    away_y = f[col.Y, i] - f[col.Y, threat] - ahead * f[col.HEADING_Y, threat]
    distance = distance_to(f, k, i, f[col.X, threat], f[col.Y, threat])
    chased = k[col.BEHAVIOR, threat] == b.CHASE or k[col.BEHAVIOR, threat] == b.STRIKE
    hand = 1.0 if k[col.IDENTITY, i] % 2 == 0 else -1.0
    x, y = escape.run_direction(away_x, away_y, distance, f[col.CLOCK, i], chased, hand)
    x, y = escape.off_the_border(x, y, f[col.X, i], f[col.Y, i], g.size)
    urgency = 1.0 if chased and distance < 60.0 else 0.62
    return x, y, urgency * top


@compiled
def _hunt(f: F32, k: I32, t: F32, i: int, behavior: int, walk: float):
    s, prey = k[col.SPECIES, i], k[col.NEXT_TARGET, i]
    if prey < 0:
        return f[col.HEADING_X, i], f[col.HEADING_Y, i], 0.0
    dx, dy = f[col.X, prey] - f[col.X, i], f[col.Y, prey] - f[col.Y, i]
    distance = max(1e-3, math.sqrt(dx * dx + dy * dy))
    if behavior == b.STALK:
        rush = hunting.rush_distance(t[s, trait.STYLE], t[s, trait.STRIKE], t[s, trait.TOP])
        watched = k[col.BEHAVIOR, prey] == b.VIGILANT and distance < 1.8 * rush and f[col.CLOCK, prey] < 3.0
        creep = _GAIT[b.STALK] * walk * min(2.2, 1.0 + max(0.0, distance / rush - 1.8))
        return dx / distance, dy / distance, 0.0 if watched else creep
    if behavior == b.AMBUSH:
        return dx / distance, dy / distance, 0.0
    vx, vy = f[col.HEADING_X, prey] * f[col.SPEED, prey], f[col.HEADING_Y, prey] * f[col.SPEED, prey]
    x, y = hunting.intercept(dx, dy, vx, vy, f[col.SPEED, i])
    if behavior == b.STRIKE:
        return x, y, min(t[s, trait.TOP], f[col.SPEED, prey] + 1.5 * max(0.0, distance - 1.0))
    return x, y, t[s, trait.TOP]


@compiled
def _with_partner(f: F32, k: I32, t: F32, i: int, behavior: int, walk: float):
    """Return the way of courting, mating, playing, tending and challenging animals."""
    s, other = k[col.SPECIES, i], k[col.NEXT_TARGET, i]
    if other < 0 or k[col.STATUS, other] != col.ALIVE:
        return f[col.HEADING_X, i], f[col.HEADING_Y, i], 0.0
    length, hand = t[s, trait.LENGTH], 1.0 if k[col.IDENTITY, i] % 2 == 0 else -1.0
    x, y, speed = _toward(f, k, i, f[col.X, other], f[col.Y, other], walk, t[s, trait.DECELERATION], 0.9 * length)
    distance = distance_to(f, k, i, f[col.X, other], f[col.Y, other])
    if behavior == b.MATE:
        return x, y, min(speed, 0.5 * walk)
    if behavior == b.SHARE or behavior == b.BEG:
        return x, y, min(speed, 1.6 * walk)
    if behavior == b.SHOO:
        return x, y, 0.5 * t[s, trait.TOP] if distance > 1.5 else 0.0
    if behavior == b.TEND_YOUNG:
        return x, y, min(speed, (1.8 if distance > 7.0 * length else _GAIT[behavior]) * walk)
    if behavior == b.CHALLENGE:
        return x, y, 0.45 * t[s, trait.TOP] if distance > 4.0 * length + 2.0 else 0.0
    if behavior == b.COURT:
        if distance > 5.0 * length:
            return x, y, 1.8 * walk
        inward = min(1.0, max(-0.5, (distance - 1.6 * length) / (2.0 * length)))
        side = hand * math.sqrt(1 - inward * inward)
        return inward * x - side * y, inward * y + side * x, _GAIT[behavior] * walk
    angle = ranging.play_angle(f[col.CLOCK, i], hand)
    if distance > 12.0 * length:
        angle *= 0.2
    cos, sin = math.cos(angle), math.sin(angle)
    return x * cos - y * sin, x * sin + y * cos, min(0.4 * t[s, trait.TOP], 3.2 * walk)


@inlined
def _is_on_the_wing(f: F32, k: I32, t: F32, i: int, behavior: int):
    """Return whether a bird flies on its way: a soaring one to a few places, others wherever it is far."""
    if t[k[col.SPECIES, i], trait.SOARS] == 1:
        return b.GLIDES_TO[behavior]
    return distance_to(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i]) > FLIES_FROM_M


@compiled
def _close_in(f: F32, k: I32, t: F32, i: int, behavior: int):
    """Return the way of a hunter that dives at its prey, or that circles it with others."""
    s, prey = k[col.SPECIES, i], k[col.NEXT_TARGET, i]
    if prey < 0:
        return f[col.HEADING_X, i], f[col.HEADING_Y, i], 0.0
    dx, dy = f[col.X, prey] - f[col.X, i], f[col.Y, prey] - f[col.Y, i]
    if behavior == b.SWOOP:
        vx, vy = f[col.HEADING_X, prey] * f[col.SPEED, prey], f[col.HEADING_Y, prey] * f[col.SPEED, prey]
        x, y = hunting.intercept(dx, dy, vx, vy, f[col.SPEED, i])
        return x, y, t[s, trait.TOP]
    x, y = hunting.circle(dx, dy, _RING_LENGTHS * t[s, trait.LENGTH], k[col.IDENTITY, i])
    return x, y, 0.6 * t[s, trait.TOP]


@inlined
def _look(f: F32, k: I32, i: int):
    """Return where a vigilant animal turns: to what alarmed it, else sweeping slowly from side to side."""
    source = k[col.NEXT_TARGET, i]
    if source >= 0 and k[col.STATUS, source] == col.ALIVE:
        dx, dy = f[col.X, source] - f[col.X, i], f[col.Y, source] - f[col.Y, i]
        norm = 1.0 / max(1e-3, math.sqrt(dx * dx + dy * dy))
        return dx * norm, dy * norm
    hand = 1.0 if k[col.IDENTITY, i] % 2 == 0 else -1.0
    angle = hand * 0.5 * math.cos(2 * math.pi * f[col.CLOCK, i] / 2.8)
    return ranging.point_ahead(0.0, 0.0, f[col.HEADING_X, i], f[col.HEADING_Y, i], angle, 1.0)


@inlined
def path(f: F32, k: I32, t: F32, g: Ground, i: int, behavior: int, walk: float):
    """Return (x, y, speed): the unit direction and the speed that a behaviour asks for."""
    s, clock = k[col.SPECIES, i], f[col.CLOCK, i]
    hx, hy = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    if behavior == b.FLEE:
        return _flee(f, k, t, g, i)
    if b.STALK <= behavior <= b.STRIKE:
        return _hunt(f, k, t, i, behavior, walk)
    if behavior == b.SWOOP or behavior == b.HERD_PREY:
        return _close_in(f, k, t, i, behavior)
    if behavior == b.VIGILANT:
        x, y = _look(f, k, i)
        return x, y, 0.0
    if behavior == b.GRAZE or behavior == b.BROWSE:
        step = ranging.stepping(clock, 4.5 if t[s, trait.MASS] > 60.0 else 3.0, 0.4)
        return hx, hy, _GAIT[behavior] * walk * 1.6 if step else 0.0
    if behavior == b.PICK or behavior == b.FILTER:
        stop = 0.0 if behavior == b.FILTER else 0.5 * t[s, trait.LENGTH]
        return _toward(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i], walk, 1.0, stop)
    if behavior == b.WAIT_AT_HOLE or behavior == b.BROOD or behavior == b.DEN:
        return _toward(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i], 1.5 * walk, t[s, trait.DECELERATION], 0.6)
    if behavior == b.SURFACE:
        near = distance_to(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i]) < 1.0
        return hx, hy, 0.8 * walk if near else walk
    if behavior in (b.COURT, b.MATE, b.PLAY, b.TEND_YOUNG, b.CHALLENGE, b.SHARE, b.BEG, b.SHOO):
        return _with_partner(f, k, t, i, behavior, walk)
    if behavior == b.SOAR:
        x, y = ranging.soar_direction(f[col.X, i], f[col.Y, i], f[col.GOAL_X, i], f[col.GOAL_Y, i])
        return x, y, CRUISE_SHARE * t[s, trait.TOP]
    if behavior == b.REGROUP:
        leader = k[col.LEADER, i]
        x, y = f[col.X, i] + f[col.HERD_X, i], f[col.Y, i] + f[col.HERD_Y, i]
        if leader != i and k[col.STATUS, leader] == col.ALIVE:
            x, y = f[col.X, leader], f[col.Y, leader]
        trot = 1.6 if distance_to(f, k, i, x, y) > 45.0 else 1.0
        return _toward(f, k, i, x, y, trot * _GAIT[behavior] * walk, t[s, trait.DECELERATION], 3.0)
    if behavior == b.EXPLORE and clock % 5.0 > 3.6:
        return hx, hy, 0.0
    if b.TRAVELS[behavior]:
        need = 0.25 * f[col.DRIVES + b.HUNGER, i] if behavior == b.FORAGE or behavior == b.SCAVENGE else 0.0
        need += 0.4 * f[col.DRIVES + b.THIRST, i] if behavior == b.GO_TO_WATER else 0.0
        cruise = _GAIT[behavior] * walk * (1 + need)
        if t[s, trait.LIFT] == trait.AIR and _is_on_the_wing(f, k, t, i, behavior):
            cruise = CRUISE_SHARE * t[s, trait.TOP]
        stop = 0.4 * t[s, trait.LENGTH] if behavior == b.SCAVENGE or behavior == b.GO_TO_WATER else 0.5
        x, y = float(f[col.GOAL_X, i]), float(f[col.GOAL_Y, i])
        if g.ways.shape[0] > 1 and t[s, trait.LIFT] != trait.AIR:
            x, y = way_to(g, f[col.X, i], f[col.Y, i], x, y)
        return _toward(f, k, i, x, y, cruise, 0.5 * t[s, trait.DECELERATION], stop)
    return hx, hy, 0.0

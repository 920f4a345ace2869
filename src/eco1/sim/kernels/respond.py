"""Responding to danger: the one thing that interrupts everything else."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Ground
from eco1.sim.kernels.places import at, distance_to
from eco1.sim.laws import escape

_LEAST_FLIGHT_S = 2.5
_FRESH_ALARM_S = 1.5
LEAST_S = 0.8  # nothing else is begun before, so that behaviours do not flicker
_CALM_S = 4.0  # an animal is not distracted by a far threat before it did this long what it does
_TOO_CLOSE_M2 = 12.0**2
_STARTLE = 0.2  # share of the flight distance from which it runs at once: estimate
_STARTLE_MPS = 4.0
_PASSING_MPS, _NOT_ME = 3.0, 0.5  # a chase after somebody else that passes by counts half: estimate
_RIVAL_M = 5.0  # an intruder runs when its rival has come this near, plus two body lengths
_WELL_HIDDEN, _FROZEN_S = 0.75, 3.0
_HEAD_DOWN = 0.7  # share of the flight distance kept while feeding: estimate


@inlined
def closing_speed(f: F32, k: I32, i: int, j: int):
    """Return how fast ``j`` moves towards ``i``, m/s; the own motion does not count."""
    dx, dy = f[col.X, i] - f[col.X, j], f[col.Y, i] - f[col.Y, j]
    distance = max(1e-3, math.sqrt(dx * dx + dy * dy))
    return (dx * f[col.HEADING_X, j] + dy * f[col.HEADING_Y, j]) / distance * f[col.SPEED, j]


@inlined
def danger_of(f: F32, k: I32, t: F32, i: int):
    """Return (SAFE, WARY or DANGER, row it comes from or -1)."""
    j = k[col.THREAT, i]
    s = k[col.SPECIES, i]
    if j >= 0 and k[col.STATUS, j] == col.ALIVE:
        now = k[col.BEHAVIOR, i]
        flight = escape.flight_distance(
            t[s, trait.FLIGHT],
            k[col.BEHAVIOR, j],
            f[col.PERSONALITY + b.BOLDNESS, i],
            f[col.MASS, i] / t[s, trait.MASS],
        )
        if now == b.FLEE:
            flight *= escape.RELIEF
        elif now == b.GRAZE or now == b.BROWSE or now == b.DRINK or now == b.REST:
            flight *= _HEAD_DOWN
        elif now == b.SLEEP:
            flight *= 0.5
        if k[col.BEHAVIOR, j] == b.CHASE and k[col.TARGET, j] != i and closing_speed(f, k, i, j) < _PASSING_MPS:
            flight *= _NOT_ME
        distance = math.sqrt(f[col.THREAT_D2, i])
        if distance < escape.ALARM_ZONE * flight:
            level = escape.danger(distance, flight, closing_speed(f, k, i, j))
            if level != escape.SAFE:
                return level, j
    rival = k[col.KIN_ROW, i]
    if (
        rival >= 0
        and k[col.BEHAVIOR, rival] == b.CHALLENGE
        and k[col.TARGET, rival] == i
        and k[col.BEHAVIOR, i] != b.CHALLENGE
    ):
        reach = _RIVAL_M + 2.0 * t[s, trait.LENGTH]
        if f[col.KIN_D2, i] < reach * reach:
            return escape.DANGER, rival
    caller = k[col.ALARM, i]
    if caller >= 0 and f[col.CLOCK, caller] < _FRESH_ALARM_S and k[col.TARGET, caller] >= 0:
        dx, dy = f[col.X, caller] - f[col.X, i], f[col.Y, caller] - f[col.Y, i]
        near, source = 2.0 * t[s, trait.ALIGN_RANGE], k[col.TARGET, caller]
        far = distance_to(f, k, i, f[col.X, source], f[col.Y, source])
        believed = far < t[s, trait.FLIGHT] and k[col.STATUS, source] == col.ALIVE
        if believed and dx * dx + dy * dy < near * near and k[col.BEHAVIOR, i] != b.FLEE:
            return escape.DANGER, source
    return escape.SAFE, -1


@inlined
def respond(f: F32, k: I32, t: F32, g: Ground, i: int):
    """Return the behaviour that danger demands, or -1 when the animal may go on with its life."""
    now = k[col.BEHAVIOR, i]
    level, source = danger_of(f, k, t, i)
    if level == escape.DANGER and now != b.FLEE and f[col.CLOCK, i] < LEAST_S and f[col.THREAT_D2, i] > _TOO_CLOSE_M2:
        return now
    if level == escape.DANGER and _looks_up_first(f, k, t, i, source):
        k[col.NEXT_TARGET, i] = source
        return b.VIGILANT
    if level == escape.DANGER:
        s = k[col.SPECIES, i]
        k[col.NEXT_TARGET, i] = source
        if _freezes(f, k, t, i, source):
            return b.CAMOUFLAGE
        if runs_to_den(t, s) and (now == b.SHELTER or f[col.CLOCK, i] > 0.5):
            return b.SHELTER if _at_den(f, k, g, i) or now == b.SHELTER else b.FLEE
        return b.FLEE
    if now == b.FLEE:
        if f[col.CLOCK, i] <= _LEAST_FLIGHT_S or level == escape.WARY:
            return b.FLEE
        return b.SOAR if t[k[col.SPECIES, i], trait.SOARS] == 1 else b.VIGILANT
    if now == b.CAMOUFLAGE and (level == escape.WARY or f[col.CLOCK, i] < _FROZEN_S):
        return now
    if level == escape.WARY and now != b.SHELTER and now != b.SOAR and (now == b.VIGILANT or f[col.CLOCK, i] > _CALM_S):
        k[col.NEXT_TARGET, i] = source
        if now == b.VIGILANT:
            f[col.BOUT, i] = min(9.0, max(f[col.BOUT, i], f[col.CLOCK, i] + 1.0))
        elif now != b.TEND_YOUNG and f[col.DRIVES + b.FEAR, i] < 0.9:
            return b.VIGILANT
    return -1


@inlined
def runs_to_den(t: F32, s: int):
    """Return whether a species flees into its hole: small animals that cannot fly."""
    return t[s, trait.DENS] == 1 and t[s, trait.LENGTH] < 0.5 and t[s, trait.LIFT] != trait.AIR


@inlined
def _freezes(f: F32, k: I32, t: F32, i: int, source: int):
    """Return whether an animal trusts in its looks: it resembles the ground, and nobody is after it yet."""
    s = k[col.SPECIES, i]
    hunted = k[col.BEHAVIOR, source] == b.CHASE or k[col.BEHAVIOR, source] == b.STRIKE
    startle = _STARTLE * t[s, trait.FLIGHT]
    return t[s, trait.CAMOUFLAGE] >= _WELL_HIDDEN and not hunted and f[col.THREAT_D2, i] > startle * startle


@inlined
def _looks_up_first(f: F32, k: I32, t: F32, i: int, source: int):
    """Return whether an animal that is busy raises its head before it runs: from a threat that is not yet close."""
    now = k[col.BEHAVIOR, i]
    if now == b.FLEE or now == b.VIGILANT or source != k[col.THREAT, i] or k[col.BEHAVIOR, source] == b.CHASE:
        return False
    startle = _STARTLE * t[k[col.SPECIES, i], trait.FLIGHT]
    return f[col.THREAT_D2, i] > startle * startle and f[col.SPEED, i] < _STARTLE_MPS


@inlined
def _at_den(f: F32, k: I32, g: Ground, i: int):
    x, y = f[col.X, i], f[col.Y, i]
    return distance_to(f, k, i, at(g, layer.DEN_X, x, y), at(g, layer.DEN_Y, x, y)) < 3.0

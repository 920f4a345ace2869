"""Drives: needs in [0, 1] that rise and fall; what steers choice, hidden from every observer."""

import math

from eco1.sim.compiled import inlined

#: Seconds of a body's own time (real hours over the biome's clock) that full fatigue takes to build up or to sleep off.
_FATIGUE_BODY_S = 8.0 * 3600
_LEAST_RECOVERY = 0.4
_FEAR_RISE_S, _FEAR_FALL_S = 0.6, 14.0
_SOCIAL_S = 8.0
_DESIRE_S, _DESIRE_SHARE = 90.0, 0.1  # at most this share of a life
_CURIOSITY_S = 150.0


@inlined
def toward(value: float, goal: float, time_s: float, dt: float):
    """Return a first-order relaxation of ``value`` towards ``goal``."""
    return value + (goal - value) * min(1.0, dt / time_s)


@inlined
def hunger(energy: float, reserve: float, gut: float):
    """Return hunger: 0 with a full gut, 1 when only the reserve of the body is left (both in J)."""
    return min(1.0, max(0.0, 1 - (energy - reserve) / gut))


@inlined
def thirst(value: float, dries_out_s: float, drinking: bool, drink_s: float, heat: float, dt: float):
    """Return thirst: rises within the species' drink interval, faster in the heat; falls while it drinks."""
    if drinking:
        return max(0.0, value - dt / drink_s)
    return min(1.0, value + dt / dries_out_s * (0.7 + 0.6 * heat))


@inlined
def fatigue(value: float, rest_share: float, resting: bool, effort: float, physiology: float, dt: float):
    """Return fatigue: in balance when the species rests its share of the day; hard running tires faster."""
    scale = dt * physiology / _FATIGUE_BODY_S
    if resting:
        return max(0.0, value - scale * max(_LEAST_RECOVERY, 1 - rest_share))
    return min(1.0, value + scale * rest_share * (1 + 1.5 * effort))


@inlined
def fear(value: float, threat_distance: float, flight_distance: float, boldness: float, dt: float):
    """Return fear: rises within a second of a threat near the flight distance, fades over a quarter of a minute."""
    goal = 0.0
    if flight_distance > 0 and threat_distance < flight_distance:
        goal = min(1.0, 1.4 * (1 - threat_distance / flight_distance) * (1.2 - 0.4 * boldness))
    return toward(value, goal, _FEAR_RISE_S if goal > value else _FEAR_FALL_S, dt)


@inlined
def social(value: float, distance: float, wanted: float, gregarious: float, dt: float):
    """Return the wish for company: grows with the distance to the group."""
    goal = gregarious * min(1.0, max(0.0, distance / wanted - 0.3))
    return toward(value, goal, _SOCIAL_S, dt)


@inlined
def reproductive(value: float, ready: bool, lifespan: float, dt: float):
    """Return sexual motivation: builds up in adults that can breed, sooner in short lives, and fades otherwise."""
    return toward(value, 1.0 if ready else 0.0, min(_DESIRE_S, _DESIRE_SHARE * lifespan), dt)


@inlined
def curiosity(value: float, activity: float, indulged: bool, dt: float):
    """Return curiosity: builds up over minutes, is spent within seconds of exploring or play."""
    return toward(value, 0.0, 6.0, dt) if indulged else toward(value, 0.5 + 0.5 * activity, _CURIOSITY_S, dt)


@inlined
def stamina(value: float, speed: float, walk: float, top: float, sprint_s: float, dt: float):
    """Return the wind left, 0 to 1: a sprint at top speed spends it within the species' sprint duration.

    The cost grows with the cube of the speed above a trot (estimate); recovery takes about a minute.
    """
    trot = max(2.0 * walk, 0.35 * top)
    if speed > trot:
        share = min(1.0, (speed - trot) / max(0.1, top - trot))
        return max(0.0, value - dt / sprint_s * math.pow(share, 1.5))
    return min(1.0, value + dt / 50.0 * (1 - 0.5 * speed / trot))

"""Hunting: stalk, ambush, chase with interception, strike."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.traits import STYLES

_PURSUIT, _HERDING, _SWOOP = STYLES.index("pursuit"), STYLES.index("herding"), STYLES.index("swoop")
SIT_AND_WAIT = STYLES.index("ambush")
WAITS_SHARE = 0.75  # of the times it hunts, a sit-and-wait hunter stays where it is: estimate
STILL_HUNTING = STYLES.index("still_hunting")
GIVE_UP_STAMINA = 0.12
_AMBUSH_COVER = 0.55
_AMBUSH_WITHIN_M = 70.0
_BOLT_FACTOR = 1.6
# Seconds at top speed: estimates that put a lion's rush at 28 m and a wild dog's at 45 m.
_PURSUIT_S, _SPRINT_S = 2.5, 1.4
_PACK_S, _OWN_KILL_S, _STRIKE_AGAIN_S = 6.0, 4.0, 1.3


@inlined
def rush_distance(style: int, strike: float, top: float):
    """Return the distance from which a hunter breaks into a chase, m.

    Stalkers creep as near as their short sprint demands; pursuers start from afar and rely on endurance.
    """
    return max(strike, (_PURSUIT_S if style == _PURSUIT else _SPRINT_S) * top)


@inlined
def joins_within_m(top: float):
    """Return how far a hunter joins in the hunt of its leader, m."""
    return _PACK_S * top


@inlined
def returns_within_m(top: float):
    """Return from how far a hunter goes back to what it has killed, m."""
    return _OWN_KILL_S * top


@inlined
def runs_on_within_m(top: float):
    """Return how near prey must be after a strike that failed for the chase to go on, m."""
    return _STRIKE_AGAIN_S * top


@inlined
def approach(style: int, companions: int):
    """Return how a hunter goes for prey that it has found."""
    if style == _SWOOP:
        return b.SWOOP
    if style == _HERDING and companions > 0:
        return b.HERD_PREY
    return b.STALK


@inlined
def after_stalk(distance: float, rush: float, prey_behavior: int, cover: float, closing_mps: float, clock: float):
    """Return the next behaviour of a stalking hunter: chase, ambush, prowl or go on."""
    if distance < rush or (prey_behavior == b.FLEE and distance < _BOLT_FACTOR * rush):
        return b.CHASE
    if clock > b.BOUT_S[b.STALK] or (prey_behavior == b.FLEE and distance > 3.0 * rush and clock > 2.0):
        return b.PROWL
    if cover > _AMBUSH_COVER and distance < _AMBUSH_WITHIN_M and closing_mps > 0.3 and clock > 1.5:
        return b.AMBUSH
    return b.STALK


@inlined
def after_ambush(distance: float, rush: float, prey_behavior: int, clock: float):
    """Return the next behaviour of a hunter in ambush."""
    if distance < rush or (prey_behavior == b.FLEE and distance < _BOLT_FACTOR * rush):
        return b.CHASE
    if clock > b.BOUT_S[b.AMBUSH]:
        return b.STALK
    return b.AMBUSH


@inlined
def after_chase(distance: float, contact: float, rush: float, stamina: float, clock: float):
    """Return the next behaviour of a chasing hunter: strike on contact, rest when spent, prowl when outrun."""
    if distance < contact:
        return b.STRIKE
    if stamina < GIVE_UP_STAMINA:
        return b.REST
    if (distance > 2.5 * rush and clock > 4.0) or clock > b.BOUT_S[b.CHASE]:
        return b.REST if stamina < 0.5 else b.PROWL
    return b.CHASE


@inlined
def circle(dx: float, dy: float, radius: float, identity: int):
    """Return the unit direction on a ring around prey at offset (dx, dy), half of the hunters each way round."""
    distance = max(1e-3, math.sqrt(dx * dx + dy * dy))
    inward = min(1.0, max(-0.6, (distance - radius) / radius))
    side = math.sqrt(1 - inward * inward) * (1.0 if identity % 2 == 0 else -1.0)
    ux, uy = dx / distance, dy / distance
    return inward * ux - side * uy, inward * uy + side * ux


@inlined
def intercept(dx: float, dy: float, prey_vx: float, prey_vy: float, speed: float):
    """Return the unit direction to where the prey will be when the hunter gets there.

    A nearly time-optimal pursuit holds the direction to the target constant (Ghose et al. 2006,
    DOI 10.1371/journal.pbio.0040108, for bats); here simplified to a lead of at most 1.2 s.
    """
    distance = math.sqrt(dx * dx + dy * dy)
    lead = min(1.2, distance / max(speed, 2.0))
    x, y = dx + lead * prey_vx, dy + lead * prey_vy
    norm = 1.0 / max(1e-3, math.sqrt(x * x + y * y))
    return x * norm, y * norm

"""Deciding: danger first, then the behaviour's own course, then choice."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import inlined
from eco1.sim.fields import F32, I32, col, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.begin import begin
from eco1.sim.kernels.carry_on import ASK_EVERY, CHOOSE, carry_on
from eco1.sim.kernels.choose import choose, group_activity
from eco1.sim.kernels.errands import is_asked, must_breathe
from eco1.sim.kernels.media import drift_of
from eco1.sim.kernels.places import nearest_carcass
from eco1.sim.kernels.recruits import is_recruited
from eco1.sim.kernels.respond import LEAST_S, respond
from eco1.sim.kernels.sense import THINK_EVERY
from eco1.sim.kernels.steer import steer
from eco1.sim.kernels.turns import is_turn

_SETTLED_S = 3.0  # an animal does at least this long what it chose before it joins others in something else
_STRANGER_LENGTHS, _RIVAL_LENGTHS = 20.0, 7.0
_SOAR_S = 10.0  # a vulture takes at least one turn before it comes down again
_INTENTION_S = 1.6  # an animal turns to where it will go before it goes: Daanje (1950), On locomotory
# movements in birds and the intention movements derived from them


@inlined
def _is_rival(f: F32, k: I32, t: F32, i: int, other: int):
    """Return whether one of its kind nearby is to be driven off: a stranger, or another grown male for a male."""
    length = t[k[col.SPECIES, i], trait.LENGTH]
    if k[col.LEADER, other] != k[col.LEADER, i]:
        return f[col.KIN_D2, i] < (_STRANGER_LENGTHS * length) ** 2
    males = k[col.FEMALE, i] == 0 and k[col.FEMALE, other] == 0
    grown = f[col.MASS, other] > 0.9 * t[k[col.SPECIES, i], trait.MASS]
    return males and grown and f[col.KIN_D2, i] < (_RIVAL_LENGTHS * length) ** 2


@inlined
def _invited(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return a behaviour that others cause: mating, a challenge, joining the group (CHOOSE), or the present one."""
    now, s, other = k[col.BEHAVIOR, i], k[col.SPECIES, i], k[col.KIN_ROW, i]
    mated = other >= 0 and k[col.BEHAVIOR, other] == b.MATE and k[col.TARGET, other] == i and now != b.MATE
    if mated and k[col.FEMALE, i] == 1 and f[col.GESTATION, i] < 0 and f[col.CLOCK, i] > LEAST_S:
        k[col.NEXT_TARGET, i] = other
        return b.MATE
    if not is_turn(c.step, i, ASK_EVERY) or f[col.CLOCK, i] < _SETTLED_S:
        return now
    if (now == b.PATROL or now == b.COURT) and other >= 0 and _is_rival(f, k, t, i, other):
        k[col.NEXT_TARGET, i] = other
        return b.CHALLENGE
    if now == b.SOAR and f[col.CLOCK, i] < _SOAR_S:
        return now
    if is_recruited(f, k, t, i):
        return b.FOLLOW_TRAIL
    if is_asked(f, k, t, i):
        return b.GIVE_FOOD
    activity = b.ACTIVITY_OF[now]
    easy = activity in (b.FEEDING, b.RESTING, b.ROAMING, b.TERRITORY) or now in (b.VIGILANT, b.EXPLORE, b.PLAY)
    if not easy:
        return now
    group = group_activity(f, k, t, i)
    if group in (b.WATERING, b.ROAMING, b.HUNTING, b.MEAT) and group != activity:
        return CHOOSE
    if (
        int(t[s, trait.FOOD]) & trait.CARRION
        and f[col.DRIVES + b.HUNGER, i] > 0.15
        and nearest_carcass(f, k, t, g, c, i)[0] >= 0
    ):
        return CHOOSE
    if f[col.DRIVES + b.THIRST, i] > 0.9 and activity != b.WATERING:
        return CHOOSE
    return now


@inlined
def follow_orders(f: F32, k: I32, t: F32, veg: F32, marks: I32, g: Ground, c: Conditions, i: int):
    """Take over what the outside wants of a controlled animal, with a goal of its own to go on with when released."""
    behavior = k[col.ORDER, i]
    if behavior != k[col.BEHAVIOR, i] or k[col.PLAN, i] >= 0:
        begin(f, k, t, veg, marks, g, c, i, behavior)
    k[col.PLAN, i] = -1
    drift_x, drift_y = drift_of(f, k, t, g, c, i)
    vx, vy = f[col.ORDER_X, i] - drift_x, f[col.ORDER_Y, i] - drift_y  # orders are over ground
    speed = math.sqrt(vx * vx + vy * vy)
    f[col.WISH_SPEED, i] = speed
    if speed > 1e-3:
        f[col.WISH_X, i], f[col.WISH_Y, i] = vx / speed, vy / speed
    else:
        f[col.WISH_X, i], f[col.WISH_Y, i] = f[col.HEADING_X, i], f[col.HEADING_Y, i]
    if b.STALK <= behavior <= b.STRIKE:
        k[col.NEXT_TARGET, i] = k[col.PREY, i]
    elif behavior in (b.COURT, b.MATE) and k[col.MATE, i] >= 0:
        k[col.NEXT_TARGET, i] = k[col.MATE, i]
    elif behavior in (b.COURT, b.MATE, b.CHALLENGE, b.PLAY):
        k[col.NEXT_TARGET, i] = k[col.KIN_ROW, i]
    elif behavior == b.FLEE or behavior == b.VIGILANT:
        k[col.NEXT_TARGET, i] = k[col.THREAT, i]
    k[col.NEXT_BEHAVIOR, i] = behavior
    k[col.INTENT, i] = b.DRIVE_OF[behavior]


@inlined
def _is_abrupt(now: int, chosen: int):
    """Return whether a change needs no making up of the mind: hunting, arriving, being done with running."""
    hunting = now <= b.STRIKE and chosen <= b.EAT_MEAT
    arriving = chosen in (b.DRINK, b.EAT_MEAT, b.SCENT_MARK, b.MATE)
    hunting = hunting or b.WAIT_AT_HOLE <= now <= b.HERD_PREY or b.WAIT_AT_HOLE <= chosen <= b.HERD_PREY
    fed = b.SEEKS_FOOD[now] and (chosen in (b.GRAZE, b.BROWSE, b.PICK))
    return hunting or arriving or fed or now == b.FLEE


@inlined
def _wish(f: F32, k: I32, t: F32, veg: F32, marks: I32, g: Ground, c: Conditions, i: int):
    """Return the behaviour an undisturbed animal shows next; a change of mind is first settled as its plan."""
    now = k[col.BEHAVIOR, i]
    if k[col.PLAN, i] >= 0:
        f[col.PLAN_LEFT, i] -= c.dt * THINK_EVERY
        if f[col.PLAN_LEFT, i] > 0.0:
            return now
        planned = k[col.PLAN, i]
        k[col.PLAN, i] = -1
        return planned
    chosen = carry_on(f, k, t, veg, marks, g, c, i)
    if chosen == now:
        chosen = _invited(f, k, t, g, c, i)
    if chosen == CHOOSE:
        chosen = choose(f, k, t, veg, g, c, i)
        if chosen == now and f[col.CLOCK, i] >= f[col.BOUT, i]:
            begin(f, k, t, veg, marks, g, c, i, chosen)
            f[col.BOUT, i] += f[col.CLOCK, i]
    if chosen == now or f[col.CLOCK, i] < LEAST_S:
        return now
    begin(f, k, t, veg, marks, g, c, i, chosen)
    if _is_abrupt(now, chosen):
        return chosen
    k[col.PLAN, i], f[col.PLAN_LEFT, i] = chosen, _INTENTION_S
    return now


@inlined
def decide(f: F32, k: I32, t: F32, veg: F32, marks: I32, g: Ground, c: Conditions, i: int):
    """Write the next behaviour and wishes of one living animal. Reads only what the last step left of the others."""
    now = k[col.BEHAVIOR, i]
    k[col.NEXT_TARGET, i] = k[col.TARGET, i]
    chosen = respond(f, k, t, g, i)
    if must_breathe(f, k, t, i) and now != b.STRIKE:
        if now != b.SURFACE:
            begin(f, k, t, veg, marks, g, c, i, b.SURFACE)
        chosen = b.SURFACE
        k[col.PLAN, i] = -1
    elif chosen < 0:
        chosen = _wish(f, k, t, veg, marks, g, c, i)
    else:
        k[col.PLAN, i] = -1
        if chosen != now:
            begin(f, k, t, veg, marks, g, c, i, chosen)
    k[col.NEXT_BEHAVIOR, i] = chosen
    steer(f, k, t, g, c, i)

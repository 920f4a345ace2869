"""Carrying on: how each behaviour ends by itself, mostly by something an observer can see as well."""

import math

from eco1.sim import behaviors as b
from eco1.sim.compiled import compiled, inlined
from eco1.sim.fields import F32, I32, col, layer, trait
from eco1.sim.ground import Conditions, Ground
from eco1.sim.kernels.errands import end_errand
from eco1.sim.kernels.marks import scent_at
from eco1.sim.kernels.mates import is_receptive
from eco1.sim.kernels.meals import AT_PATCH_M, digs, takes
from eco1.sim.kernels.media import is_frozen
from eco1.sim.kernels.places import (
    SAME_TREE_M,
    WATER_REACH_M,
    at,
    distance_to,
    forage_of,
    is_better,
    nearest_carcass,
    next_tree,
    seeks_trees,
    shelter_of,
)  # fmt: skip
from eco1.sim.kernels.recruits import after_errand, after_meal
from eco1.sim.kernels.respond import closing_speed
from eco1.sim.laws import hunting, predation, scent

CHOOSE = -1  # the behaviour is over; what comes next is a matter of choice
ASK_EVERY = 4  # steps between two thoughts about matters that can wait
_ARRIVED_M = 3.0
_DIG_S = 3.6
_POUNCE_M = 2.0
_COURTED_M = 2.0
_DRIVEN_OFF_LENGTHS = 35.0
_LEFT_BEHIND = 0.5  # share of the attraction range that a herd animal lets its leader get ahead
_STALK_FROM_M = 130.0


@inlined
def is_left_behind(f: F32, k: I32, t: F32, i: int):
    """Return whether the leader is so far off that a group animal wants to catch up."""
    s, leader = k[col.SPECIES, i], k[col.LEADER, i]
    if leader == i or k[col.STATUS, leader] != col.ALIVE or t[s, trait.ALIGN_WEIGHT] < 0.25 or t[s, trait.SOARS] == 1:
        return False
    reach = max(12.0, _LEFT_BEHIND * t[s, trait.ATTRACT_RANGE]) * (1.4 - 0.8 * f[col.PERSONALITY + b.SOCIABILITY, i])
    return distance_to(f, k, i, f[col.X, leader], f[col.Y, leader]) > reach


@inlined
def _feeding(f: F32, k: I32, t: F32, veg: F32, g: Ground, i: int):
    """Return what follows feeding and the walk to it."""
    now, s = k[col.BEHAVIOR, i], k[col.SPECIES, i]
    over = f[col.CLOCK, i] >= f[col.BOUT, i]
    if b.SEEKS_FOOD[now]:
        arrived = _ARRIVED_M if k[col.MEAL, i] <= trait.GRASS else AT_PATCH_M + t[s, trait.LENGTH]
        if distance_to(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i]) < arrived:
            if k[col.MEAL, i] > trait.GRASS:
                return takes(k, i)
            if int(t[s, trait.FOOD]) & trait.INSECTS:
                return b.EAT_MEAT
            tree = distance_to(
                f, k, i, at(g, layer.TREE_X, f[col.X, i], f[col.Y, i]), at(g, layer.TREE_Y, f[col.X, i], f[col.Y, i])
            )
            return b.BROWSE if int(t[s, trait.FOOD]) & trait.LEAVES and tree < 2.5 * _ARRIVED_M else b.GRAZE
        return CHOOSE if over else now
    if not over:
        return now
    if k[col.MEAL, i] > trait.GRASS:
        return after_meal(f, k, t, i, CHOOSE)
    if is_left_behind(f, k, t, i):
        return b.REGROUP
    if f[col.DRIVES + b.HUNGER, i] < 0.06:
        return CHOOSE
    if now == b.BROWSE:
        next_x, next_y = next_tree(f, k, g, i)
        elsewhere = distance_to(f, k, i, next_x, next_y) > SAME_TREE_M
        return b.FORAGE if elsewhere and seeks_trees(t, s) else CHOOSE
    here, there, _, _ = forage_of(f, k, t, veg, g, i)
    if is_better(here, there):
        return b.FORAGE
    # Many eyes: one that watches nearby is enough, Pulliam (1973), DOI 10.1016/0022-5193(73)90184-7.
    return b.VIGILANT if k[col.WATCHERS, i] == 0 else CHOOSE


@compiled
def _hunting(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    """Return what follows in the chain prowl, stalk or ambush, chase, strike."""
    now, s, clock = k[col.BEHAVIOR, i], k[col.SPECIES, i], f[col.CLOCK, i]
    rush = hunting.rush_distance(t[s, trait.STYLE], t[s, trait.STRIKE], t[s, trait.TOP])
    if now == b.PROWL:
        leader = k[col.LEADER, i]
        hunted = k[col.TARGET, leader]
        if leader != i and hunted >= 0 and k[col.STATUS, leader] == col.ALIVE and k[col.STATUS, hunted] == col.ALIVE:
            lead = k[col.BEHAVIOR, leader]
            near = distance_to(f, k, i, f[col.X, leader], f[col.Y, leader]) < hunting.joins_within_m(t[s, trait.TOP])
            if near and (lead == b.STALK or lead == b.CHASE or lead == b.AMBUSH):
                k[col.NEXT_TARGET, i] = hunted
                return b.CHASE if lead == b.CHASE else b.STALK
        prey = k[col.PREY, i]
        if prey >= 0 and f[col.PREY_D2, i] < _STALK_FROM_M**2 and clock > 2.5 and k[col.BEHAVIOR, prey] != b.FLEE:
            k[col.NEXT_TARGET, i] = prey
            return hunting.approach(int(t[s, trait.STYLE]), k[col.KIN, i])
        if t[s, trait.STYLE] == hunting.STILL_HUNTING and is_frozen(g, c, f[col.X, i], f[col.Y, i]):
            return b.WAIT_AT_HOLE
        return CHOOSE if clock >= f[col.BOUT, i] else now
    prey = k[col.TARGET, i]
    if now == b.AMBUSH and prey < 0:
        prey = k[col.NEXT_TARGET, i] = k[col.PREY, i]  # whoever comes by
        if prey < 0:
            return CHOOSE if clock >= f[col.BOUT, i] else now
    if prey < 0 or k[col.STATUS, prey] != col.ALIVE:
        dead = prey >= 0 and k[col.STATUS, prey] == col.CARCASS
        own = hunting.returns_within_m(t[s, trait.TOP])
        if dead and distance_to(f, k, i, f[col.X, prey], f[col.Y, prey]) < own:
            return now if now == b.STRIKE and clock < f[col.BOUT, i] else b.SCAVENGE
        return CHOOSE
    distance = distance_to(f, k, i, f[col.X, prey], f[col.Y, prey])
    if now == b.STALK:
        cover = at(g, layer.COVER, f[col.X, i], f[col.Y, i])
        closing = closing_speed(f, k, i, prey)
        return hunting.after_stalk(distance, rush, k[col.BEHAVIOR, prey], cover, closing, clock)
    if now == b.AMBUSH:
        return hunting.after_ambush(distance, rush, k[col.BEHAVIOR, prey], clock)
    if now == b.STRIKE:
        if clock < f[col.BOUT, i]:
            return now
        return b.CHASE if f[col.STAMINA, i] > 0.3 and distance < hunting.runs_on_within_m(t[s, trait.TOP]) else b.REST
    contact = predation.contact_m(t[s, trait.TOP], t[s, trait.LENGTH], t[k[col.SPECIES, prey], trait.LENGTH])
    return hunting.after_chase(distance, contact, rush, f[col.STAMINA, i], clock)


@compiled
def _special_hunt(f: F32, k: I32, t: F32, i: int):
    """Return what follows waiting at a hole, swooping and herding prey."""
    now, s, clock = k[col.BEHAVIOR, i], k[col.SPECIES, i], f[col.CLOCK, i]
    prey = k[col.PREY, i] if now == b.WAIT_AT_HOLE else k[col.TARGET, i]
    over = clock >= f[col.BOUT, i]
    if prey < 0 or k[col.STATUS, prey] != col.ALIVE:
        return CHOOSE if over or now != b.WAIT_AT_HOLE else now
    distance = distance_to(f, k, i, f[col.X, prey], f[col.Y, prey])
    contact = predation.contact_m(t[s, trait.TOP], t[s, trait.LENGTH], t[k[col.SPECIES, prey], trait.LENGTH])
    if now == b.WAIT_AT_HOLE:
        if distance < contact + _POUNCE_M and f[col.Z, i] - f[col.Z, prey] < _POUNCE_M:
            k[col.NEXT_TARGET, i] = prey
            return b.STRIKE
        return CHOOSE if over else now
    if distance < contact and abs(f[col.Z, i] - f[col.Z, prey]) < contact:
        return b.STRIKE
    if now == b.HERD_PREY:
        return b.CHASE if over else now
    return CHOOSE if over or f[col.STAMINA, i] < hunting.GIVE_UP_STAMINA else now


@compiled
def _eating_meat(f: F32, k: I32, t: F32, g: Ground, c: Conditions, i: int):
    now, s = k[col.BEHAVIOR, i], k[col.SPECIES, i]
    if digs(k, t, i):
        return b.VIGILANT if f[col.CLOCK, i] >= _DIG_S else now
    carcass, distance = nearest_carcass(f, k, t, g, c, i)
    if now == b.SCAVENGE:
        if carcass < 0 or f[col.CLOCK, i] >= f[col.BOUT, i]:
            return CHOOSE
        f[col.GOAL_X, i], f[col.GOAL_Y, i] = f[col.X, carcass], f[col.Y, carcass]
        near = distance < 1.0 + 0.5 * (t[s, trait.LENGTH] + t[k[col.SPECIES, carcass], trait.LENGTH])
        landed = f[col.Z, i] - f[col.Z, carcass] < 2.0
        return b.EAT_MEAT if near and landed else now
    if carcass < 0 or distance > 8.0 or f[col.DRIVES + b.HUNGER, i] < 0.02 or f[col.CLOCK, i] >= f[col.BOUT, i]:
        return CHOOSE
    return now


@compiled
def _mating(f: F32, k: I32, t: F32, i: int):
    now, mate = k[col.BEHAVIOR, i], k[col.TARGET, i]
    if mate < 0 or k[col.STATUS, mate] != col.ALIVE or k[col.BEHAVIOR, mate] == b.FLEE:
        return CHOOSE
    if now == b.MATE or f[col.CLOCK, i] < f[col.BOUT, i]:
        return now if f[col.CLOCK, i] < f[col.BOUT, i] else CHOOSE
    close = _COURTED_M + 1.6 * t[k[col.SPECIES, i], trait.LENGTH]
    near = distance_to(f, k, i, f[col.X, mate], f[col.Y, mate]) < close
    return b.MATE if near and is_receptive(f, k, t, mate) else CHOOSE


@inlined
def _going_somewhere(f: F32, k: I32, t: F32, marks: I32, g: Ground, c: Conditions, i: int):
    now, over = k[col.BEHAVIOR, i], f[col.CLOCK, i] >= f[col.BOUT, i]
    x, y = f[col.X, i], f[col.Y, i]
    if now == b.GO_TO_WATER:
        reach = WATER_REACH_M + 0.5 * t[k[col.SPECIES, i], trait.LENGTH]
        if distance_to(f, k, i, at(g, layer.SHORE_X, x, y), at(g, layer.SHORE_Y, x, y)) < reach:
            return b.DRINK
        return CHOOSE if over else now
    if now == b.REGROUP:
        s, leader = k[col.SPECIES, i], k[col.LEADER, i]
        off = math.sqrt(f[col.HERD_X, i] ** 2 + f[col.HERD_Y, i] ** 2)
        if leader != i and k[col.STATUS, leader] == col.ALIVE:
            off = distance_to(f, k, i, f[col.X, leader], f[col.Y, leader])
        return CHOOSE if over or off < max(5.0, 0.12 * t[s, trait.ATTRACT_RANGE]) else now
    if now == b.SHELTER:
        goal_x, goal_y = shelter_of(f, k, t, g, i)
        there = distance_to(f, k, i, goal_x, goal_y) < _ARRIVED_M + 0.5 * t[k[col.SPECIES, i], trait.LENGTH]
        if there and f[col.DRIVES + b.FEAR, i] < 0.25 and f[col.CLOCK, i] > 6.0:
            return b.REST
        return CHOOSE if over else now
    arrived = distance_to(f, k, i, f[col.GOAL_X, i], f[col.GOAL_Y, i]) < _ARRIVED_M + 1.0
    if now == b.PATROL:
        if scent_at(marks, k, g, c, i, x, y) == scent.FOREIGN:
            if scent.answers(f[col.PERSONALITY + b.AGGRESSION, i]):
                return b.SCENT_MARK
            f[col.GOAL_X, i], f[col.GOAL_Y, i] = f[col.HOME_X, i], f[col.HOME_Y, i]
            return CHOOSE if over else now
        return b.SCENT_MARK if arrived or over else now
    return CHOOSE if arrived or over else now


@inlined
def carry_on(
    f: F32, k: I32, t: F32, veg: F32, marks: I32, g: Ground, c: Conditions, i: int
):  # fmt: skip
    """Return the present behaviour, the one it leads to, or CHOOSE."""
    now = k[col.BEHAVIOR, i]
    if now == b.GRAZE or now == b.BROWSE or now == b.PICK or now == b.FILTER or b.SEEKS_FOOD[now]:
        return _feeding(f, k, t, veg, g, i)
    if now <= b.STRIKE:
        return _hunting(f, k, t, g, c, i)
    if b.WAIT_AT_HOLE <= now <= b.HERD_PREY:
        return _special_hunt(f, k, t, i)
    if now == b.CARRY or now == b.RECRUIT or now == b.FOLLOW_TRAIL:
        return after_errand(f, k, t, i, CHOOSE)
    if now == b.SHARE or now == b.DEN or now == b.BROOD or now >= b.SURFACE:
        return CHOOSE if end_errand(f, k, i) else now
    if now == b.SCAVENGE or now == b.EAT_MEAT:
        return _eating_meat(f, k, t, g, c, i)
    if (
        now == b.GO_TO_WATER
        or now == b.REGROUP
        or now == b.SHELTER
        or now == b.PATROL
        or now == b.MIGRATE
        or now == b.SCHOOL
    ):
        return _going_somewhere(f, k, t, marks, g, c, i)
    if now == b.DRINK:
        return CHOOSE if f[col.DRIVES + b.THIRST, i] < 0.02 or f[col.CLOCK, i] >= f[col.BOUT, i] else now
    if now == b.COURT or now == b.MATE:
        return _mating(f, k, t, i)
    if now == b.CHALLENGE:
        rival = k[col.TARGET, i]
        gone = (
            rival < 0
            or k[col.STATUS, rival] != col.ALIVE
            or distance_to(f, k, i, f[col.X, rival], f[col.Y, rival])
            > _DRIVEN_OFF_LENGTHS * t[k[col.SPECIES, i], trait.LENGTH]
        )
        return b.SCENT_MARK if gone or f[col.CLOCK, i] >= f[col.BOUT, i] else now
    return CHOOSE if f[col.CLOCK, i] >= f[col.BOUT, i] else now

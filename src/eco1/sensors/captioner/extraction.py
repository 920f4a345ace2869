"""From the log to everything that happened, with whom, where and why, in order of time."""

from dataclasses import replace

import numpy as np

from eco1.sensors.captioner.arrivals import find_arrivals
from eco1.sensors.captioner.bouts import find_bouts
from eco1.sensors.captioner.gatherings import find_alarms, find_moving_as_one, with_followers
from eco1.sensors.captioner.grouping import grouped
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.hunts import find_escapes, find_pursuits
from eco1.sensors.captioner.lives import find_births, find_deaths
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.partners import find_partners
from eco1.sensors.captioner.placing import with_places
from eco1.sensors.captioner.reasons import with_cause
from eco1.sensors.captioner.tags import tags_of

_PURSUITS = ("chase", "swoop")  # are told as pursuits, with their prey
_MOVING_AS_ONE = ("school", "migrate")  # say already that many move one way


def extract(log: Log) -> list[Happening]:
    """Return all happenings of an episode, sorted by their beginning."""
    bouts = find_bouts(log)
    partner = find_partners(log, bouts)
    deaths = find_deaths(log)
    kills = [each for each in deaths if each.kind == "kill"]
    pursuits = find_pursuits(log, bouts, partner, kills)
    hunted = np.isin(bouts.behavior, log.codes(*_PURSUITS)) & (partner >= 0)
    plain = grouped(log, bouts[~hunted], partner[~hunted])
    plain = [_at_carcass(log, each) for each in _without_struck(plain, kills)]
    alarms = find_alarms(log, bouts, partner)
    moving = [each for each in find_moving_as_one(log) if not _is_told(each, plain)]
    trails = [each for each in plain if each.kind == "follow_trail"]
    calls = [each for each in plain if each.kind == "recruit"]
    others = [each for each in plain if each.kind not in ("follow_trail", "recruit") and not _is_in(each, alarms)]
    told = [
        *(*deaths, *find_births(log), *pursuits, *find_escapes(pursuits, log), *alarms, *moving),
        *(*others, *with_followers(log, calls, trails), *find_arrivals(log, bouts, partner)),
    ]
    told = [with_cause(log, each) for each in told]
    told.sort(key=lambda each: (each.first, each.last, each.kind, each.rows))
    return _tagged(log, with_places(log, told))


def _without_struck(plain: list[Happening], kills: list[Happening]) -> list[Happening]:
    """Leave out blows that a kill tells of, and those at nobody known."""

    def is_told(each: Happening) -> bool:
        return any(each.others == kill.others and each.first <= kill.last and kill.first <= each.last for kill in kills)

    return [each for each in plain if each.kind != "strike" or (bool(each.others) and not is_told(each))]


def _at_carcass(log: Log, each: Happening) -> Happening:
    """Return what is told of a carcass only where one lay there while all of a group were at it."""
    if each.kind not in ("eat_meat", "scavenge") or not each.others:
        return each
    return each if log.carcass[each.first : each.last, each.others[0]].any() else replace(each, others=())


def _is_in(flight: Happening, alarms: list[Happening]) -> bool:
    """Whether an alarm tells of this flight already."""
    return flight.kind == "flee" and any(
        set(flight.actors) <= set(alarm.actors) and alarm.first <= flight.first <= alarm.last for alarm in alarms
    )


def _is_told(moving: Happening, plain: list[Happening]) -> bool:
    """Whether a bout of schooling or migrating of many tells of this movement already."""
    return any(
        each.kind in _MOVING_AS_ONE and len(set(each.actors) & set(moving.actors)) >= len(moving.actors) // 2
        for each in plain
        if each.first < moving.last and moving.first < each.last
    )


def _tagged(log: Log, told: list[Happening]) -> list[Happening]:
    return [replace(each, tags=tags_of(log, each)) for each in told]

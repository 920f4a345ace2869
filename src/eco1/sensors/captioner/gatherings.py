"""What only several animals together do: alarm, moving as one, being led to food."""

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float, Int

from eco1.sensors.captioner.bouts import Bouts
from eco1.sensors.captioner.happenings import Cause, Happening
from eco1.sensors.captioner.log import Log

_ALARM_GAP_S, _ALARM_M, _ALARMED = 2.0, 60.0, 3
_MANY, _ALIGNED, _AS_ONE_S = 4, 0.85, 3.0  # of a kind, that head one way for so long: by eye
_LIVELY = 0.35  # of the cruising speed
_EVERY_S = 0.5  # how often headings are compared
_FOLLOW_S, _FOLLOW_M = 4.0, 40.0  # after which, and from where, those set off who were shown food


def find_alarms(log: Log, bouts: Bouts, partner: Int[np.ndarray, " k"]) -> list[Happening]:
    """Return moments in which several begin to flee, from the first to the last that does."""
    alarms: list[Happening] = []
    running: list[Happening] = []
    fleeing = np.flatnonzero(bouts.behavior == log.code("flee"))
    for k in fleeing[np.argsort(bouts.first[fleeing], kind="stable")].tolist():
        flight = Happening(
            kind="flee",
            first=int(bouts.first[k]),
            last=int(bouts.last[k]),
            actors=(int(bouts.row[k]),),
            others=(int(partner[k]),) if partner[k] >= 0 else (),
        )
        if running and not _is_part(log, running, flight):
            alarms += _alarm(running)
            running = []
        running.append(flight)
    return alarms + _alarm(running)


def _is_part(log: Log, running: list[Happening], flight: Happening) -> bool:
    before = running[-1]
    there = log.position_m[before.first, before.actors[0]]
    near = np.linalg.norm(log.position_m[flight.first, flight.actors[0]] - there) < _ALARM_M
    threats = {row for each in running for row in each.others}
    related = not threats or not flight.others or bool(threats & set(flight.others))
    return bool(near) and related and (flight.first - before.first) * log.dt_s <= _ALARM_GAP_S


def _alarm(running: list[Happening]) -> list[Happening]:
    actors = tuple(dict.fromkeys(row for each in running for row in each.actors))
    others = tuple(dict.fromkeys(row for each in running for row in each.others if row not in actors))
    if len(actors) < _ALARMED:
        return []
    first, last = running[0].first, max(running[-1].first + 1, min(each.last for each in running))
    return [Happening(kind="alarm", first=first, last=last, actors=actors, others=others[:1])]


def find_moving_as_one(log: Log) -> list[Happening]:
    """Return stretches in which most of a kind head one way."""
    every = max(1, round(_EVERY_S / log.dt_s))
    frames = np.arange(0, log.steps, every)
    found: list[Happening] = []
    for s, kind in enumerate(log.kinds):
        if kind.is_person:
            continue
        members = log.alive[frames] & (log.species[frames] == s)
        going = members & (log.speed_mps[frames] > max(_LIVELY * kind.cruise_mps, 1e-3))
        together = _is_aligned(log.velocity_mps[frames, :, :2], going) & (going.sum(1) >= 0.6 * members.sum(1))
        for a, z in _stretches(together, max(2, round(_AS_ONE_S / (every * log.dt_s)))):
            rows = tuple(np.flatnonzero(going[a:z].all(0)).tolist())
            if len(rows) >= _MANY:
                last = min(log.steps, int(frames[z - 1]) + 1)
                found.append(Happening(kind="move_together", first=int(frames[a]), last=last, actors=rows))
    return found


def _is_aligned(velocity_mps: Float[np.ndarray, "t n 2"], going: Bool[np.ndarray, "t n"]) -> Bool[np.ndarray, " t"]:
    """Return where the mean of the unit velocities is long.

    The order parameter of Vicsek et al. (1995), Novel type of phase transition in a system of self-driven particles,
    DOI 10.1103/PhysRevLett.75.1226.
    """
    unit = velocity_mps / np.maximum(np.linalg.norm(velocity_mps, axis=-1, keepdims=True), 1e-6)
    count = going.sum(1)
    mean = (unit * going[..., None]).sum(1) / np.maximum(count, 1)[:, None]
    return (np.linalg.norm(mean, axis=-1) > _ALIGNED) & (count >= _MANY)


def _stretches(mask: Bool[np.ndarray, " t"], least: int) -> list[tuple[int, int]]:
    """Return the runs [a, z) of True that are long enough."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [(int(a), int(z)) for a, z in edges.reshape(-1, 2) if z - a >= least]


def with_followers(log: Log, calls: list[Happening], trails: list[Happening]) -> list[Happening]:
    """Return recruiting with those who then set off as the others, and following with what set it off."""
    told: list[Happening] = []
    within = round(_FOLLOW_S / log.dt_s)
    shown: dict[int, int] = {}
    for call in calls:
        followers = [
            row
            for trail in trails
            if call.first <= trail.first <= call.last + within
            for row in trail.actors
            if row not in shown and _may_follow(log, call, trail, row)
        ]
        shown |= dict.fromkeys(followers, call.actors[0])
        told.append(replace(call, others=tuple(dict.fromkeys(followers))))
    for trail in trails:
        callers = [shown[row] for row in trail.actors if row in shown]
        told.append(replace(trail, cause=Cause(kind="shown", row=callers[0])) if callers else trail)
    return told


def _may_follow(log: Log, call: Happening, trail: Happening, row: int) -> bool:
    caller = call.actors[0]
    same = log.species[trail.first, row] == log.species[call.first, caller]
    away = np.linalg.norm(log.position_m[trail.first, row] - log.position_m[call.first, caller])
    return row not in call.actors and bool(same) and bool(away < _FOLLOW_M)

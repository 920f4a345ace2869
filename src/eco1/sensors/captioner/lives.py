"""Births, deaths and kills: what the ``alive`` and ``carcass`` masks say."""

import numpy as np

from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import Log

_CONTACT_M = 4.0  # beside half of both bodies: from how far a strike still lands in recordings
_FELLOWS_M = 15.0
_HUNTING = ("chase", "strike", "swoop", "herd_prey", "stalk")
_BLOW = ("strike", "eat_meat")  # what the killer is seen to do at that moment
_SOON_S = 0.5  # within which the killer is at its prey
_STARVED, _PARCHED = 0.95, 0.95  # of a need, from which it is named as the cause: by eye
_BORN_WITHIN_M = 3.0  # beside two lengths of the mother
_TOLD_S = 1.0  # how long the moment of a birth or death is


def _moment(log: Log, frame: int) -> tuple[int, int]:
    """Return the stretch around a change that is first seen at ``frame``."""
    half = max(1, round(_TOLD_S / 2 / log.dt_s))
    return max(0, frame - half), min(log.steps, frame + half)


def find_deaths(log: Log) -> list[Happening]:
    """Return kills (actors: the killer and those who hunted with it; others: the victim) and other deaths."""
    same = log.identity[:-1] == log.identity[1:]
    frames, rows = np.nonzero(log.alive[:-1] & log.carcass[1:] & same)
    return [_death(log, int(frame) + 1, int(row)) for frame, row in zip(frames, rows, strict=True)]


def _death(log: Log, frame: int, victim: int) -> Happening:
    first, last = _moment(log, frame)
    killers = _killers(log, frame, victim)
    if killers:
        return Happening(kind="kill", first=first, last=last, actors=killers, others=(victim,), outcome="kill")
    before, cause = frame - 1, ""
    if log.drive("hunger", before, victim) > _STARVED:
        cause = "hunger"
    elif log.drive("thirst", before, victim) > _PARCHED:
        cause = "thirst"
    return Happening(kind="death", first=first, last=last, actors=(victim,), outcome=cause)


def _killers(log: Log, frame: int, victim: int) -> tuple[int, ...]:
    """Return who killed: the nearest that may hunt such prey and strikes or eats there; then who hunted with it."""
    soon = min(log.steps, frame + max(1, round(_SOON_S / log.dt_s)))
    around = slice(frame - 1, soon)
    species = int(log.species[frame, victim])
    may = log.related["prey"][log.species[frame], species] & log.alive[frame]
    distance = np.linalg.norm(log.position_m[frame] - log.position_m[frame, victim], axis=-1)
    reach = _CONTACT_M + 0.5 * (log.body_length_m[frame] + log.body_length_m[frame, victim])
    strikes = np.isin(log.behavior[around], log.codes(*_BLOW)).any(0)
    able = may & strikes & (distance < reach)
    if not able.any():
        return ()
    killer = int(np.where(able, distance, np.inf).argmin())
    hunting = np.isin(log.behavior[around], log.codes(*_HUNTING))
    if log.target is not None:
        hunting &= log.target[around] == victim
    fellows = (
        hunting.any(0) & log.alive[frame] & (log.species[frame] == log.species[frame, killer]) & (distance < _FELLOWS_M)
    )
    fellows[killer] = False
    return (killer, *(int(row) for row in np.flatnonzero(fellows)))


def find_births(log: Log) -> list[Happening]:
    """Return births: actors the newborn of a moment and place, others their mother where one is near."""
    known = np.array([kind.length_m > 0 for kind in log.kinds])
    fresh = log.alive[1:] & (~log.alive[:-1] | (log.identity[1:] != log.identity[:-1])) & known[log.species[1:]]
    frames, rows = np.nonzero(fresh & ~np.isin(log.identity[1:], log.identity[0]))
    litters: dict[tuple[int, int], list[int]] = {}
    for frame, row in zip(frames.tolist(), rows.tolist(), strict=True):
        litters.setdefault((frame + 1, _mother(log, frame + 1, row)), []).append(row)
    told: list[Happening] = []
    for (frame, mother), young in litters.items():
        last = min(log.steps, frame + max(1, round(_TOLD_S / log.dt_s)))
        others = (mother,) if mother >= 0 else ()
        told.append(Happening(kind="birth", first=frame, last=last, actors=tuple(young), others=others))
    return told


def _mother(log: Log, frame: int, newborn: int) -> int:
    """Return the nearest grown animal of its kind, or -1; among those who live in colonies nobody can tell."""
    if log.kind(frame, newborn).company == "colony":
        return -1
    kin = log.alive[frame] & (log.species[frame] == log.species[frame, newborn])
    kin &= log.body_length_m[frame] > 1.2 * log.body_length_m[frame, newborn]
    distance = np.linalg.norm(log.position_m[frame] - log.position_m[frame, newborn], axis=-1)
    distance = np.where(kin, distance, np.inf)
    nearest = int(distance.argmin())
    return nearest if distance[nearest] < _BORN_WITHIN_M + 2 * log.body_length_m[frame, nearest] else -1

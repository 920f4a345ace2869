"""Hunts: pursuits of one prey by one or more hunters, and how they end."""

from dataclasses import replace

import numpy as np
from jaxtyping import Int

from eco1.sensors.captioner.bouts import Bouts
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import Log

_PURSUING = ("chase", "swoop", "strike")
_BLOW = "strike"  # belongs to a pursuit that goes on, but is none by itself
_GAP_S = 2.0  # between two bouts of one pursuit
_SAFE_S = 2.0  # a prey that is not pursued again for so long has got away
_LATE_S = 1.5  # the end of a pursuit may be written down this long before the kill


def find_pursuits(log: Log, bouts: Bouts, partner: Int[np.ndarray, " k"], kills: list[Happening]) -> list[Happening]:
    """Return pursuits with their outcome: kill, escape, or "" when the recording ends before it is clear."""
    names = dict(zip(log.codes(*_PURSUING), _PURSUING, strict=True))
    chosen = np.flatnonzero(np.isin(bouts.behavior, list(names)) & (partner >= 0))
    chosen = chosen[np.argsort(bouts.first[chosen], kind="stable")]
    gap, running = round(_GAP_S / log.dt_s), dict[int, Happening]()
    done: list[Happening] = []
    for k in chosen.tolist():
        prey, row = int(partner[k]), int(bouts.row[k])
        first, last, name = int(bouts.first[k]), int(bouts.last[k]), names[int(bouts.behavior[k])]
        now = running.get(prey)
        if name == _BLOW and (now is None or first > now.last + gap):
            continue
        if now is not None and first <= now.last + gap and _same_kind(log, now, first, row):
            actors = now.actors if row in now.actors else (*now.actors, row)
            running[prey] = replace(now, last=max(now.last, last), actors=actors)
            continue
        if now is not None:
            done.append(now)
        running[prey] = Happening(kind=name, behavior=name, first=first, last=last, actors=(row,), others=(prey,))
    return [_with_outcome(log, each, kills) for each in (*done, *running.values())]


def _same_kind(log: Log, now: Happening, frame: int, row: int) -> bool:
    return int(log.species[now.first, now.actors[0]]) == int(log.species[frame, row])


def _with_outcome(log: Log, pursuit: Happening, kills: list[Happening]) -> Happening:
    prey, late = pursuit.others[0], round(_LATE_S / log.dt_s)
    for kill in kills:
        ends = pursuit.first <= kill.middle <= pursuit.last + late
        if ends and kill.others[0] == prey and set(kill.actors) & set(pursuit.actors):
            return replace(pursuit, outcome="kill")
    safe = pursuit.last + round(_SAFE_S / log.dt_s)
    if safe < log.steps and log.alive[pursuit.last : safe, prey].all():
        return replace(pursuit, outcome="escape")
    return pursuit


def find_escapes(pursuits: list[Happening], log: Log) -> list[Happening]:
    """Return the escapes that end pursuits: actors the prey, others the hunters."""
    span = round(1.0 / log.dt_s)
    return [
        Happening(
            kind="escape", first=max(0, each.last - 1), last=min(log.steps, each.last + span), actors=each.others,
            others=each.actors, outcome="escape",
        )
        for each in pursuits
        if each.outcome == "escape"
    ]  # fmt: skip

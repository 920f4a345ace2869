"""Arrivals: the moment at which a way to something ends and the taking of it begins."""

from dataclasses import replace

import numpy as np
from jaxtyping import Int

from eco1.sensors.captioner.bouts import Bouts
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import Log

_WAYS = {
    "arrive_water": (("go_to_water",), "drink"),
    "arrive_carcass": (("scavenge",), "eat_meat"),
    "arrive_food": (("forage", "fly", "climb", "swing", "follow_trail"), "pick"),
}
_TOLD_S = 1.5
_TOGETHER_M, _TOGETHER_LENGTHS = 5.0, 6.0
_GAP_S = 2.0  # between arriving and taking


def find_arrivals(log: Log, bouts: Bouts, partner: Int[np.ndarray, " k"]) -> list[Happening]:
    """Return arrivals at water, at carcasses (others: the carcass) and at fruit, flowers or refuse."""
    found: list[Happening] = []
    if len(bouts) < 2:
        return found
    before, after = bouts[:-1], bouts[1:]
    at_once = (before.identity == after.identity) & ((after.first - before.last) * log.dt_s <= _GAP_S)
    half = max(1, round(_TOLD_S / 2 / log.dt_s))
    for kind, (ways, taking) in _WAYS.items():
        there = at_once & np.isin(before.behavior, log.codes(*ways)) & (after.behavior == log.code(taking))
        for k in np.flatnonzero(there).tolist():
            row, frame, carcass = int(after.row[k]), int(after.first[k]), int(partner[k + 1])
            first, last = max(int(before.first[k]), frame - half), min(int(after.last[k]), frame + half)
            if kind == "arrive_carcass" and (carcass < 0 or not log.carcass[first:last, carcass].any()):
                continue  # gone with the first bite
            others = (carcass,) if kind == "arrive_carcass" else ()
            found.append(Happening(kind=kind, first=first, last=last, actors=(row,), others=others))
    return _joined(log, found)


def _joined(log: Log, arrivals: list[Happening]) -> list[Happening]:
    """Return arrivals of several of a kind at the same time and place as one."""
    joined: list[Happening] = []
    for arrival in sorted(arrivals, key=lambda each: each.first):
        fits = [k for k, other in enumerate(joined) if _belongs(log, other, arrival)]
        if fits:
            k = fits[-1]
            last = max(joined[k].last, arrival.last)
            joined[k] = replace(joined[k], last=last, actors=(*joined[k].actors, *arrival.actors))
        else:
            joined.append(arrival)
    return joined


def _belongs(log: Log, group: Happening, arrival: Happening) -> bool:
    frame, row, mate = arrival.first, arrival.actors[0], group.actors[0]
    alike = group.kind == arrival.kind and group.others == arrival.others and row not in group.actors
    if not alike or log.species[frame, row] != log.species[group.first, mate]:
        return False
    if (arrival.first - group.first) * log.dt_s > _TOLD_S:
        return False
    away = float(np.linalg.norm(log.position_m[arrival.middle, row] - log.position_m[group.middle, mate]))
    return away < max(_TOGETHER_M, _TOGETHER_LENGTHS * float(log.body_length_m[frame, row]))

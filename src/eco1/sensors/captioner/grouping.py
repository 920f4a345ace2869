"""Several of a kind that do the same at the same time and place make one happening."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Int

from eco1.sensors.captioner.bouts import Bouts
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import Log

_TOGETHER_LENGTHS, _LEAST_M, _MOST_M = 12.0, 6.0, 30.0  # how far apart they may be: by eye
_SHARED = 0.6  # of the shorter bout that all must spend together
_ALONE = frozenset(
    ("court", "challenge", "share", "tend_young", "give_food", "shoo", "brood")
)  # is told of each by itself

_PACK_HUNTS = frozenset(("stalk", "ambush", "herd_prey"))  # one prey makes hunters one party, however far apart


@dataclass
class _Group:
    """Bouts that have joined so far, and the frames that all of them share."""

    first: int
    last: int
    shortest: int
    rows: list[int]
    others: list[int]
    pauses: int = 0
    xyz: list[float] = field(default_factory=list[float])


def grouped(log: Log, bouts: Bouts, partner: Int[np.ndarray, " k"]) -> list[Happening]:
    """Return the bouts as happenings; those of a group last as long as all its members do the same."""
    key = np.stack([log.species[bouts.first, bouts.row].astype(int), bouts.behavior, _objects(log, bouts, partner)], 1)
    groups: dict[tuple[int, ...], list[_Group]] = {}
    for k in np.argsort(bouts.first, kind="stable").tolist():
        row, first, last = int(bouts.row[k]), int(bouts.first[k]), int(bouts.last[k])
        species, behavior, concerned = key[k].tolist()
        mates = groups.setdefault((species, behavior, concerned), [])
        xyz = log.position_m[(first + last - 1) // 2, row].tolist()
        hunts_same = concerned >= 0 and log.behaviors[behavior] in _PACK_HUNTS
        reach = (
            np.inf
            if hunts_same
            else min(_MOST_M, max(_LEAST_M, _TOGETHER_LENGTHS * float(log.body_length_m[first, row])))
        )
        group = None if log.behaviors[behavior] in _ALONE else _joinable(mates, row, first, last, xyz, reach)
        if group is None:
            group = _Group(first=first, last=last, shortest=last - first, rows=[], others=[])
            mates.append(group)
        _join(group, row, first, last, int(partner[k]), int(bouts.pauses[k]), xyz)
    return [
        Happening(
            kind=log.behaviors[behavior], behavior=log.behaviors[behavior], first=group.first, last=group.last,
            actors=tuple(group.rows), others=tuple(other for other in group.others if other not in group.rows),
            pauses=group.pauses,
        )
        for (_, behavior, _), found in groups.items()
        for group in found
    ]  # fmt: skip


def _objects(log: Log, bouts: Bouts, partner: Int[np.ndarray, " k"]) -> Int[np.ndarray, " k"]:
    """Return whom members of a group must share: the animal concerned, unless they do it with each other."""
    mutual = np.isin(bouts.behavior, log.codes("mate", "play"))
    return np.where(mutual, -1, partner)


def _joinable(groups: list[_Group], row: int, first: int, last: int, xyz: list[float], reach: float) -> _Group | None:
    for group in reversed(groups):
        if group.last <= first or row in group.rows:
            continue
        shared = min(group.last, last) - max(group.first, first)
        distance = sum((a - b) ** 2 for a, b in zip(group.xyz, xyz, strict=True)) ** 0.5
        if distance <= reach and shared >= _SHARED * min(group.shortest, last - first):
            return group
    return None


def _join(group: _Group, row: int, first: int, last: int, partner: int, pauses: int, xyz: list[float]) -> None:
    group.first, group.last = max(group.first, first), min(group.last, last)
    group.shortest = min(group.shortest, last - first)
    group.rows.append(row)
    if partner >= 0 and partner not in group.others:
        group.others.append(partner)
    group.pauses += pauses
    group.xyz = xyz

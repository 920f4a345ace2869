"""To whom: the animal that a bout concerns, as recorded where that is known, else the nearest plausible one."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int

from eco1.sensors.captioner.bouts import Bouts
from eco1.sensors.captioner.log import Log

PREY, THREAT, KIN, YOUNG, PERSON, GUEST, CARCASS = "prey", "threat", "kin", "young", "person", "guest", "carcass"


@dataclass(frozen=True, kw_only=True)
class Bond:
    """Whom a behaviour concerns and how far away that one may be, m; ``flights`` adds so many flight distances."""

    relation: str
    reach_m: float
    flights: float = 0.0


#: Reaches are judged by eye from how far apart such pairs are in recordings.
BONDS = {
    "stalk": Bond(relation=PREY, reach_m=150.0), "ambush": Bond(relation=PREY, reach_m=80.0),
    "chase": Bond(relation=PREY, reach_m=150.0), "strike": Bond(relation=PREY, reach_m=15.0),
    "swoop": Bond(relation=PREY, reach_m=120.0), "herd_prey": Bond(relation=PREY, reach_m=60.0),
    "flee": Bond(relation=THREAT, reach_m=10.0, flights=1.5),
    "vigilant": Bond(relation=THREAT, reach_m=10.0, flights=1.5),
    "camouflage": Bond(relation=THREAT, reach_m=10.0, flights=1.5),
    "shelter": Bond(relation=THREAT, reach_m=5.0, flights=1.5),
    "play": Bond(relation=KIN, reach_m=30.0), "court": Bond(relation=KIN, reach_m=45.0),
    "mate": Bond(relation=KIN, reach_m=15.0), "challenge": Bond(relation=KIN, reach_m=60.0),
    "share": Bond(relation=KIN, reach_m=20.0), "tend_young": Bond(relation=YOUNG, reach_m=40.0),
    "beg": Bond(relation=PERSON, reach_m=18.0), "give_food": Bond(relation=GUEST, reach_m=8.0),
    "shoo": Bond(relation=GUEST, reach_m=12.0), "eat_meat": Bond(relation=CARCASS, reach_m=6.0),
    "scavenge": Bond(relation=CARCASS, reach_m=300.0),
}  # fmt: skip
_ASIDE = 1.0  # how much farther away one seems that is behind a hunter, in times its distance: by eye


def find_partners(log: Log, bouts: Bouts) -> Int[np.ndarray, " k"]:
    """Return the row that each bout concerns, -1 where it concerns nobody."""
    partner = np.full(len(bouts), -1)
    for name, bond in BONDS.items():
        chosen = np.flatnonzero(bouts.behavior == log.code(name))
        if len(chosen):
            partner[chosen] = _partners(log, bouts[chosen], bond)
    return partner


def _partners(log: Log, bouts: Bouts, bond: Bond) -> Int[np.ndarray, " k"]:
    """Return the first plausible target of those in the middle, at the end and at the beginning, else the nearest."""
    middle = (bouts.first + bouts.last - 1) // 2
    found = np.full(len(bouts), -1)
    if log.target is not None:
        for frame in (middle, bouts.last - 1, bouts.first):
            plausible, _ = _candidates(log, frame, bouts.row, bond)
            target = log.target[frame, bouts.row].astype(int)
            told = (target >= 0) & plausible[np.arange(len(bouts)), np.maximum(target, 0)]
            found = np.where((found < 0) & told, target, found)
    if bond.relation == CARCASS:
        frames = (bouts.last - 1, middle, bouts.first)  # it may be eaten up before the end
    else:
        frames = () if log.target is not None else (middle,)
    for frame in frames:
        plausible, distance = _candidates(log, frame, bouts.row, bond)
        distance = np.where(plausible, distance, np.inf)
        found = np.where((found < 0) & plausible.any(1), distance.argmin(1), found)
    return found


def _candidates(
    log: Log, frame: Int[np.ndarray, " k"], row: Int[np.ndarray, " k"], bond: Bond
) -> tuple[Bool[np.ndarray, "k n"], Float[np.ndarray, "k n"]]:
    """Return who may be meant, and how far they are, farther when off a hunter's way."""
    away = log.position_m[frame] - log.position_m[frame, row][:, None]
    distance = np.linalg.norm(away, axis=-1)
    flight = np.array([kind.flight_m for kind in log.kinds])[log.species[frame, row]]
    near = distance <= (bond.reach_m + bond.flights * flight)[:, None]
    mine, theirs = log.species[frame, row][:, None], log.species[frame]
    itself = np.arange(log.alive.shape[1])[None] == row[:, None]
    if bond.relation == CARCASS:
        return near & log.carcass[frame] & ~itself, distance
    living = near & log.alive[frame] & ~itself
    if bond.relation == PREY:
        ahead = (away * log.velocity_mps[frame, row][:, None]).sum(-1)
        ahead /= np.maximum(distance * np.linalg.norm(log.velocity_mps[frame, row], axis=-1)[:, None], 1e-6)
        distance = distance * (1 + _ASIDE * (1 - np.clip(ahead, -1, 1)) / 2)
    return living & _is_related(log, frame, row, mine, theirs, bond.relation), distance


def _is_related(
    log: Log,
    frame: Int[np.ndarray, " k"],
    row: Int[np.ndarray, " k"],
    mine: Int[np.ndarray, "k 1"],
    theirs: Int[np.ndarray, "k n"],
    relation: str,
) -> Bool[np.ndarray, "k n"]:
    kin = log.related["kin"][mine, theirs]
    if relation == YOUNG:
        return kin & (log.body_length_m[frame] < log.body_length_m[frame, row][:, None])
    if relation == GUEST:
        return ~kin & ~log.related["person"][mine, theirs]
    if relation == THREAT:
        rival = kin & (log.behavior[frame] == log.code("challenge"))
        return log.related["threat"][mine, theirs] | rival
    return log.related[relation][mine, theirs]

"""Bouts: stretches during which one animal does one thing, merged over flicker and over short looks around."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int
from numpy.typing import NDArray

from eco1.core.records import ArrayRecord
from eco1.sensors.captioner.log import Log

_FLICKER_S = 0.5  # shorter interruptions are taken for noise of the labels
_GLANCE_S = 4.0  # a longer look around is something of its own
_LEAST_S = 0.8
_BRIEF = ("strike", "swoop", "mate", "surface")  # are told however short
_STEADY = (
    *("graze", "browse", "forage", "pick", "filter", "eat_meat", "drink", "rest", "sleep", "perch", "migrate"),
    *("school", "soar", "patrol", "brood", "den", "explore", "prowl"),
)  # what goes on after a look around
_GLANCE = "vigilant"


@dataclass(frozen=True, kw_only=True)
class Bouts(ArrayRecord):
    """Stretches [first, last) of frames, row by row in order of time; ``pauses`` counts the looks around within."""

    row: Int[np.ndarray, " k"]
    first: Int[np.ndarray, " k"]
    last: Int[np.ndarray, " k"]
    behavior: Int[np.ndarray, " k"]
    identity: Int[np.ndarray, " k"]
    pauses: Int[np.ndarray, " k"]

    def __len__(self) -> int:
        return len(self.row)


def find_bouts(log: Log) -> Bouts:
    """Return all bouts of all living animals."""
    bouts = _runs(log)
    for _ in range(2):
        bouts = _absorbed(bouts, _is_flicker(bouts, log), counts=False)
    bouts = _absorbed(bouts, _is_glance(bouts, log), counts=True)
    lasting = (bouts.last - bouts.first) * log.dt_s >= _LEAST_S
    return bouts[lasting | np.isin(bouts.behavior, log.codes(*_BRIEF))]


def _runs(log: Log) -> Bouts:
    """Return the runs of equal labels, by one pass over all rows end to end."""
    steps, rows = log.behavior.shape
    label, identity = log.behavior.T.ravel().astype(int), log.identity.T.ravel()
    starts = np.ones(len(label), bool)
    starts[1:] = (label[1:] != label[:-1]) | (identity[1:] != identity[:-1])
    starts[::steps] = True
    at = np.flatnonzero(starts)
    row, first = np.divmod(at, steps)
    last = first + np.diff(np.append(at, rows * steps))
    bouts = Bouts(row=row, first=first, last=last, behavior=label[at], identity=identity[at], pauses=np.zeros_like(row))
    return bouts[label[at] >= 0]


def _between_same(bouts: Bouts) -> NDArray[np.bool_]:
    """Return which bouts interrupt an animal that did the same before and after."""
    inner = np.zeros(len(bouts), bool)
    before, now, after = bouts[:-2], bouts[1:-1], bouts[2:]
    one = (before.identity == now.identity) & (now.identity == after.identity) & (before.row == after.row)
    joined = (before.last == now.first) & (now.last == after.first)
    inner[1:-1] = one & joined & (before.behavior == after.behavior)
    return inner


def _is_flicker(bouts: Bouts, log: Log) -> NDArray[np.bool_]:
    short = (bouts.last - bouts.first) * log.dt_s < _FLICKER_S
    return short & _between_same(bouts) & ~np.isin(bouts.behavior, log.codes(*_BRIEF))


def _is_glance(bouts: Bouts, log: Log) -> NDArray[np.bool_]:
    short = (bouts.last - bouts.first) * log.dt_s <= _GLANCE_S
    inner = short & (bouts.behavior == log.code(_GLANCE)) & _between_same(bouts)
    steady = np.isin(np.roll(bouts.behavior, 1), log.codes(*_STEADY))
    return inner & steady


def _absorbed(bouts: Bouts, interrupts: NDArray[np.bool_], *, counts: bool) -> Bouts:
    """Return the bouts with interruptions made part of what they interrupt."""
    if not interrupts.any():
        return bouts
    label = np.where(interrupts, np.roll(bouts.behavior, 1), bouts.behavior)
    fresh = np.ones(len(bouts), bool)
    fresh[1:] = (
        (label[1:] != label[:-1])
        | (bouts.identity[1:] != bouts.identity[:-1])
        | (bouts.row[1:] != bouts.row[:-1])
        | (bouts.first[1:] != bouts.last[:-1])
    )
    at = np.flatnonzero(fresh)
    return Bouts(
        row=bouts.row[at],
        first=bouts.first[at],
        last=np.maximum.reduceat(bouts.last, at),
        behavior=label[at],
        identity=bouts.identity[at],
        pauses=np.add.reduceat(bouts.pauses + (interrupts if counts else 0), at),
    )

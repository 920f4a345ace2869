"""Placing: each happening gets the place that is true of everyone who acts, from beginning to end."""

from dataclasses import replace

import numpy as np

from eco1.sensors.captioner.happenings import NOWHERE, Happening, Place
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.places import Places, find_places

_MOMENTS = frozenset(("kill", "death", "birth", "escape", "alarm"))  # have the place of one frame


def with_places(log: Log, told: list[Happening]) -> list[Happening]:
    """Return the happenings with their places; without a landscape, and where no place fits all along, with none."""
    spots = [_spots(each) for each in told]
    frame = np.array([frame for each in spots for frame, _ in each], int)
    row = np.array([row for each in spots for _, row in each], int)
    places = find_places(log, frame, row) if told else None
    if places is None:
        return told
    starts = np.cumsum([0, *(len(each) for each in spots[:-1])])
    return [replace(each, place=place) for each, place in zip(told, _common(places, starts), strict=True)]


def _spots(happening: Happening) -> list[tuple[int, int]]:
    """Return the (frame, row) pairs of which the place must be true."""
    if happening.kind in _MOMENTS:
        who = happening.others[:1] if happening.kind == "kill" else happening.actors[:1]
        return [(happening.middle, row) for row in who]
    frames = dict.fromkeys((happening.first, happening.middle, happening.last - 1))
    return [(frame, row) for row in happening.actors for frame in frames]


def _common(places: Places, starts: np.ndarray) -> list[Place]:
    """Return for each run of positions, which begin at ``starts``, the first place that fits all of them."""
    fits = np.logical_and.reduceat(places.fits, starts, axis=0)
    names = [Place(key=key, phrase=phrase) for key, phrase in zip(places.keys, places.phrases, strict=True)]
    return [names[int(each.argmax())] if each.any() else NOWHERE for each in fits]

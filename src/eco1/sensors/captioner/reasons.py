"""Why: the threat, the rival, the need or the news that a happening follows from."""

from dataclasses import replace

import numpy as np

from eco1.core.records import DRIVES
from eco1.sensors.captioner.happenings import Cause, Happening
from eco1.sensors.captioner.log import Log

_STRONG = 0.55  # from which a need is named: by eye
_AFRAID = frozenset(("flee", "vigilant", "camouflage", "shelter", "alarm"))
#: The needs that an observer would name for a behaviour, if they are strong.
_SERVES = {
    **dict.fromkeys(("prowl", "stalk", "ambush", "chase", "strike", "swoop", "herd_prey", "scavenge"), "hunger"),
    **dict.fromkeys(("eat_meat", "graze", "browse", "forage", "pick", "filter", "wait_at_hole", "beg"), "hunger"),
    **dict.fromkeys(("fly", "climb", "swing", "follow_trail"), "hunger"),
    **dict.fromkeys(("drink", "go_to_water", "arrive_water"), "thirst"),
    **dict.fromkeys(("rest", "sleep", "perch"), "fatigue"),
    **dict.fromkeys(("explore",), "curiosity"),
}  # fmt: skip


def with_cause(log: Log, happening: Happening) -> Happening:
    """Return the happening with its cause where there is one to be seen or, with ``Hidden``, to be known."""
    if happening.cause is not None:
        return happening
    kind = happening.kind
    if kind in _AFRAID and happening.others:
        return replace(happening, cause=_threat(log, happening))
    drive = _SERVES.get(kind)
    if drive is not None and log.drives is not None:
        strength = log.drives[happening.first, list(happening.actors), DRIVES.index(drive)]
        if bool(np.all(strength >= _STRONG)):
            return replace(happening, cause=Cause(kind="need", drive=drive))
    return happening


def _threat(log: Log, happening: Happening) -> Cause:
    frame, row, source = happening.first, happening.actors[0], happening.others[0]
    away = float(np.linalg.norm(log.position_m[frame, row] - log.position_m[frame, source]))
    rival = log.species[frame, row] == log.species[frame, source]
    return Cause(kind="rival" if rival else "threat", row=source, distance_m=away)

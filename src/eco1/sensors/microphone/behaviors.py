"""What behaviours mean for the ear: who calls more, who keeps silent, and which other sounds a body makes."""

from typing import NamedTuple

import numpy as np

from eco1.sensors.microphone.compiled import F32, I8

#: How much more often than its catalog interval an animal calls. All values are estimates, judged by ear; a behaviour
#: that is not listed has 1. Hunters that creep up, sleepers and those in hiding keep silent.
EAGERNESS = {
    **dict.fromkeys(("stalk", "ambush", "strike", "swoop", "wait_at_hole"), 0.0),
    **dict.fromkeys(("sleep", "camouflage", "den", "shelter"), 0.0),
    **dict.fromkeys(("rest", "brood", "eat_meat", "drink", "scavenge"), 0.5),
    **dict.fromkeys(("graze", "browse", "pick", "forage", "filter", "climb", "prowl", "chase"), 0.8),
    **dict.fromkeys(("fly", "soar", "perch", "tend_young", "migrate", "play", "share", "herd_prey"), 1.5),
    **dict.fromkeys(("flee", "regroup", "recruit", "patrol", "mate"), 2.5),
    **dict.fromkeys(("school", "vigilant", "shoo"), 4.0),
    **dict.fromkeys(("court", "challenge"), 6.0),
    "beg": 8.0,
}  # fmt: skip
#: How much louder than usual, in dB; estimates.
URGENCY_DB = {
    "challenge": 4.0,
    "flee": 3.0,
    "vigilant": 3.0,
    "beg": 2.0,
    "rest": -4.0,
    "tend_young": -8.0,
    "graze": -3.0,
}

#: What a body does that can be heard beside its steps, wings and strokes.
QUIET, CROPS, TEARS, LAPS, PICKS, BLOWS, GLIDES, RUSTLES, SEEKS = range(9)
_DEEDS = {
    **dict.fromkeys(("graze", "browse"), CROPS),
    **dict.fromkeys(("eat_meat", "strike"), TEARS),
    **dict.fromkeys(("pick",), PICKS),
    **dict.fromkeys(("drink",), LAPS),
    **dict.fromkeys(("surface",), BLOWS),
    **dict.fromkeys(("soar",), GLIDES),
    **dict.fromkeys(("climb", "swing"), RUSTLES),
    **dict.fromkeys(("prowl", "forage", "chase", "herd_prey", "explore"), SEEKS),
}  # fmt: skip


class BehaviorTable(NamedTuple):
    """One row per behaviour, (B + 1,); the last row is for behaviours that nobody knows (-1)."""

    eagerness: F32
    louder: F32  # factor on the pressure
    deed: I8


def behavior_table(names: tuple[str, ...]) -> BehaviorTable:
    """Return the table of the behaviours, in the order of ``names``."""
    return BehaviorTable(
        np.array([*(EAGERNESS.get(name, 1.0) for name in names), 0.0], np.float32),
        np.array([*(10 ** (URGENCY_DB.get(name, 0.0) / 20) for name in names), 1.0], np.float32),
        np.array([*(_DEEDS.get(name, QUIET) for name in names), QUIET], np.int8),
    )

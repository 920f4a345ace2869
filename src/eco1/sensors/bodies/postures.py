"""What a behaviour looks like from outside, apart from moving on: head down, lying, crouching, flying."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

POSTURES = (
    "head_down", "head_up", "crouch", "lie", "curl", "upright", "fly", "flap", "dead",
    "swim", "jet", "hang", "swing", "swoop", "reach", "wave", "display", "waggle",
)  # fmt: skip
HEAD_DOWN, HEAD_UP, CROUCH, LIE, CURL, UPRIGHT, FLY, FLAP, DEAD = range(9)
SWIM, JET, HANG, SWING, SWOOP, REACH, WAVE, DISPLAY, WAGGLE = range(9, len(POSTURES))

_OF_BEHAVIOR: dict[str, dict[str, float]] = {
    "prowl": {"head_down": 0.12},
    "stalk": {"crouch": 0.75, "head_down": 0.18},
    "ambush": {"crouch": 1.0},
    "strike": {"head_down": 0.3},
    "scavenge": {"head_down": 0.15},
    "eat_meat": {"head_down": 0.95, "crouch": 0.45},
    "graze": {"head_down": 1.0},
    "browse": {"head_up": 1.0, "upright": 1.0},
    "forage": {"head_down": 0.22},
    "drink": {"head_down": 1.0},
    "vigilant": {"head_up": 0.45, "upright": 1.0},
    "rest": {"lie": 1.0},
    "sleep": {"lie": 1.0, "curl": 1.0},
    "tend_young": {"head_down": 0.3},
    "scent_mark": {"head_down": 0.6},
    "challenge": {"head_up": 0.3, "display": 1.0},
    "court": {"display": 0.6},
    "soar": {"fly": 1.0, "flap": 0.12},
    "fly": {"fly": 1.0, "flap": 0.8},
    "swoop": {"fly": 1.0, "flap": 0.05, "swoop": 1.0},
    "swing": {"swing": 1.0},
    "explore": {"head_up": 0.15},
    "perch": {"head_up": 0.2, "upright": 1.0},
    "camouflage": {"crouch": 1.0},
    "wait_at_hole": {"lie": 1.0, "head_down": 0.35},
    "pick": {"head_down": 0.6, "upright": 1.0},
    "carry": {"head_up": 0.2},
    "recruit": {"waggle": 1.0},
    "follow_trail": {"head_down": 0.35},
    "share": {"head_down": 0.4},
    "den": {"lie": 1.0, "curl": 1.0},
    "brood": {"lie": 1.0},
    "surface": {"head_up": 0.3},
    "beg": {"head_up": 0.6, "upright": 1.0},
    "give_food": {"reach": 1.0},
    "shoo": {"wave": 1.0},
}


def posture_table(behavior_names: Sequence[str]) -> Float[np.ndarray, "c k"]:
    """Return the posture of each behaviour; the extra last row (index -1, unknown) is plain standing."""
    table = np.zeros((len(behavior_names) + 1, len(POSTURES)))
    for row, name in enumerate(behavior_names):
        for posture, amount in _OF_BEHAVIOR.get(name, {}).items():
            table[row, POSTURES.index(posture)] = amount
    return table

"""What a behaviour looks like from outside, apart from walking: head down, lying, crouching, flying."""

import numpy as np
from jaxtyping import Float32

POSTURES = ("head_down", "head_up", "crouch", "lie", "curl", "upright", "fly", "flap", "dead")
HEAD_DOWN, HEAD_UP, CROUCH, LIE, CURL, UPRIGHT, FLY, FLAP, DEAD = range(9)

_OF_BEHAVIOR: dict[str, dict[str, float]] = {
    "prowl": {"head_down": 0.12},
    "stalk": {"crouch": 0.75, "head_down": 0.18},
    "ambush": {"crouch": 1.0},
    "strike": {"head_down": 0.3},
    "scavenge": {"head_down": 0.15},
    "eat_meat": {"head_down": 0.95, "crouch": 0.45},
    "graze": {"head_down": 1.0},
    "browse": {"head_up": 1.0},
    "forage": {"head_down": 0.22},
    "drink": {"head_down": 1.0},
    "vigilant": {"head_up": 0.45, "upright": 1.0},
    "rest": {"lie": 1.0},
    "sleep": {"lie": 1.0, "curl": 1.0},
    "tend_young": {"head_down": 0.3},
    "scent_mark": {"head_down": 0.6},
    "challenge": {"head_up": 0.3},
    "soar": {"fly": 1.0},
}
_LYING_BELOW_MPS = 0.3  # nobody lies, crouches or sits up while walking on
_AIRBORNE_M = 0.4


def posture_table(behavior_names: tuple[str, ...]) -> Float32[np.ndarray, "c k"]:
    """Return the posture of each behaviour; the extra last row (index -1, unknown) is plain standing."""
    table = np.zeros((len(behavior_names) + 1, len(POSTURES)), np.float32)
    for row, name in enumerate(behavior_names):
        for posture, amount in _OF_BEHAVIOR.get(name, {}).items():
            table[row, POSTURES.index(posture)] = amount
    return table


def posture_of(
    behavior: np.ndarray,
    speed_mps: np.ndarray,
    altitude_m: np.ndarray,
    dead: np.ndarray,
    table: Float32[np.ndarray, "c k"],
    *,
    can_fly: np.ndarray,
    stands_to_rest: np.ndarray,
) -> Float32[np.ndarray, "n k"]:
    """Return the posture (N, K), each entry 0..1, that behaviour and circumstances ask for."""
    posture = table[behavior].copy()
    moving = speed_mps > _LYING_BELOW_MPS
    posture[moving, LIE] = posture[moving, CURL] = posture[moving, UPRIGHT] = 0.0
    standing = stands_to_rest & (posture[:, LIE] > 0)
    posture[standing, HEAD_DOWN] = 0.25
    posture[standing, LIE] = posture[standing, CURL] = 0.0
    airborne = can_fly & (altitude_m > _AIRBORNE_M)
    posture[~can_fly, FLY] = 0.0
    posture[airborne] = 0.0
    posture[airborne, FLY] = 1.0
    posture[airborne, FLAP] = np.where(behavior[airborne] == _index_of_soaring(table), 0.12, 0.8)
    posture[dead] = 0.0
    posture[dead, DEAD] = 1.0
    return posture


def _index_of_soaring(table: np.ndarray) -> int:
    soaring = np.flatnonzero(table[:, FLY] > 0)
    return int(soaring[0]) if len(soaring) else -2

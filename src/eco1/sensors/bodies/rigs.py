"""The rigs of many species as one table that kernels read, a row per species."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from jaxtyping import Shaped

from eco1.core.errors import unknown_name
from eco1.sensors.bodies.skeleton import (
    FIRST_ARM,
    FIRST_LEG,
    FIRST_WING,
    PARTS,
    SWIMMING_STYLES,
    TAIL_MID,
    TORSO,
    WINGS_AT_REST,
    Rig,
)

#: Numbers of ``SWIMMING_STYLES`` and ``WINGS_AT_REST`` in the table.
ON_LAND, SIDEWAYS, UPRIGHT, FLIPPERS, WINGS, JET = range(len(SWIMMING_STYLES))
HIDDEN, LAID_BACK, CLOSED_ABOVE = range(len(WINGS_AT_REST))

_LOW_WIDTH = 0.22  # of height, half the width of a body lying on its side, by eye
_LENGTHS = (
    "hip_m", "belly_m", "torso_reach_m", "half_width_m", "adult_length_m", "height_m",
    "graze_neck_rad", "graze_head_rad", "graze_torso_rad", "browse_neck_rad", "wing_beat_hz",
)  # fmt: skip
_FLAGS = (
    "gallops", "biped", "sits_up", "stands_to_rest", "has_arms", "six_legged", "climbs", "hangs", "slithers", "flies",
    "glides", "has_legs", "has_wings", "has_tail_chain", "has_tentacles",
)  # fmt: skip

#: One row: the fields of ``skeleton.Rig`` and what follows from them, metres and radians.
RIG = np.dtype(
    [
        ("pivots_m", np.float64, (len(PARTS), 3)),
        ("upper_m", np.float64, 4),
        ("lower_m", np.float64, 4),
        *((name, np.float64) for name in _LENGTHS),
        ("swims", np.int64),
        ("wings_at_rest", np.int64),
        *((name, np.bool_) for name in _FLAGS),
    ],
    align=True,
)


@runtime_checkable
class Built(Protocol):
    """A body plan in the size of one species."""

    @property
    def rig(self) -> Rig:
        """Where its parts meet."""
        ...

    @property
    def length_m(self) -> float:
        """Head and body of an adult."""
        ...

    @property
    def height_m(self) -> float:
        """Height of an adult, as the catalog has it."""
        ...


def rig_table(bodies: Sequence[Built]) -> Shaped[np.ndarray, " s"]:
    """Return one row of ``RIG`` per body, in order.

    Raises:
        UnknownNameError: when a rig names a way of swimming or folding wings that does not exist.
    """
    table = np.zeros(len(bodies), RIG)
    for row, body in zip(table, bodies, strict=True):
        rig, pivots = body.rig, np.asarray(body.rig.pivots_m, float)
        for name in {*_LENGTHS, *_FLAGS} & set(vars(rig)):
            row[name] = getattr(rig, name)
        row["pivots_m"], row["upper_m"], row["lower_m"] = pivots, rig.upper_m, rig.lower_m
        hind = pivots[FIRST_LEG + 4]
        row["hip_m"], row["torso_reach_m"] = hind[2] + pivots[TORSO, 2], 2 * abs(hind[0])
        row["half_width_m"] = _LOW_WIDTH * body.height_m
        row["adult_length_m"], row["height_m"] = body.length_m, body.height_m
        row["swims"] = _number("way of swimming", rig.swims, SWIMMING_STYLES)
        row["wings_at_rest"] = _number("way of folding wings", rig.wings_at_rest, WINGS_AT_REST)
        row["has_legs"] = rig.upper_m[2] > 0
        row["has_wings"] = pivots[FIRST_WING].any()
        row["has_tail_chain"], row["has_tentacles"] = pivots[TAIL_MID].any(), pivots[FIRST_ARM].any()
    return table


def _number(what: str, name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise unknown_name(what, name, names, where="a rig")
    return names.index(name)

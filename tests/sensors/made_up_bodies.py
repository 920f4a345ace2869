"""Rigs of made-up animals, one of every way of moving, and the rows that describe them."""

from dataclasses import dataclass

import numpy as np

from eco1.catalog.loader import load_ethogram
from eco1.sensors.bodies.motion import MOTION
from eco1.sensors.bodies.posing import advance, no_motion
from eco1.sensors.bodies.postures import POSTURES, posture_table
from eco1.sensors.bodies.rhythm import INSECT_WING_BEAT_HZ, wing_beat_hz
from eco1.sensors.bodies.rigs import rig_table
from eco1.sensors.bodies.seen import SEEN
from eco1.sensors.bodies.skeleton import PARTS, Rig

BEHAVIORS = load_ethogram().names
TABLE = posture_table(BEHAVIORS)


@dataclass(frozen=True, kw_only=True)
class Built:
    rig: Rig
    length_m: float
    height_m: float


def built(length_m, height_m, pivots, *, upper=0.0, lower=0.0, **fields):
    """A body from the pivots of its left side; those of the right are mirrored."""
    pivots_m = np.zeros((len(PARTS), 3), np.float32)
    for name, pivot in pivots.items():
        pivots_m[PARTS.index(name)] = pivot
        if name.startswith("left_"):
            pivots_m[PARTS.index(name.replace("left_", "right_"))] = np.array(pivot) * [1, -1, 1]
    plain = dict.fromkeys(("belly_m", "graze_neck_rad", "graze_head_rad", "graze_torso_rad", "browse_neck_rad"), 0.0)
    plain |= dict.fromkeys(("gallops", "biped", "sits_up"), False)
    rig = Rig(
        pivots_m=pivots_m, upper_m=np.full(4, upper, np.float32), lower_m=np.full(4, lower, np.float32),
        **(plain | fields),
    )  # fmt: skip
    return Built(rig=rig, length_m=length_m, height_m=height_m)


def _antelope(**fields):
    return built(
        1.6, 1.0,
        {
            "torso": (0, 0, 0.8), "neck": (0.38, 0, 0.1), "head": (0.25, 0, 0.38), "trunk_upper": (0.25, 0, -0.1),
            "trunk_lower": (0, 0, -0.3), "tail": (-0.48, 0, 0.05), "left_fore_upper": (0.36, 0.12, -0.05),
            "left_hind_upper": (-0.38, 0.12, 0.0),
        },
        upper=0.42, lower=0.42, belly_m=0.6, graze_neck_rad=1.9, graze_head_rad=-0.6, graze_torso_rad=0.1,
        browse_neck_rad=-0.35, **({"gallops": True} | fields),
    )  # fmt: skip


def _bird(mass_kg, **fields):
    return built(
        0.9, 0.6,
        {
            "torso": (0, 0, 0.42), "neck": (0.3, 0, 0.2), "head": (0.12, 0, 0.2), "tail": (-0.38, 0, -0.18),
            "left_hind_upper": (-0.02, 0.1, -0.1), "left_wing_inner": (0.12, 0.13, 0.14),
            "left_wing_outer": (0.02, 0.5, 0),
        },
        upper=0.16, lower=0.18, belly_m=0.2, graze_neck_rad=1.6, graze_head_rad=-0.3, biped=True, flies=True,
        wing_beat_hz=wing_beat_hz(mass_kg), **fields,
    )  # fmt: skip


def _insect(plan, **fields):
    return built(
        0.013, 0.005,
        {
            "torso": (0, 0, 0.003), "neck": (0.003, 0, 0), "head": (0.001, 0, 0), "tail": (-0.003, 0, 0),
            "left_fore_upper": (0.002, 0.001, -0.0005), "left_hind_upper": (-0.002, 0.001, -0.0005),
            "left_mid": (0, 0.001, -0.0005), "left_wing_inner": (0.001, 0.001, 0.001),
            "left_wing_outer": (0, 0.005, 0),
        },
        upper=0.0025, lower=0.003, six_legged=True, flies=True, wing_beat_hz=INSECT_WING_BEAT_HZ[plan], **fields,
    )  # fmt: skip


def _swimmer(length_m, **fields):
    part = length_m / 5
    fins = {"left_wing_inner": (part, 0.3 * part, -0.1 * part), "left_wing_outer": (0, 0.8 * part, 0)}
    return built(
        length_m, 0.2 * length_m,
        {
            "torso": (0, 0, 0.1 * length_m), "neck": (part, 0, 0), "head": (0.3 * part, 0, 0), "tail": (-part, 0, 0),
            "tail_mid": (-part, 0, 0), "tail_tip": (-part, 0, 0), **fins,
        },
        **fields,
    )  # fmt: skip


def _monkey(**fields):
    return built(
        0.5, 0.4,
        {
            "torso": (0, 0, 0.32), "neck": (0.2, 0, 0.05), "head": (0.06, 0, 0.08), "tail": (-0.22, 0, 0.04),
            "tail_mid": (-0.2, 0, 0), "tail_tip": (-0.2, 0, 0), "left_fore_upper": (0.17, 0.07, -0.02),
            "left_hind_upper": (-0.18, 0.07, -0.02),
        },
        upper=0.17, lower=0.17, belly_m=0.22, climbs=True, **fields,
    )  # fmt: skip


def _octopus():
    around = np.arange(8) * np.pi / 4 + np.pi / 8
    arms = {f"arm_{k + 1}": (0.05 * np.cos(a), 0.05 * np.sin(a), -0.05) for k, a in enumerate(around)}
    return built(0.15, 0.2, {"torso": (0, 0, 0.12), **arms}, swims="jet")


def _person():
    return built(
        0.88, 1.4,
        {
            "torso": (0, 0, 0.95), "neck": (0, 0, 0.52), "head": (0.02, 0, 0.12), "left_fore_upper": (0, 0.2, 0.45),
            "left_hind_upper": (0, 0.1, -0.05),
        },
        upper=0.45, lower=0.47, biped=True, has_arms=True, stands_to_rest=True,
    )  # fmt: skip


BODIES = {
    "antelope": _antelope(),
    "mongoose": _antelope(sits_up=True),
    "vulture": _bird(5.5, glides=True),
    "sparrow": _bird(0.03),
    "bee": _insect("bee", wings_at_rest="back"),
    "butterfly": _insect("butterfly", wings_at_rest="upright"),
    "fish": _swimmer(0.3, swims="sideways"),
    "eel": _swimmer(1.5, swims="sideways", slithers=True),
    "snake": _swimmer(1.5, slithers=True, climbs=True),
    "dolphin": _swimmer(2.5, swims="upright"),
    "seal": _swimmer(1.3, swims="sideways"),
    "turtle": _swimmer(1.0, swims="flippers"),
    "manta": _swimmer(1.5, swims="wings"),
    "octopus": _octopus(),
    "monkey": _monkey(sits_up=True),
    "sloth": _monkey(hangs=True),
    "person": _person(),
}
NAMES = tuple(BODIES)
RIGS = rig_table(list(BODIES.values()))
STANDING = tuple(n for n, body in BODIES.items() if body.rig.upper_m[2] > 0)
SWIMMERS = tuple(n for n, body in BODIES.items() if body.rig.swims)


def seen(name, behavior="", **fields):
    """One animal (1 row of SEEN) as an adult at the origin, facing east."""
    row = np.zeros(1, SEEN)
    row["species"], row["shown"], row["scale"] = NAMES.index(name), True, 1.0
    row["length_m"], row["identity"] = BODIES[name].length_m, 2
    row["behavior"] = BEHAVIORS.index(behavior) if behavior else -1
    for field, value in fields.items():
        row[field] = value
    return row


def settled(row, *, for_s=4.0, dt_s=0.1):
    """The motion of an animal that has done the same for a while."""
    motion = no_motion(len(row))
    for step in range(int(for_s / dt_s)):
        motion = carried_on(row, motion, time_s=step * dt_s, dt_s=dt_s)
    return motion


def carried_on(row, motion, *, time_s=0.0, dt_s=0.1):
    return advance(RIGS, row, TABLE, motion, time_s=time_s, dt_s=dt_s)


def held(phase=0.0, **postures):
    """A motion (1 row) in given postures, whatever made the animal take them."""
    motion = np.zeros(1, MOTION)
    motion["phase"], motion["identity"] = phase, 2
    for name, amount in postures.items():
        motion["posture"][0, POSTURES.index(name)] = amount
    return motion

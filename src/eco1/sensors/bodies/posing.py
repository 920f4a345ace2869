"""From observations to where every part of every animal is: what is seen, how motion goes on, and poses.

Memory goes in and comes out, so the same moments give the same poses whoever looks. Kernels that pose animals one by
one call ``motion.advance_animal`` and ``pose.pose_animal`` on rows of the same arrays.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped

from eco1.core.records import ArrayRecord, Observation
from eco1.sensors.bodies.frames import Placement
from eco1.sensors.bodies.motion import MOTION, NOBODY, advance_all
from eco1.sensors.bodies.pose import pose_all
from eco1.sensors.bodies.seen import SEEN, see_all
from eco1.sensors.bodies.skeleton import PARTS


@dataclass(frozen=True, kw_only=True)
class Carried(ArrayRecord):
    """What is under each animal: the solid ground (land, sea bed, roof, ice), and the water over it.

    ``surface_m`` is the height of the water's surface, DRY_M where there is none; ``slope`` (east, north) is that of
    the solid ground.
    """

    bottom_m: Float[np.ndarray, "*b n"]
    surface_m: Float[np.ndarray, "*b n"]
    slope: Float[np.ndarray, "*b n 2"]


def seen_of(observation: Observation, carried: Carried, rigs: Shaped[np.ndarray, " s"]) -> Shaped[np.ndarray, " n"]:
    """Return the animals of one scene (N) as rows of ``SEEN``; of empty rows only ``shown`` means anything.

    Args:
        observation: of one moment.
        carried: what is under each animal.
        rigs: rows of ``rigs.RIG``, one per species of the observation.
    """
    o = observation
    seen = np.zeros(len(o.alive), SEEN)
    see_all(
        rigs, o.position_m, o.velocity_mps, o.heading_rad, o.body_length_m, o.alive, o.carcass, o.identity, o.species,
        o.behavior, carried.bottom_m, carried.surface_m, carried.slope, seen,
    )  # fmt: skip
    return seen


def no_motion(animals: int) -> Shaped[np.ndarray, " n"]:
    """Return the memory of animals that nobody has seen yet."""
    motion = np.zeros(animals, MOTION)
    motion["identity"] = NOBODY
    return motion


def advance(
    rigs: Shaped[np.ndarray, " s"],
    seen: Shaped[np.ndarray, " n"],
    table: Float[np.ndarray, "c k"],
    motion: Shaped[np.ndarray, " m"],
    *,
    time_s: float,
    dt_s: float,
) -> Shaped[np.ndarray, " n"]:
    """Return the memory carried on by ``dt_s``; newcomers start in the posture they are in.

    Args:
        rigs: rows of ``rigs.RIG``, one per species.
        seen: rows of ``seen.SEEN``, one per animal, as they are now.
        table: of ``postures.posture_table``.
        motion: the memory ``dt_s`` ago, as this function or ``no_motion`` returned it; of another number of animals it
            is forgotten.
        time_s: clock of the scene now.
        dt_s: time since then.
    """
    motion = motion.copy() if len(motion) == len(seen) else no_motion(len(seen))
    advance_all(rigs, seen, table, motion, time_s, dt_s)
    return motion


def empty_placement(animals: int) -> Placement:
    """Return room for the parts of ``animals``."""
    return Placement(
        rotation=np.zeros((animals, len(PARTS), 3, 3), np.float32),
        position_m=np.zeros((animals, len(PARTS), 3), np.float32),
        scale=np.zeros((animals, len(PARTS)), np.float32),
    )


def pose(
    rigs: Shaped[np.ndarray, " s"],
    seen: Shaped[np.ndarray, " n"],
    motion: Shaped[np.ndarray, " n"],
    *,
    time_s: float,
) -> Placement:
    """Return where the parts of all animals (N, P) are in the world; parts a plan lacks have a scale of 0.

    Args:
        rigs: rows of ``rigs.RIG``, one per species.
        seen: rows of ``seen.SEEN``.
        motion: rows of ``motion.MOTION`` as ``advance`` returned them for this moment.
        time_s: clock of the scene, for what idle bodies do (tail, trunk, breath).
    """
    placed = empty_placement(len(seen))
    pose_all(rigs, seen, motion, time_s, placed)
    return placed

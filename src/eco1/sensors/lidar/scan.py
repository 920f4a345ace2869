"""Range scans: how far it is to what, in many directions at once."""

import os

import numpy as np
from jaxtyping import Float32, Int32

from eco1.core.errors import ConfigError
from eco1.core.senses import PointCloud
from eco1.core.threads import Threads
from eco1.sensors.lidar.beams import SECTORS, Nearby, Scan, scan_all
from eco1.sensors.scenery import col
from eco1.sensors.scenery.bodies import Moments, Shapes, bodies_of
from eco1.sensors.scenery.ground_under import heights_under
from eco1.sensors.scenery.scenery import Scenery


def scan(
    scenery: Scenery,
    shapes: Shapes,
    moments: Moments,
    eye_m: Float32[np.ndarray, "c 3"],
    directions: Float32[np.ndarray, "c k 3"],
    *,
    moment: Int32[np.ndarray, " c"] | None = None,
    hidden: Int32[np.ndarray, " c"] | None = None,
    reach_m: float = 100.0,
    noise_m: float = 0.0,
    seed: int = 0,
    step: int = 0,
    threads: int | None = None,
) -> PointCloud:
    """Return what C scanners find with K beams each, (C, K).

    Args:
        scenery: what stands still.
        shapes: bodies of the species that the moments speak of.
        moments: the scenes to scan.
        eye_m: where the scanners are, world axes.
        directions: of the beams, world axes; they need not have unit length. ``patterns`` makes some.
        moment: the scene that each scanner is in; None: scanner c is in scene c.
        hidden: the row that carries the scanner, which it does not see, or -1; None: no row.
        reach_m: beyond it nothing is found.
        noise_m: standard deviation of the range, normal.
        seed, step: decide the noise, together with scanner and beam; the number of threads does not.
        threads: CPU threads; None takes all cores.

    Raises:
        ConfigError: a scanner stands in the ground or is in a scene that is not there, or a number is out of range.
    """
    count, beams = directions.shape[:2]
    scenes = np.arange(count, dtype=np.int32) if moment is None else moment
    carriers = np.full(count, -1, np.int32) if hidden is None else hidden
    threads = threads if threads is not None else os.cpu_count() or 1
    _check(scenery, moments, eye_m, directions, scenes, reach_m, noise_m, threads)
    length = np.linalg.norm(directions, axis=-1, keepdims=True)
    found = Scan(
        position=np.empty((count, beams, 3), np.float32), instance=np.empty((count, beams), np.int16),
        species=np.empty((count, beams), np.int16), reach=float(reach_m), noise=float(noise_m), seed=seed, step=step,
    )  # fmt: skip
    given = (
        scenery, shapes, bodies_of(moments, None), np.ascontiguousarray(eye_m, np.float32),
        (directions / length).astype(np.float32), scenes, carriers, moments.ice, found,
    )  # fmt: skip

    def scan_some(first: int, last: int) -> None:
        scan_all(*given, _nearby(scenery, shapes, moments), first, last)

    Threads(max(1, min(threads, count))).each(count, scan_some)
    return PointCloud(position_m=found.position, instance=found.instance, species=found.species)


def _nearby(scenery: Scenery, shapes: Shapes, moments: Moments) -> Nearby:
    most = len(scenery.floats) + moments.species.shape[1] * int(np.diff(shapes.first).max(initial=0)) + 1
    return Nearby(
        floats=np.zeros((most, col.FLOATS), np.float32), integers=np.zeros((most, col.INTEGERS), np.int32),
        first=np.zeros(SECTORS + 2, np.int32), span=np.zeros((most, 2), np.int32),
        listed=np.zeros(most * SECTORS, np.int32),
    )  # fmt: skip


def _check(
    scenery: Scenery, moments: Moments, eye_m: np.ndarray, directions: np.ndarray, scenes: np.ndarray, reach_m: float,
    noise_m: float, threads: int,
) -> None:  # fmt: skip
    if not reach_m > 0 or noise_m < 0 or threads < 1:
        raise ConfigError(
            f"A scan needs reach_m > 0, noise_m >= 0 and a thread; got {reach_m}, {noise_m} and {threads}."
        )  # fmt: skip
    if scenes.size and not (scenes.min() >= 0 and scenes.max() < len(moments.species)):
        raise ConfigError(
            f"Scanners are in moments {scenes.min()} to {scenes.max()}, but there are {len(moments.species)}."
        )
    if not (np.linalg.norm(directions, axis=-1) > 0).all():
        raise ConfigError("A beam needs a direction: some are zero. See sensors.lidar.patterns.spinning.")
    bed, _ = heights_under(scenery, eye_m)
    under = np.flatnonzero(~(eye_m[:, 2] > bed))
    if under.size:
        c = int(under[0])
        raise ConfigError(
            f"Scanner {c} is at {eye_m[c, 2]:.2f} m, in the ground (there {bed[c]:.2f} m high). Raise it."
        )

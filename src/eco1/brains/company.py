"""Whom an animal has around it: those nearest to it, of all that live in its world.

Shape letters: W worlds, T frames, N animals, K of them.
"""

import numpy as np
from jaxtyping import Int64

from eco1.core.records import Observation


def nearest_to(seen: Observation, row: Int64[np.ndarray, " w"], most: int) -> Int64[np.ndarray, "w k"]:
    """Return the rows of at most so many animals, those nearest in the last frame, itself first.

    Args:
        seen: frames (W, T, N).
        row: the animal in each world.
        most: how many.
    """
    last = seen[:, -1]
    offset = last.position_m - last.position_m[np.arange(len(row)), row][:, None]
    distance = np.where(last.alive | last.carcass, np.linalg.norm(offset, axis=-1), np.inf)
    distance[np.arange(len(row)), row] = -1.0
    return np.argsort(distance, axis=1, kind="stable")[:, :most].astype(np.int64)


def only(seen: Observation, rows: Int64[np.ndarray, "w k"]) -> Observation:
    """Return frames (W, T, N) with some of the animals (W, T, K)."""

    def of_rows(array: np.ndarray) -> np.ndarray:
        index = rows.reshape(len(rows), 1, -1, *[1] * (array.ndim - 3))
        return np.take_along_axis(array, index, axis=2)

    return seen.map(of_rows)

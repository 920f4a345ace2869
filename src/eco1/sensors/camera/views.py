"""Where cameras stand and how they look."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Int32

from eco1.core.records import ArrayRecord


@dataclass(frozen=True, kw_only=True)
class Views(ArrayRecord):
    """C cameras of any pose. Rows of ``axes`` are right, up and forward; ``field_of_view_rad`` is the vertical angle.

    ``moment`` is the index of the scene a camera looks at; ``hidden`` the row of the animal through whose
    eyes it looks and which does not see itself, or -1.
    """

    eye_m: Float32[np.ndarray, "c 3"]
    axes: Float32[np.ndarray, "c 3 3"]
    field_of_view_rad: Float32[np.ndarray, " c"]
    moment: Int32[np.ndarray, " c"]
    hidden: Int32[np.ndarray, " c"]


def look_at(
    eye_m: Float32[np.ndarray, "c 3"],
    target_m: Float32[np.ndarray, "c 3"],
    *,
    field_of_view_rad: float = math.radians(45),
    moment: Int32[np.ndarray, " c"] | None = None,
) -> Views:
    """Return level cameras that look from one point to another; by default camera c looks at moment c.

    A camera that looks straight up or down has the east on its right.
    """
    count = len(eye_m)
    ahead = (target_m - eye_m).astype(float)
    ahead /= np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
    right = np.cross(ahead, [0.0, 0.0, 1.0])
    length = np.linalg.norm(right, axis=1, keepdims=True)
    right = np.where(length > 1e-6, right / np.maximum(length, 1e-6), [1.0, 0.0, 0.0])
    return Views(
        eye_m=np.asarray(eye_m, np.float32),
        axes=np.stack([right, np.cross(right, ahead), ahead], 1).astype(np.float32),
        field_of_view_rad=np.full(count, field_of_view_rad, np.float32),
        moment=np.arange(count, dtype=np.int32) if moment is None else moment,
        hidden=np.full(count, -1, np.int32),
    )

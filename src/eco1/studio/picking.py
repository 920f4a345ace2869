"""Which animal a click in the scene means."""

import numpy as np
from jaxtyping import Bool, Float


def nearest_on_ray(
    origin_m: Float[np.ndarray, " 3"],
    direction: Float[np.ndarray, " 3"],
    center_m: Float[np.ndarray, "n 3"],
    radius_m: Float[np.ndarray, " n"],
    shown: Bool[np.ndarray, " n"],
    *,
    forgiving_rad: float = 0.018,
) -> int | None:
    """Return the row whose ball the ray hits best, or None. Far animals are small, so a near miss counts as a hit.

    Args:
        origin_m: where the ray starts.
        direction: where it goes; need not have length 1.
        center_m: middles of the animals.
        radius_m: half their size.
        shown: rows that can be hit.
        forgiving_rad: how far past the edge of a body a click may be, as seen from the camera.
    """
    way = direction / np.linalg.norm(direction)
    offset = center_m - origin_m
    along = offset @ way
    miss = np.linalg.norm(offset - along[:, None] * way, axis=1)
    score = np.where(shown & (along > 0), miss / (radius_m + forgiving_rad * along), np.inf)
    if len(score) == 0 or score.min() >= 1.0:
        return None
    hit = np.flatnonzero(score < 1.0)
    return int(hit[np.argmin(along[hit] + 6.0 * score[hit] * radius_m[hit])])

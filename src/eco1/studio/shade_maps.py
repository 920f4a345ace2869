"""What stands between the ground and the sun: houses and crowns as a height field and the shadow it throws."""

import math

import numpy as np
from jaxtyping import Float32
from numba import njit
from numpy.typing import NDArray

_STEPS = 64
_REACH = 3.5  # of the tallest thing: longer shadows are faint and far away
_SOFT_M = 1.2


@njit(cache=True, fastmath=True)
def shadow_tops(top_m: NDArray[np.float32], cell_m: float, sun: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the height up to which each cell lies in the shadow of what stands around it.

    ``top_m`` (rows of y, columns of x) is the height of what throws shadows, ``cell_m`` apart; -1e6 where there is
    nothing. ``sun`` points towards the sun.
    """
    rows, columns = top_m.shape
    level = math.sqrt(sun[0] * sun[0] + sun[1] * sun[1]) + 1e-6
    rise = sun[2] / level
    tallest = np.float32(-1e6)
    for row in range(rows):
        for column in range(columns):
            if top_m[row, column] > -1e5:
                tallest = max(tallest, top_m[row, column])
    out = np.full((rows, columns), np.float32(-1e6), np.float32)
    if tallest < -1e5:
        return out
    reach = min(_REACH * (tallest + 1.0), (tallest + 1.0) / max(rise, 0.05))
    step = max(cell_m, reach / _STEPS)
    for row in range(rows):
        for column in range(columns):
            ceiling = np.float32(-1e6)
            for k in range(1, int(reach / step) + 1):
                i = int(column + 0.5 + sun[0] / level * k * step / cell_m)
                j = int(row + 0.5 + sun[1] / level * k * step / cell_m)
                if i < 0 or j < 0 or i >= columns or j >= rows:
                    break
                ceiling = max(ceiling, top_m[j, i] - np.float32(rise * k * step))
            out[row, column] = ceiling
    return out


def share_of_sun(
    tops_m: Float32[np.ndarray, "t t"], height_m: np.ndarray, *, soft_m: float = _SOFT_M
) -> Float32[np.ndarray, "..."]:
    """Return how much sun reaches a height over cells with these shadow tops, 0 to 1 across ``soft_m``."""
    return np.clip((height_m - tops_m) / soft_m + 0.5, 0, 1).astype(np.float32)

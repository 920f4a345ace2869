"""Maps of square worlds looked up at points."""

import numpy as np


def sample(image: np.ndarray, xy_m: np.ndarray, size_m: float) -> np.ndarray:
    """Return a map (cell centres over [0, size]) at points (..., 2), bilinear, clamped at the border."""
    count = len(image)
    at = np.clip(np.asarray(xy_m, float) / size_m * count - 0.5, 0, count - 1.001)
    low = at.astype(int)
    share = at - low
    i, j, a, b = low[..., 0], low[..., 1], share[..., 0], share[..., 1]
    top = image[j, i] * (1 - a) + image[j, i + 1] * a
    return np.asarray(top * (1 - b) + (image[j + 1, i] * (1 - a) + image[j + 1, i + 1] * a) * b)


def cell_of(image: np.ndarray, xy_m: np.ndarray, size_m: float) -> np.ndarray:
    """Return the value of the cell that each point (..., 2) lies in, clamped at the border."""
    at = np.clip((np.asarray(xy_m, float) / size_m * len(image)).astype(int), 0, len(image) - 1)
    return np.asarray(image[at[..., 1], at[..., 0]])

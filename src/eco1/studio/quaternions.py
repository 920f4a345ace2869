"""Rotations as quaternions, for the browser."""

import numpy as np


def quaternions(rotation: np.ndarray) -> np.ndarray:
    """Return unit quaternions (N, 4), w first, of rotation matrices (N, 3, 3).

    Shepperd (1978), DOI 10.2514/3.55767b: the largest of the four squares is taken, so that nothing is divided by zero.
    """
    m = rotation.astype(np.float64)
    trace = m[:, 0, 0] + m[:, 1, 1] + m[:, 2, 2]
    squares = np.stack([trace, 2 * m[:, 0, 0] - trace, 2 * m[:, 1, 1] - trace, 2 * m[:, 2, 2] - trace], 1) + 1
    rows = np.arange(len(m))
    best = squares.argmax(1)
    full = np.empty((len(m), 4, 4))
    full[:, range(4), range(4)] = squares
    for i, j, k in ((1, 2, 3), (2, 3, 1), (3, 1, 2)):
        full[:, 0, i] = full[:, i, 0] = m[:, k - 1, j - 1] - m[:, j - 1, k - 1]
        full[:, j, k] = full[:, k, j] = m[:, k - 1, j - 1] + m[:, j - 1, k - 1]
    chosen = full[rows, best]
    return (chosen / np.linalg.norm(chosen, axis=1, keepdims=True)).astype(np.float32)

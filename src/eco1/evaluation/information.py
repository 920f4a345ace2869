"""How much one label tells of another.

Shape letters: m rows.
"""

import numpy as np
from jaxtyping import Int64


def normalised_mutual_information(one: Int64[np.ndarray, " m"], other: Int64[np.ndarray, " m"]) -> float:
    """Return the mutual information of two labels over the mean of their entropies: 0 to 1, NaN when neither varies.

    Strehl & Ghosh (2002), "Cluster ensembles", JMLR 3, with the arithmetic mean.
    """
    _, a = np.unique(one, return_inverse=True)
    _, b = np.unique(other, return_inverse=True)
    joint = np.zeros((a.max() + 1, b.max() + 1))
    np.add.at(joint, (a, b), 1.0 / len(a))
    rows, columns = joint.sum(1), joint.sum(0)
    apart = np.outer(rows, columns)
    there = joint > 0
    shared = float((joint[there] * np.log(joint[there] / apart[there])).sum())
    entropy = (_entropy(rows) + _entropy(columns)) / 2
    return shared / entropy if entropy > 0 else float("nan")


def _entropy(share: np.ndarray) -> float:
    kept = share[share > 0]
    return float(-(kept * np.log(kept)).sum())

"""Distances between two samples of one number."""

import numpy as np
from jaxtyping import Float64

_BINS = 30


def wasserstein_1(a: Float64[np.ndarray, " p"], b: Float64[np.ndarray, " q"]) -> float:
    """Return the earth mover's distance: the area between the two cumulative distributions, in the samples' unit.

    Vallender (1974), DOI 10.1137/1118101.
    """
    a, b = np.sort(a), np.sort(b)
    every = np.sort(np.concatenate([a, b]))
    share_a = np.searchsorted(a, every[:-1], side="right") / len(a)
    share_b = np.searchsorted(b, every[:-1], side="right") / len(b)
    return float((np.abs(share_a - share_b) * np.diff(every)).sum())


def normalised_wasserstein_1(sample: Float64[np.ndarray, " p"], recording: Float64[np.ndarray, " q"]) -> float:
    """Return the earth mover's distance in standard deviations of the recording."""
    return wasserstein_1(sample, recording) / max(float(recording.std()), 1e-9)


def jensen_shannon(sample: Float64[np.ndarray, " p"], recording: Float64[np.ndarray, " q"]) -> float:
    """Return the Jensen-Shannon divergence in bits (0 same, 1 disjoint), over bins of equal share of the recording.

    Lin (1991), DOI 10.1109/18.61115. Values outside the recording's range have bins of their own at both ends.
    """
    edges = np.unique(np.quantile(recording, np.linspace(0, 1, _BINS + 1)))
    inner = np.concatenate([edges[:1], edges[1:-1], [np.nextafter(edges[-1], np.inf)]])
    p = np.bincount(np.searchsorted(inner, sample, side="right"), minlength=len(inner) + 1) / len(sample)
    q = np.bincount(np.searchsorted(inner, recording, side="right"), minlength=len(inner) + 1) / len(recording)
    middle = (p + q) / 2
    return float((_relative_entropy(p, middle) + _relative_entropy(q, middle)) / 2)


def _relative_entropy(p: np.ndarray, q: np.ndarray) -> float:
    there = p > 0
    return float((p[there] * np.log2(p[there] / q[there])).sum())

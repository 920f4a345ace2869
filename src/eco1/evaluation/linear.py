"""One linear map from inputs to truth, its regularisation chosen on held-out rows.

Shape letters: M rows, Q test rows, F inputs, O outputs.
"""

import warnings
from typing import Any

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from eco1.core.extras import require
from eco1.evaluation.threads import one_thread

#: Penalty of the ridge, as a share of the number of rows (inputs are standardised).
RIDGE_STRENGTHS = (1e-4, 1e-3, 1e-2, 3e-2, 1e-1, 3e-1, 1.0, 3.0, 10.0)
#: Inverse penalty of the logistic regression.
LOGISTIC_STRENGTHS = (1e-3, 1e-2, 1e-1)
_ITERATIONS = 100


def fit_ridge_probe(
    inputs: Float32[np.ndarray, "m f"],
    truth: Float64[np.ndarray, "m o"],
    held: Bool[np.ndarray, " m"],
    test: Float32[np.ndarray, "q f"],
) -> Float64[np.ndarray, "q o"]:
    """Return what ridge regressions say of the test rows; each output chooses its own strength on the held rows.

    Hoerl & Kennard (1970), DOI 10.1080/00401706.1970.10488634.
    """
    with one_thread():
        fit = _Spectrum(inputs[~held], truth[~held])
        losses = np.stack([((fit.predict(inputs[held], s) - truth[held]) ** 2).mean(0) for s in RIDGE_STRENGTHS])
        everything = _Spectrum(inputs, truth)
        best = losses.argmin(0)
        return np.stack([everything.predict(test, RIDGE_STRENGTHS[s])[:, o] for o, s in enumerate(best)], axis=1)


def fit_logistic(
    inputs: Float32[np.ndarray, "m f"],
    truth: Int64[np.ndarray, " m"],
    held: Bool[np.ndarray, " m"],
    test: Float32[np.ndarray, "q f"],
) -> Int64[np.ndarray, " q"]:
    """Return the class that a multinomial logistic regression names for each test row.

    Raises:
        MissingExtraError: when scikit-learn is not installed.
    """
    require("sklearn", "Logistic probes")
    if len(np.unique(truth[~held])) < 2:
        return np.full(len(test), np.bincount(truth).argmax(), np.int64)
    with one_thread():
        held_right = [
            float((_logistic(inputs[~held], truth[~held], c).predict(inputs[held]) == truth[held]).mean())
            for c in LOGISTIC_STRENGTHS
        ]
        best = LOGISTIC_STRENGTHS[int(np.argmax(held_right))]
        return _logistic(inputs, truth, best).predict(test).astype(np.int64)


def r2(truth: Float64[np.ndarray, " m"], guess: Float64[np.ndarray, " m"]) -> float:
    """Return the share of variance explained; below 0 is worse than the mean, NaN when nothing varies."""
    spread = float(((truth - truth.mean()) ** 2).sum())
    return 1 - float(((truth - guess) ** 2).sum()) / spread if spread > 0 else float("nan")


def area_under_curve(positive: Bool[np.ndarray, " m"], score: Float64[np.ndarray, " m"]) -> float:
    """Return the chance that a positive scores above a negative, ties counting half; NaN when one kind is missing.

    Hanley & McNeil (1982), DOI 10.1148/radiology.143.1.7063747.
    """
    ordered = np.sort(score[~positive])
    if not positive.any() or len(ordered) == 0:
        return float("nan")
    below = np.searchsorted(ordered, score[positive], side="left")
    not_above = np.searchsorted(ordered, score[positive], side="right")
    return float((below + not_above).mean() / 2 / len(ordered))


class _Spectrum:
    """A ridge regression solved for every strength at once through the eigenvectors of the inputs' covariance."""

    def __init__(self, inputs: np.ndarray, truth: np.ndarray) -> None:
        self._middle, self._level = inputs.mean(0), truth.mean(0)
        centred = (inputs - self._middle).astype(np.float64)
        self._values, self._vectors = np.linalg.eigh(centred.T @ centred / len(inputs))
        self._projected = self._vectors.T @ (centred.T @ (truth - self._level)) / len(inputs)

    def predict(self, inputs: np.ndarray, strength: float) -> np.ndarray:
        """Return the outputs for rows of inputs."""
        weights = self._vectors @ (self._projected / (np.maximum(self._values, 0) + strength)[:, None])
        return (inputs - self._middle) @ weights + self._level


def _logistic(inputs: np.ndarray, truth: np.ndarray, inverse_penalty: float) -> Any:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # a probe stopped early is still a probe
        return LogisticRegression(C=inverse_penalty, max_iter=_ITERATIONS).fit(inputs, truth)

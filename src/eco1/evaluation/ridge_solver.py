"""Ridge regressions solved from sums over the data: one for all species with intercepts of their own, or one for each.

Hoerl & Kennard (1970), DOI 10.1080/00401706.1970.10488634.

Shape letters: P species, F inputs without the one, O outputs (S steps of x, y, z), R rows.
"""

from dataclasses import dataclass

import numpy as np

_FEWEST_ROWS_PER_INPUT = 10


@dataclass(kw_only=True)
class Moments:
    """Sums over the data for each species: inputs with inputs, inputs with targets, and how many rows."""

    inputs: np.ndarray
    targets: np.ndarray
    rows: np.ndarray

    def __add__(self, other: "Moments") -> "Moments":
        return Moments(
            inputs=self.inputs + other.inputs, targets=self.targets + other.targets, rows=self.rows + other.rows
        )

    def mirrored(self) -> "Moments":
        """Return the average with the moments of the left-right mirrored data: odd-even products cancel."""
        inputs, targets = _signs(self.inputs.shape[1], intercept=True), _signs(self.targets.shape[2], intercept=False)
        return Moments(
            inputs=self.inputs * (1 + np.outer(inputs, inputs)) / 2,
            targets=self.targets * (1 + np.outer(inputs, targets)) / 2,
            rows=self.rows,
        )


def solve(moments: Moments, strength: float, *, each: bool) -> np.ndarray:
    """Return weights (P, F + 1, O); species with too few rows of their own take the pooled regression."""
    weights = _solve_pooled(moments, strength)
    if each:
        width = moments.inputs.shape[1]
        for species in np.flatnonzero(moments.rows >= _FEWEST_ROWS_PER_INPUT * width):
            weights[species] = _solve_one(moments.inputs[species], moments.targets[species], strength, 1)
    return weights


def _solve_pooled(moments: Moments, strength: float) -> np.ndarray:
    """Solve one regression whose intercept depends on the species."""
    count, width, _ = moments.inputs.shape
    inner = width - 1
    size = inner + count
    inputs = np.zeros((size, size))
    targets = np.zeros((size, moments.targets.shape[2]))
    inputs[:inner, :inner] = moments.inputs[:, :inner, :inner].sum(0)
    inputs[:inner, inner:] = moments.inputs[:, :inner, inner].T
    inputs[inner:, :inner] = moments.inputs[:, inner, :inner]
    inputs[inner:, inner:] = np.diag(moments.rows)
    targets[:inner] = moments.targets[:, :inner].sum(0)
    targets[inner:] = moments.targets[:, inner]
    solved = _solve_one(inputs, targets, strength, count)
    return np.stack([np.concatenate([solved[:inner], solved[inner + s : inner + s + 1]]) for s in range(count)])


def _solve_one(inputs: np.ndarray, targets: np.ndarray, strength: float, intercepts: int) -> np.ndarray:
    """Solve the normal equations with each input's penalty in proportion to its own power, intercepts free."""
    power = np.diag(inputs).copy()
    penalty = strength * power
    penalty[-intercepts:] = 0
    return np.linalg.solve(inputs + np.diag(penalty + 1e-9 * (power.max() + 1)), targets)


def apply(weights: np.ndarray, inputs: np.ndarray, species: np.ndarray) -> np.ndarray:
    """Return the outputs (R, O) of rows (R, F + 1), each by the weights of its species."""
    outputs = np.zeros((len(inputs), weights.shape[2]))
    for index in np.unique(species):
        mine = species == index
        outputs[mine] = inputs[mine] @ weights[index]
    return outputs


def mean_distance(
    weights: np.ndarray, inputs: np.ndarray, targets: np.ndarray, species: np.ndarray, scale: np.ndarray
) -> np.ndarray:
    """Return the mean distance in metres for each species and future frame (P, S); 0 where there are no rows."""
    steps = targets.shape[1] // 3
    miss = (apply(weights, inputs, species) - targets).reshape(len(inputs), steps, 3)
    distance = np.linalg.norm(miss, axis=-1) * scale[:, None]
    mean = np.zeros((len(weights), steps))
    for index in np.unique(species):
        mean[index] = distance[species == index].mean(0)
    return mean


def _signs(size: int, *, intercept: bool) -> np.ndarray:
    """Return -1 for the sideways components of flattened (x, y, z) triples and 1 elsewhere."""
    signs = np.ones(size)
    signs[1 : size - 1 if intercept else size : 3] = -1
    return signs

"""Ridge regression behind the autoregressive path.

Shape letters: m rows, f inputs, o outputs.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from eco1.models.eco.futures import AutoregressivePath

#: Penalties tried, as a share of each input's own power.
_STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
_VALIDATION_SHARE = 0.2
_FEWEST = 64  # rows below which a species borrows the pooled matrix


@dataclass(frozen=True, kw_only=True)
class PathRows:
    """Velocities before anchors (body lengths/s), displacements after them (body lengths), species shifted by one."""

    history: Float[Tensor, "m p 3"]
    path: Float[Tensor, "m q 3"]
    species: Int[Tensor, " m"]


def fit_path(base: AutoregressivePath, clips: Sequence[PathRows]) -> None:
    """Solve for every species' matrix; the penalty is chosen on the last fifth of the clips.

    A species' matrix is drawn to the pooled one, the pooled one to zero: W = (X'X + L)^-1 (X'Y + L W0). Every row
    counts twice, once in a mirror.
    """
    cut = max(len(clips) - max(round(len(clips) * _VALIDATION_SHARE), 1), 1)
    fit, held = _joined(base, clips[:cut]), _joined(base, clips[cut:] or clips)
    everything = _joined(base, clips)
    if everything.x.shape[0] < _FEWEST:
        return
    pooled = _best(fit, held, everything, torch.zeros_like(base.weight[0], dtype=torch.float64))
    for row in range(base.weight.shape[0]):
        mine = everything.of(row)
        enough = row > 0 and mine.x.shape[0] >= 2 * _FEWEST
        weight = _best(fit.of(row), held.of(row), mine, pooled) if enough else pooled
        base.weight[row] = weight.to(base.weight.dtype)
        base.scale[row] = (mine if enough else everything).error(weight).to(base.scale.dtype)


@dataclass(frozen=True, kw_only=True)
class _Rows:
    x: Float[Tensor, "m f"]
    y: Float[Tensor, "m o"]
    species: Int[Tensor, " m"]

    def of(self, species: int) -> "_Rows":
        mine = self.species == species
        return _Rows(x=self.x[mine], y=self.y[mine], species=self.species[mine])

    def error(self, weight: Tensor) -> Tensor:
        return (self.x @ weight - self.y).unflatten(-1, (-1, 3)).norm(dim=-1).mean()


def _joined(base: AutoregressivePath, clips: Sequence[PathRows]) -> _Rows:
    mirror = torch.tensor([1.0, -1.0, 1.0], device=base.weight.device)
    history = torch.cat([side for clip in clips for side in (clip.history, clip.history * mirror)])
    path = torch.cat([side for clip in clips for side in (clip.path, clip.path * mirror)])
    species = torch.cat([side for clip in clips for side in (clip.species, clip.species)])
    return _Rows(x=base.inputs(history).double(), y=path.flatten(1).double(), species=species)


def _best(fit: _Rows, held: _Rows, everything: _Rows, prior: Tensor) -> Tensor:
    """Return the solution on everything, with the strength whose solution on ``fit`` does best on ``held``."""
    if fit.x.shape[0] == 0 or held.x.shape[0] == 0:
        return _solve(everything, _STRENGTHS[len(_STRENGTHS) // 2], prior)
    errors = [float(held.error(_solve(fit, strength, prior))) for strength in _STRENGTHS]
    return _solve(everything, _STRENGTHS[errors.index(min(errors))], prior)


def _solve(rows: _Rows, strength: float, prior: Tensor) -> Tensor:
    moment = rows.x.T @ rows.x
    power = moment.diagonal()
    penalty = strength * power + 1e-9 * (power.max() + 1.0)
    return torch.linalg.solve(moment + penalty.diag(), rows.x.T @ rows.y + penalty[:, None] * prior)

"""Motion tokens: the next change of an animal's motion, quantised species by species.

Factors are the change of horizontal speed (body lengths/s), the turn (rad) and, for animals that leave the plane, the
change of climb speed (body lengths/s). Bins are quantiles of the data, narrow around zero and in the tails, with one
bin for "no change"; a value is drawn evenly inside its bin, so that closed loops stay continuous. One more token says
"comes to rest or stays there": a change of speed drawn from a bin would leave every animal that stops drifting on.
Discrete motion tokens: SMART (arXiv 2405.15677), MotionLM (arXiv 2309.16534).
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

_ZERO_SHARE = 1e-3  # the zero bin ends at this share of the factor's 90 % quantile
_TAIL = 0.9995  # quantile at which the outermost bin ends
_FEWEST_PER_BIN = 8  # with less data than this a species borrows the pooled bins
_MOST_VALUES = 200_000  # per species; more changes no quantile noticeably
_DEFAULT_REACH = (5.0, math.pi, 5.0)  # speed, turn, climb before anything was fitted


class MotionCodebook(nn.Module):
    """Edges of the bins, (species + 1, factors, bins + 1); row 0 is pooled over species and serves unknown ones."""

    edges: Tensor

    def __init__(self, species: int, factors: int, bins_per_side: int) -> None:
        super().__init__()
        self.side = bins_per_side
        self.rest = 2 * bins_per_side + 1
        self.tokens = self.rest + 1
        self.nothing = self.tokens  # never asked for: stands for the motion before an animal's first frame
        default = torch.stack([_default_edges(_DEFAULT_REACH[f], bins_per_side) for f in range(factors)])
        self.register_buffer("edges", default.repeat(species + 1, 1, 1))

    def encode(self, change: Float[Tensor, "*b f"], species: Int[Tensor, "*b"]) -> Int[Tensor, "*b f"]:
        """Return the token of each factor, ``rest`` for minus infinity; ``species`` is shifted by one, 0 unknown."""
        inner = self.edges[:, :, 1:-1][species]
        return torch.where(change == -torch.inf, self.rest, (change[..., None] > inner).sum(-1))

    def decode(
        self, token: Int[Tensor, "*b f"], species: Int[Tensor, "*b"], place: Float[Tensor, "*b f"]
    ) -> Float[Tensor, "*b f"]:
        """Return the change that a token stands for, ``place`` (0..1) of the way through its bin.

        Only speed can come to rest (minus infinity); for the other factors that token means no change.
        """
        edges = self.edges[species]
        rests = token == self.rest
        held = torch.where(rests, self.side, token)[..., None]
        low, high = edges.gather(-1, held)[..., 0], edges.gather(-1, held + 1)[..., 0]
        change = low + place * (high - low)
        speed = torch.where(rests[..., :1], -torch.inf, change[..., :1])
        return torch.cat([speed, change[..., 1:]], dim=-1)

    def fit(self, change: Float[Tensor, "m f"], species: Int[Tensor, " m"]) -> None:
        """Set the bins to the quantiles of observed changes."""
        rows, factors, _ = self.edges.shape
        for factor in range(factors):
            moves = change[:, factor].isfinite()
            values, kinds = change[moves, factor], species[moves]
            pooled = _quantile_edges(values, self.side, self.edges[0, factor])
            self.edges[0, factor] = pooled
            for row in range(1, rows):
                self.edges[row, factor] = _quantile_edges(values[kinds == row], self.side, pooled)


def _default_edges(reach: float, side: int) -> Tensor:
    growing = torch.linspace(0.0, 1.0, side + 1).square() * reach
    growing[0] = reach * _ZERO_SHARE
    return torch.cat([-growing.flip(0), growing])


def _quantile_edges(values: Tensor, side: int, fallback: Tensor) -> Tensor:
    values = values[:: values.numel() // _MOST_VALUES + 1]
    if values.numel() < _FEWEST_PER_BIN * side:
        return fallback
    zero = max(float(values.abs().quantile(0.9)) * _ZERO_SHARE, 1e-6)
    up = _side_edges(values[values > zero], side, zero, fallback[side + 1 :])
    down = _side_edges(-values[values < -zero], side, zero, -fallback[: side + 1].flip(0))
    return torch.cat([-down.flip(0), up])


def _side_edges(values: Tensor, side: int, zero: float, fallback: Tensor) -> Tensor:
    """Return quantiles spaced like a cosine: dense at both ends, where data abounds and where it is rare."""
    if values.numel() < _FEWEST_PER_BIN * side:
        edges = fallback.clamp(min=zero).clone()
    else:
        share = 0.5 - 0.5 * torch.cos(torch.linspace(0.0, math.pi, side + 1, device=values.device))
        edges = values.quantile(share * _TAIL)
    edges[0] = zero
    smallest_step = 1e-6 * torch.arange(side + 1, device=edges.device)
    return edges.cummax(0).values + smallest_step

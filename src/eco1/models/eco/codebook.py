"""Motion tokens: the next change of an animal's motion, quantised species by species.

Factors are the turn (rad), the change of horizontal speed (body lengths/s) and, for animals that leave the plane, the
change of climb speed (body lengths/s). Bins are quantiles of the data, narrow around zero and in the tails, with one
bin for exactly "no change"; elsewhere a value is drawn evenly inside its bin, so that closed loops stay continuous.
Discrete motion tokens: SMART (arXiv 2405.15677), MotionLM (arXiv 2309.16534).

One more token says of speed "comes to rest or stays there", for a change drawn from a bin would leave every animal that
stops drifting on, and of a turn "fades as it did": between two decisions turns fade at one rate, and drawn from bins
they would tremble.
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.models.eco.targets import SPEED, TURN

_ZERO_SHARE = 1e-3  # the zero bin ends at this share of the factor's 90 % quantile
_TAIL = 0.9995  # quantile at which the outermost bin ends
_FEWEST_PER_BIN = 8  # with less data than this a species borrows the pooled bins
_MOST_VALUES = 200_000  # per species; more changes no quantile noticeably
_DEFAULT_REACH = (math.pi, 5.0, 5.0)  # turn, speed, climb before anything was fitted
_FEWEST_TURNS = 100  # with less data than this a species borrows the pooled share
_SMALLEST_TURN_RAD = 1e-4  # smaller ones say nothing about how turns fade
_ALIKE = 0.03  # a turn within this share of what fading makes of the last one fades


class MotionCodebook(nn.Module):
    """Edges of the bins, (species + 1, factors, bins + 1); row 0 is pooled over species and serves unknown ones.

    ``carry`` is the share of a turn that is left in the next step when it fades, one per species, 0 before a fit.
    """

    edges: Tensor
    carry: Tensor

    def __init__(self, species: int, factors: int, bins_per_side: int) -> None:
        super().__init__()
        self.side = bins_per_side
        self.special = 2 * bins_per_side + 1  # a turn fades, an animal rests
        self.tokens = self.special + 1
        self.nothing = self.tokens  # never asked for: stands for the motion before an animal's first frame
        default = torch.stack([_default_edges(_DEFAULT_REACH[f], bins_per_side) for f in range(factors)])
        self.register_buffer("edges", default.repeat(species + 1, 1, 1))
        self.register_buffer("carry", torch.zeros(species + 1))

    def encode(
        self, change: Float[Tensor, "*b f"], species: Int[Tensor, "*b"], last_turn: Float[Tensor, "*b"]
    ) -> Int[Tensor, "*b f"]:
        """Return the token of each factor; ``species`` is shifted by one, 0 unknown, minus infinity is rest."""
        inner = self.edges[:, :, 1:-1][species].contiguous()
        special = change == -torch.inf
        special[..., TURN] = self._fades(change[..., TURN], species, last_turn)
        return torch.where(special, self.special, torch.searchsorted(inner, change[..., None].contiguous())[..., 0])

    def decode(
        self,
        token: Int[Tensor, "*b f"],
        species: Int[Tensor, "*b"],
        last_turn: Float[Tensor, "*b"],
        place: Float[Tensor, "*b f"],
    ) -> Float[Tensor, "*b f"]:
        """Return the change that a token stands for, ``place`` (0..1) of the way through its bin.

        Rest is a change of speed by minus infinity. Nothing special is known of climbing: the token means no change.
        """
        edges = self.edges[species]
        special = token == self.special
        held = torch.where(special, self.side, token)
        low, high = (edges.gather(-1, (held + end)[..., None])[..., 0] for end in (0, 1))
        turn, speed, *rest = torch.where(held == self.side, 0.0, low + place * (high - low)).unbind(-1)
        turn = torch.where(special[..., TURN], self.carry[species] * last_turn, turn)
        speed = torch.where(special[..., SPEED], -torch.inf, speed)
        return torch.stack([turn, speed, *rest], dim=-1)

    def fit(self, change: Float[Tensor, "m f"], species: Int[Tensor, " m"], last_turn: Float[Tensor, " m"]) -> None:
        """Set how turns fade, and the bins to the quantiles of observed changes that are nothing special."""
        rows, factors, _ = self.edges.shape
        pooled = _carry(change[:, TURN], last_turn, self.carry[0])
        self.carry[0] = pooled
        for row in range(1, rows):
            mine = species == row
            self.carry[row] = _carry(change[mine, TURN], last_turn[mine], pooled)
        change = change.clone()
        change[self._fades(change[:, TURN], species, last_turn), TURN] = -torch.inf
        for factor in range(factors):
            moves = change[:, factor].isfinite()
            values, kinds = change[moves, factor], species[moves]
            pooled = _quantile_edges(values, self.side, self.edges[0, factor])
            self.edges[0, factor] = pooled
            for row in range(1, rows):
                self.edges[row, factor] = _quantile_edges(values[kinds == row], self.side, pooled)

    def _fades(self, turn: Tensor, species: Tensor, last_turn: Tensor) -> Tensor:
        """Return whether a turn is what is left of the last one. An animal that went straight on has none to fade."""
        left = self.carry[species] * last_turn
        return ((turn - left).abs() < _ALIKE * left.abs()) & (left.abs() > _SMALLEST_TURN_RAD)


def _carry(turn: Float[Tensor, " m"], last_turn: Float[Tensor, " m"], fallback: Tensor) -> Tensor:
    """Return the share c, 0 to 1, that makes the sum of abs(turn - c * last_turn) least.

    That is the median of their ratios, weighted by the last turn (least absolute deviations through the origin). Where
    most turns fade at one rate it finds that rate, which least squares would blur.
    """
    usable = last_turn.abs() > _SMALLEST_TURN_RAD
    ratio, weight = turn[usable] / last_turn[usable], last_turn[usable].abs()
    if ratio.numel() < _FEWEST_TURNS:
        return fallback
    ordered, order = ratio.sort()
    reached = weight[order].cumsum(0)
    return ordered[(reached >= 0.5 * reached[-1]).nonzero()[0, 0]].clamp(0.0, 1.0)


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

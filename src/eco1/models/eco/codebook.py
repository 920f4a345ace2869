"""Motion tokens: the next change of an animal's motion, quantised species by species.

Factors are the turn (rad), the change of horizontal speed (body lengths/s) and, for animals that leave the plane, the
change of climb speed (body lengths/s). Bins are quantiles of the data, narrow around zero and in the tails, with one
bin for exactly "no change"; elsewhere a value is drawn evenly inside its bin, so that closed loops stay continuous.
Discrete motion tokens: SMART (arXiv 2405.15677), MotionLM (arXiv 2309.16534).

One more token says of speed "comes to rest or stays there", for a change drawn from a bin would leave every animal that
stops drifting on, and of turn and climb "fades as it did": between two decisions turns fade at one rate, and so does a
climb towards one level; drawn from bins they would tremble. Of past motion the state is known: its bin, also where it
faded, for what fades is taken up again where it was.
"""

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from eco1.models.eco.targets import CLIMB, TURN

_ZERO_SHARE = 1e-3  # the zero bin ends at this share of the factor's 90 % quantile
_TAIL = 0.9995  # quantile at which the outermost bin ends
_FEWEST_PER_BIN = 2  # with less data a species borrows the pooled bins, losses those of gains, and the other way round
_MOST_VALUES = 200_000  # per species; more changes no quantile noticeably
_DEFAULT_REACH = (math.pi, 5.0, 5.0)  # turn, speed, climb before anything was fitted
_FEWEST_FADING = 100  # with less data than this a species borrows the pooled share
_FADES = (TURN, CLIMB)
# By what fades: smaller values (rad, body lengths/s) say nothing; a value within this share of what fading makes of the
# last one fades; ratios from this one on count as going on, not as fading.
_SMALLEST, _ALIKE, _GOES_ON = (1e-4, 1e-3), (0.03, 0.006), (math.inf, 0.99)


class MotionCodebook(nn.Module):
    """Edges of the bins, (species + 1, factors, bins + 1); row 0 is pooled over species and serves unknown ones.

    ``carry`` (species + 1, 2) is the share of a turn and of a climb that is left in the next step when it fades, 0
    before a fit. ``last`` is always the turn (rad) and the climb (body lengths/s) before (``targets.fading_motion``).
    """

    edges: Tensor
    carry: Tensor

    def __init__(self, species: int, factors: int, bins_per_side: int) -> None:
        super().__init__()
        self.side = bins_per_side
        self.special = 2 * bins_per_side + 1  # a turn fades, an animal rests
        self.nothing = 2 * self.special  # the state before an animal's first motion
        default = torch.stack([_default_edges(_DEFAULT_REACH[f], bins_per_side) for f in range(factors)])
        self.register_buffer("edges", default.repeat(species + 1, 1, 1))
        self.register_buffer("carry", torch.zeros(species + 1, len(_FADES)))

    def encode(
        self, change: Float[Tensor, "*b f"], species: Int[Tensor, "*b"], last: Float[Tensor, "*b 2"]
    ) -> Int[Tensor, "*b f"]:
        """Return the token of each factor; ``species`` is shifted by one, 0 unknown, minus infinity is rest."""
        return self.read(change, species, last)[0]

    def read(
        self, change: Float[Tensor, "*b f"], species: Int[Tensor, "*b"], last: Float[Tensor, "*b 2"]
    ) -> tuple[Int[Tensor, "*b f"], Int[Tensor, "*b f"]]:
        """Return the token of each factor, and the state in which the motion leaves an animal."""
        inner = self.edges[:, :, 1:-1][species].contiguous()
        rests = change == -torch.inf
        special = rests | self._fades(change, species, last)
        number = torch.searchsorted(inner, change[..., None].contiguous())[..., 0]
        state = torch.where(rests, self.side, number) + self.special * special
        return torch.where(special, self.special, number), state

    def decode(
        self,
        token: Int[Tensor, "*b f"],
        species: Int[Tensor, "*b"],
        last: Float[Tensor, "*b 2"],
        place: Float[Tensor, "*b f"],
    ) -> Float[Tensor, "*b f"]:
        """Return the change that a token stands for, ``place`` (0..1) of the way through its bin.

        Rest is a change of speed by minus infinity.
        """
        edges = self.edges[species]
        special = token == self.special
        held = torch.where(special, self.side, token)
        low, high = (edges.gather(-1, (held + end)[..., None])[..., 0] for end in (0, 1))
        change = torch.where(held == self.side, 0.0, low + place * (high - low))
        return torch.where(special, self._faded(self.carry[species] * last, last)[..., : change.shape[-1]], change)

    def fit(self, change: Float[Tensor, "m f"], species: Int[Tensor, " m"], last: Float[Tensor, "m 2"]) -> None:
        """Set how turns and climbs fade, and the bins to the quantiles of observed changes that are nothing special."""
        rows, factors, _ = self.edges.shape
        for which, factor in enumerate(_FADES[: factors - 1]):
            value = change[:, factor] + (last[:, which] if factor == CLIMB else 0.0)
            for row in range(rows):
                mine = species == row if row else torch.ones_like(species, dtype=torch.bool)
                self.carry[row, which] = _carry(value[mine], last[mine, which], which, self.carry[0, which])
        change = torch.where(self._fades(change, species, last), -torch.inf, change)
        for factor in range(factors):
            moves = change[:, factor].isfinite()
            values, kinds = change[moves, factor], species[moves]
            pooled = _quantile_edges(values, self.side, self.edges[0, factor])
            self.edges[0, factor] = pooled
            for row in range(1, rows):
                self.edges[row, factor] = _quantile_edges(values[kinds == row], self.side, pooled)

    @staticmethod
    def _faded(left: Float[Tensor, "*b 2"], last: Float[Tensor, "*b 2"]) -> Float[Tensor, "*b 3"]:
        """Return the change that each special token stands for; ``left`` is what is left of the last turn and climb."""
        rest = torch.full_like(left[..., 0], -torch.inf)
        return torch.stack([left[..., 0], rest, left[..., 1] - last[..., 1]], dim=-1)

    def _fades(self, change: Tensor, species: Tensor, last: Tensor) -> Bool[Tensor, "*b f"]:
        """Return whether turn and climb are what is left of the last ones; what went straight on has none to fade."""
        left = self.carry[species] * last
        off = (change - self._faded(left, last)[..., : change.shape[-1]]).abs()
        near = torch.zeros_like(change, dtype=torch.bool)
        for which, factor in enumerate(_FADES[: change.shape[-1] - 1]):
            size = left[..., which].abs()
            near[..., factor] = (off[..., factor] < _ALIKE[which] * size) & (size > _SMALLEST[which])
        return near


def _carry(value: Float[Tensor, " m"], last: Float[Tensor, " m"], which: int, fallback: Tensor) -> Tensor:
    """Return the share c, 0 to 1, that makes the sum of abs(value - c * last) least over all that fade.

    That is the median of their ratios, weighted by the last value (least absolute deviations through the origin). Where
    most fade at one rate it finds that rate, which least squares would blur.
    """
    ratio = value / last
    usable = (last.abs() > _SMALLEST[which]) & (ratio < _GOES_ON[which])
    ratio, weight = ratio[usable], last[usable].abs()
    if ratio.numel() < _FEWEST_FADING:
        return fallback
    ordered, order = ratio.sort()
    reached = weight[order].cumsum(0)
    return ordered[(reached >= 0.5 * reached[-1]).nonzero()[0, 0]].clamp(0.0, 1.0)


def _default_edges(reach: float, side: int) -> Tensor:
    growing = torch.linspace(0.0, 1.0, side + 1).square() * reach
    growing[0] = reach * _ZERO_SHARE
    return torch.cat([-growing.flip(0), growing])


def _quantile_edges(values: Tensor, side: int, fallback: Tensor) -> Tensor:
    values, fewest = values[:: values.numel() // _MOST_VALUES + 1], _FEWEST_PER_BIN * side
    zero = max(float(values.abs().quantile(0.9)) * _ZERO_SHARE, 1e-6) if values.numel() else math.inf
    size = values.abs()
    moves = size > zero
    if int(moves.sum()) < fewest:
        return fallback
    sides = [size[moves & (values * sign > 0)] for sign in (-1, 1)]
    down, up = (_side_edges(own if own.numel() >= fewest else size[moves], side, zero) for own in sides)
    return torch.cat([-down.flip(0), up])


def _side_edges(values: Tensor, side: int, zero: float) -> Tensor:
    """Return quantiles spaced like a cosine: dense at both ends, where data abounds and where it is rare."""
    share = 0.5 - 0.5 * torch.cos(torch.linspace(0.0, math.pi, side + 1, device=values.device))
    edges = values.quantile(share * _TAIL)
    edges[0] = zero
    smallest_step = 1e-6 * torch.arange(side + 1, device=edges.device)
    return edges.cummax(0).values + smallest_step

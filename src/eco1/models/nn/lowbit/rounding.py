"""From weights to codes and back.

Shape letters: g weights of a group, b groups.
"""

from dataclasses import dataclass

import torch
from jaxtyping import BFloat16, Float, UInt8
from torch import Tensor

from eco1.models.nn.lowbit.form import LowBitForm

#: How far the levels reach, as a share of the range. The best reach of 4 levels for normal weights is 1.5 standard
#: deviations (Max 1960), half of what 128 of them span.
_REACHES = tuple(1.0 - 0.04 * step for step in range(17))


@dataclass(frozen=True, kw_only=True)
class Rounded:
    """Codes, and what each step and the lowest code of a group are worth. ``low`` is None for symmetric groups."""

    codes: UInt8[Tensor, "*b g"]
    scale: BFloat16[Tensor, "*b"]
    low: BFloat16[Tensor, "*b"] | None


def rounded(groups: Float[Tensor, "*b g"], form: LowBitForm) -> Rounded:
    """Return the nearest codes of groups of weights, with the scales that the form asks for."""
    weights = groups.float()
    if form.scales == "range":
        return _at(weights, form, 1.0)
    best = _at(weights, form, _REACHES[0])
    least = _error(weights, best, form)
    for reach in _REACHES[1:]:
        tried = _at(weights, form, reach)
        error = _error(weights, tried, form)
        better = error < least
        least = torch.where(better, error, least)
        best = _chosen(better, tried, best)
    return best


def restored(
    codes: UInt8[Tensor, "*b g"], scale: BFloat16[Tensor, "*b"], low: BFloat16[Tensor, "*b"] | None, form: LowBitForm
) -> Float[Tensor, "*b g"]:
    """Return the weights that codes stand for, in float32."""
    step = scale.float()[..., None]
    bottom = -0.5 * form.highest * step if low is None else low.float()[..., None]
    return torch.addcmul(bottom, codes.float(), step)


def _at(weights: Float[Tensor, "*b g"], form: LowBitForm, reach: float) -> Rounded:
    """Return the codes for levels that reach over a share of the range. Numbers are rounded before codes are chosen."""
    if form.symmetric:
        half = weights.abs().amax(-1)
        bottom, top = -half, half
    else:
        bottom, top = weights.amin(-1), weights.amax(-1)
    middle, spread = 0.5 * (top + bottom), reach * (top - bottom)
    scale = (spread / form.highest).clamp_min(torch.finfo(torch.bfloat16).tiny).bfloat16()
    step = scale.float()[..., None]
    low = None if form.symmetric else (middle - 0.5 * spread).bfloat16()
    lowest = -0.5 * form.highest * step if low is None else low.float()[..., None]
    codes = ((weights - lowest) / step).round_().clamp_(0, form.highest).byte()
    return Rounded(codes=codes, scale=scale, low=low)


def _error(weights: Float[Tensor, "*b g"], tried: Rounded, form: LowBitForm) -> Float[Tensor, "*b"]:
    return (restored(tried.codes, tried.scale, tried.low, form) - weights).square_().sum(-1)


def _chosen(better: Tensor, new: Rounded, old: Rounded) -> Rounded:
    low = None if new.low is None or old.low is None else torch.where(better, new.low, old.low)
    return Rounded(
        codes=torch.where(better[..., None], new.codes, old.codes),
        scale=torch.where(better, new.scale, old.scale),
        low=low,
    )

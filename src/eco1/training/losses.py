"""Bookkeeping of loss terms: every term has a weight, every weight a term, every value is a number."""

import math
from collections.abc import Collection, Mapping
from difflib import get_close_matches

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.errors import ConfigError, Eco1Error


class TrainingError(Eco1Error):
    """A training run that cannot go on."""


def weighted_total(terms: Mapping[str, Tensor], weights: Mapping[str, float]) -> Float[Tensor, ""]:
    """Return the weighted sum of all terms: named scalar losses, each with a weight.

    Raises:
        ConfigError: when terms and weights do not have the same names.
    """
    check_names(terms, weights)
    return torch.stack([weights[name] * term.float() for name, term in terms.items()]).sum()


def not_finite(numbers: Mapping[str, float], terms: Collection[str], batch: int) -> str | None:
    """Return what is NaN or infinite among the loss terms of a batch, as a sentence; None when nothing is."""
    bad = [f"{name} = {numbers[name]:g}" for name in terms if not math.isfinite(numbers[name])]
    return f"Loss is not finite in batch {batch}: {', '.join(bad)}." if bad else None


def check_names(terms: Collection[str], weights: Collection[str]) -> None:
    """Refuse weights that do not match the terms name for name.

    Raises:
        ConfigError: naming what is missing, what is too much and the nearest match.
    """
    problems = [f"loss term {name!r} has no weight" for name in sorted(set(terms) - set(weights))]
    for name in sorted(set(weights) - set(terms)):
        near = get_close_matches(name, sorted(terms), n=1)
        problems.append(f"weight {name!r} has no loss term" + (f" (did you mean {near[0]!r}?)" if near else ""))
    if problems:
        text = "; ".join(problems)
        raise ConfigError(f"{text[0].upper()}{text[1:]}. The model's terms: {', '.join(sorted(terms))}.")

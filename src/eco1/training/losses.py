"""Bookkeeping of loss terms: every term has a weight, every weight a term, every value is a number."""

from collections.abc import Collection, Mapping
from difflib import get_close_matches

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.errors import ConfigError, Eco1Error


class TrainingError(Eco1Error):
    """A training run that cannot go on."""


def weighted_total(terms: Mapping[str, Tensor], weights: Mapping[str, float], batch: int) -> Float[Tensor, ""]:
    """Return the weighted sum of all terms.

    Args:
        terms: named scalar losses.
        weights: one weight for each term.
        batch: number of the batch, for messages.

    Raises:
        ConfigError: when terms and weights do not have the same names.
        TrainingError: when a term is NaN or infinite.
    """
    check_names(terms, weights)
    stacked = torch.stack([term.float() for term in terms.values()])
    if not bool(torch.isfinite(stacked).all()):
        bad = [f"{name} = {term.item():g}" for name, term in terms.items() if not bool(torch.isfinite(term))]
        raise TrainingError(
            f"Loss is not finite in batch {batch}: {', '.join(bad)}. "
            "Lower the learning rate, or look at this batch for impossible values."
        )
    return torch.stack([weights[name] * term.float() for name, term in terms.items()]).sum()


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

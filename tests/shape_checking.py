"""The checker behind the jaxtyping import hook (see conftest.py)."""

from collections.abc import Callable
from typing import Any

from beartype import BeartypeConf, beartype
from beartype.roar import BeartypeDecorHintPep673Exception

_check = beartype(conf=BeartypeConf(is_pep484_tower=True))  # an int may stand where a float is wanted


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``function`` with its annotations checked; methods that speak of ``Self`` stay as they are.

    beartype reads ``Self`` only when it decorates whole classes, and jaxtyping decorates single methods.
    """
    try:
        return _check(function)
    except BeartypeDecorHintPep673Exception:
        return function

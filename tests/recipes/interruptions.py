"""Ctrl+C in the middle of long work."""

from collections.abc import Callable
from typing import Any


def interrupted_at(call: int, real: Callable[..., Any]) -> tuple[Callable[..., Any], list[tuple[Any, ...]]]:
    """Return a stand-in for ``real`` that is interrupted once, and the arguments of every call to it."""
    calls: list[tuple[Any, ...]] = []

    def stand_in(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == call:
            raise KeyboardInterrupt
        return real(*arguments)

    return stand_in, calls

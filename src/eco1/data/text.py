"""Events, captions and questions as UTF-8 JSON, and back."""

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np
from jaxtyping import UInt8

from eco1.core.senses import Caption, Description, Event, Question

_RECORDS: dict[str, Callable[..., Event | Caption | Question]] = {
    "events": Event,
    "captions": Caption,
    "questions": Question,
}
#: Fields that are lists in JSON and tuples in a record.
_LISTS = ("rows", "choices")


def pack_text(description: Description) -> dict[str, UInt8[np.ndarray, " b"]]:
    """Return each kind of text that there is as the bytes of a JSON list, one object with its span and rows each."""
    kinds = {kind: [asdict(item) for item in items] for kind, items in vars(description).items() if items}
    return {
        kind: np.frombuffer(json.dumps(items, ensure_ascii=False).encode(), np.uint8) for kind, items in kinds.items()
    }


def unpack_text(packed: dict[str, UInt8[np.ndarray, " b"]]) -> Description:
    """Return what ``pack_text`` packed."""
    found = {kind: _records(kind, json.loads(array.tobytes().decode())) for kind, array in packed.items()}
    return Description(**found)


def _records(kind: str, items: list[dict[str, Any]]) -> tuple[Any, ...]:
    return tuple(
        _RECORDS[kind](**{name: tuple(value) if name in _LISTS else value for name, value in item.items()})
        for item in items
    )

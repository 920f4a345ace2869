"""What the captioner returns, and how it is stored."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from eco1.core.errors import EpisodeError
from eco1.core.senses import Caption, Event, Question

_FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Description:
    """An episode in words: what happened, sentences about it, and questions about it; each in order of time."""

    events: tuple[Event, ...]
    captions: tuple[Caption, ...]
    questions: tuple[Question, ...]


def to_json(description: Description) -> str:
    """Return the description as JSON text; ``from_json`` gives back an equal one."""
    return json.dumps({"format": _FORMAT, **asdict(description)}, ensure_ascii=False, indent=1)


def from_json(text: str) -> Description:
    """Return the description that ``to_json`` wrote.

    Raises:
        EpisodeError: the text is no such description.
    """
    try:
        table: dict[str, Any] = json.loads(text)
        if table["format"] != _FORMAT:
            raise EpisodeError(
                f"Format {table['format']!r} of a description is not known; this version reads {_FORMAT}."
            )
        return Description(
            events=tuple(Event(**_with_tuple(each, "rows")) for each in table["events"]),
            captions=tuple(Caption(**_with_tuple(each, "rows")) for each in table["captions"]),
            questions=tuple(Question(**_with_tuple(each, "choices")) for each in table["questions"]),
        )
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise EpisodeError(
            f"The description of an episode cannot be read ({error}). Describe the episode again."
        ) from error


def _with_tuple(fields: dict[str, Any], name: str) -> dict[str, Any]:
    """Return the fields of a record with a list, as JSON has it, turned back into a tuple."""
    return {**fields, name: tuple(fields[name])}

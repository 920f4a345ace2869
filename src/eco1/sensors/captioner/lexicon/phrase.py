"""One way to say what happens, and when it is true."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A verb phrase. ``needs`` are the tags a happening must have; ``names_place`` if no place should follow."""

    text: str
    needs: frozenset[str] = frozenset()
    names_place: bool = False


def ways(needs: str, *texts: str, names_place: bool = False) -> tuple[Phrase, ...]:
    """Return phrases that need the same tags (separated by spaces)."""
    tags = frozenset(needs.split())
    return tuple(Phrase(text=text, needs=tags, names_place=names_place) for text in texts)

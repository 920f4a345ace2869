"""Who a sentence speaks of, and how its parts become one: agreement, commas, capital and full stop."""

import re
from dataclasses import dataclass

from eco1.sensors.captioner.grammar.verbs import Form, conjugated


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A noun phrase and what must agree with it."""

    text: str
    is_plural: bool = False
    is_person: bool = False

    @property
    def pronouns(self) -> dict[str, str]:
        """The words of templates that agree with the subject."""
        if self.is_plural:
            return {"it": "they", "its": "their", "head": "heads", "egg": "eggs"}
        if self.is_person:
            return {"it": "they", "its": "their", "head": "head", "egg": "egg"}
        return {"it": "it", "its": "its", "head": "head", "egg": "egg"}


def predicate(template: str, subject: Subject, form: Form, **slots: str) -> str:
    """Return a verb phrase that agrees with its subject."""
    return conjugated(template, form, subject.is_plural).format(**subject.pronouns, **slots)


def sentence(*parts: str) -> str:
    """Return parts as one sentence: single spaces, no space before a comma, a capital and one full stop."""
    text = re.sub(r"\s+", " ", " ".join(part for part in parts if part)).strip()
    text = re.sub(r"\s+([,;.])", r"\1", text).rstrip(".,; ")
    return capitalised(text) + "."


def capitalised(text: str) -> str:
    """Return the text with its first letter as a capital and all others as they are."""
    return text[:1].upper() + text[1:]


def words_in(text: str) -> int:
    """Return how many words a text has."""
    return len(text.split())

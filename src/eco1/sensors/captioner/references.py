"""Referring: "a zebra" at first, then "the zebra", "one of the zebras" or "another zebra"."""

from eco1.sensors.captioner.grammar.nouns import plural
from eco1.sensors.captioner.grammar.numbers import number
from eco1.sensors.captioner.grammar.sentences import Subject
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.speaker import Speaker


class Memory:
    """Whom the last caption and this one spoke of, by kind; of others only that they were spoken of."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self._last: dict[str, set[int]] = {}
        self._now: dict[str, set[int]] = {}
        self._ever: set[int] = set()

    def next_caption(self) -> None:
        """Begin another caption: only what the one before spoke of is remembered."""
        self._last, self._now = self._now, {}

    def note(self, frame: int, rows: tuple[int, ...]) -> None:
        """Remember that rows were spoken of."""
        self._ever |= set(rows)
        for row in rows:
            self._now.setdefault(self._speaker.log.kind(frame, row).name, set()).add(row)

    def subject(self, happening: Happening, *, short: bool) -> Subject:
        """Return the actors as a reader of the captions so far would want them named."""
        speaker, frame, rows = self._speaker, self._speaker.named_at(happening), happening.actors
        kinds = {speaker.log.kind(frame, row).name for row in rows}
        known = self._known(next(iter(kinds)))
        if len(kinds) > 1 or not known or happening.kind == "birth":
            return speaker.introduced(happening, short=short)
        if set(rows) == known:
            return speaker.namer.definite(frame, rows)
        if set(rows) < known:
            kind = speaker.log.kind(frame, rows[0])
            noun = plural(speaker.namer.noun(kind, short=True))
            return Subject(text=f"{number(len(rows))} of the {noun}", is_plural=len(rows) > 1, is_person=kind.is_person)
        if not self._ever & set(rows):
            return speaker.namer.other(frame, rows)
        return speaker.introduced(happening, short=short)

    def whom(self, happening: Happening) -> str | None:
        """Return those it is done to if they were spoken of, else None."""
        speaker, frame, rows = self._speaker, self._speaker.named_at(happening), happening.others
        if not rows or speaker.log.carcass[frame, rows[0]]:
            return None
        kinds = {speaker.log.kind(frame, row).name for row in rows}
        like_them = speaker.log.kind(frame, happening.actors[0]).name in kinds  # "the seal" would be unclear
        if len(kinds) > 1 or like_them or set(rows) != self._known(next(iter(kinds))):
            return None
        return speaker.namer.definite(frame, rows).text

    def _known(self, kind: str) -> set[int]:
        return self._now.get(kind, set()) | self._last.get(kind, set())

"""Naming: noun phrases for rows, from the kinds they are, how many there are and whom was spoken of before."""

from collections import Counter

from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.grammar.nouns import plural, with_article
from eco1.sensors.captioner.grammar.numbers import listed, number
from eco1.sensors.captioner.grammar.sentences import Subject
from eco1.sensors.captioner.kinds import Kind
from eco1.sensors.captioner.log import Log

_PARTITIVE = 0.25  # how often "two of the nine zebras" is said
_SHORTENED = 0.5  # how often a caption that stands alone uses the short name


class Namer:
    """Makes noun phrases for the animals of a log."""

    def __init__(self, log: Log, chooser: Chooser) -> None:
        self._log, self._chooser = log, chooser
        uses = Counter(kind.short for kind in log.kinds)
        self._unclear = {kind.name for kind in log.kinds if uses[kind.short] > 1}

    def noun(self, kind: Kind, *, short: bool) -> str:
        """Return the name of a kind; the short one only where it can mean no other kind of the episode."""
        return kind.short if short and kind.name not in self._unclear else kind.full

    def alive(self, frame: int, row: int) -> int:
        """Return how many of the kind of a row are alive at a frame."""
        log = self._log
        return int((log.alive[frame] & (log.species[frame] == log.species[frame, row])).sum())

    def subject(self, frame: int, rows: tuple[int, ...], *, adjective: str = "", short: bool | None = None) -> Subject:
        """Return those rows as nobody has met them: "a zebra", "two of the nine zebras", "both sharks"."""
        kinds = self._by_kind(frame, rows)
        person = all(kind.is_person for kind, _ in kinds)
        brief = self._chooser.chance(_SHORTENED) if short is None else short
        if len(kinds) > 1:
            parts = [self._counted(kind, len(group), short=brief) for kind, group in kinds]
            return Subject(text=listed(parts), is_plural=True)
        kind, group = kinds[0]
        noun, total = self.noun(kind, short=brief), self.alive(frame, group[0])
        words = " ".join(word for word in (adjective, self._age(frame, group)) if word)
        described = f"{words} {noun}".strip()
        count = len(group)
        if count > 1 and count == total and not words:
            text = f"both {plural(noun)}" if count == 2 else f"all {number(count)} {plural(noun)}"
        elif count < total and not words and self._chooser.chance(_PARTITIVE):
            text = f"{number(count)} of the {number(total)} {plural(noun)}"
        else:
            text = with_article(described) if count == 1 else f"{number(count)} {plural(described)}"
        return Subject(text=text, is_plural=count > 1, is_person=person)

    def object(
        self, frame: int, rows: tuple[int, ...], actors: tuple[int, ...], *, short: bool | None = None, by: str = ""
    ) -> str:
        """Return those rows as whom it is done to: "another zebra", "the carcass of a zebra", "two people".

        ``by`` is how the actors were called; who acts on "another" is not "another" too.
        """
        log, row = self._log, rows[0]
        brief = self._chooser.chance(_SHORTENED) if short is None else short
        kinds = self._by_kind(frame, rows)
        if len(kinds) > 1:
            return listed([self._counted(kind, len(group), short=brief) for kind, group in kinds])
        noun = self.noun(kinds[0][0], short=brief)
        age = self._age(frame, rows)
        described = f"{age} {noun}".strip()
        if log.carcass[frame, row]:
            return self._chooser.pick("carcass", (f"the carcass of {with_article(described)}", f"a dead {noun}"))
        same = log.species[frame, row] == log.species[frame, actors[0]]
        if same:
            noun = self.noun(kinds[0][0], short=True)
            described = f"{age} {noun}".strip()
            if age and not self._age(frame, actors):
                return with_article(described) if len(rows) == 1 else f"{number(len(rows))} {plural(described)}"
            if len(rows) == 1 and by.startswith(("another", "one of")) and not kinds[0][0].is_person:
                return "a young one" if age else "one of its kind"
            return f"another {described}" if len(rows) == 1 else f"{number(len(rows))} other {plural(described)}"
        return with_article(described) if len(rows) == 1 else f"{number(len(rows))} {plural(described)}"

    def definite(self, frame: int, rows: tuple[int, ...]) -> Subject:
        """Return rows that were spoken of: "the zebra", "the three zebras"."""
        kind = self._log.kind(frame, rows[0])
        noun, count = self.noun(kind, short=True), len(rows)
        text = f"the {noun}" if count == 1 else f"the {number(count)} {plural(noun)}"
        return Subject(text=text, is_plural=count > 1, is_person=kind.is_person)

    def other(self, frame: int, rows: tuple[int, ...]) -> Subject:
        """Return rows of a kind of which others were spoken of: "another zebra", "two other zebras"."""
        kind, count = self._log.kind(frame, rows[0]), len(rows)
        noun = self.noun(kind, short=True)
        text = f"another {noun}" if count == 1 else f"{number(count)} other {plural(noun)}"
        return Subject(text=text, is_plural=count > 1, is_person=kind.is_person)

    def _by_kind(self, frame: int, rows: tuple[int, ...]) -> list[tuple[Kind, tuple[int, ...]]]:
        """Return the kinds among the rows with their rows, most numerous first."""
        groups: dict[str, tuple[Kind, list[int]]] = {}
        for row in rows:
            kind = self._log.kind(frame, row)
            groups.setdefault(kind.name, (kind, []))[1].append(row)
        return sorted(((kind, tuple(group)) for kind, group in groups.values()), key=lambda pair: -len(pair[1]))

    def _counted(self, kind: Kind, count: int, *, short: bool) -> str:
        noun = self.noun(kind, short=short)
        return with_article(noun) if count == 1 else f"{number(count)} {plural(noun)}"

    def _age(self, frame: int, rows: tuple[int, ...]) -> str:
        young = all(self._log.is_young(frame, row) and not self._log.kind(frame, row).is_insect for row in rows)
        return "young" if young else ""

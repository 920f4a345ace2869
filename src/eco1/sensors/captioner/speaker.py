"""Speaking: a happening as a clause, in any tense, with whatever else is true and worth adding."""

from dataclasses import dataclass

from eco1.sensors.captioner import surroundings
from eco1.sensors.captioner.additions import Additions
from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.grammar.nouns import plural
from eco1.sensors.captioner.grammar.sentences import Subject, predicate, sentence, words_in
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.lexicon import fitting
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.naming import Namer

_LONGEST = 26  # words of a sentence
_PASSIVE, _ADJECTIVE, _FRONTED, _PLACED, _MEASURED = 0.3, 0.25, 0.22, 0.85, 0.5  # how often each is said where it can
_CLOSE_M, _AFRAID_OF = 3.0, ("vigilant", "flee")  # nearer, and for others, no distance is told
_AT_CARCASS = frozenset(("scavenge", "eat_meat", "arrive_carcass"))
_BEGINS = frozenset(("kill", "kill_passive", "chase", "strike", "escape", "swoop"))  # are named as they are at first
_MISREAD = 11  # words after which a place seems to belong to whom rather than to who
_CLAUSES = frozenset(("that", "which", "and", "away", "off", "beside", "close"))
_ALOFT = ("in the air", "just above", "above", "high", "over")  # who is up there must be clear
_ON_THE_WING = ("fl", "wing", "soar", "circl", "glid")
_NEEDY = {"hunger": "hungry", "thirst": "thirsty", "fatigue": "tired", "curiosity": "curious"}


@dataclass(frozen=True, kw_only=True)
class Said:
    """A clause without its full stop, and the rows that it names."""

    text: str
    subject: Subject
    subject_rows: tuple[int, ...]
    rows: tuple[int, ...]
    place: str


class Speaker:
    """Says what happened in a log. One chooser makes all choices, in the order in which things are said."""

    def __init__(self, log: Log, chooser: Chooser) -> None:
        self.log, self.chooser, self.namer = log, chooser, Namer(log, chooser)
        self._additions = Additions(log, chooser, self.namer)

    def named_at(self, happening: Happening) -> int:
        """Return the frame at which animals are what they are called: a prey is alive when the chase begins."""
        return happening.first if happening.kind in _BEGINS else happening.middle

    def _carcass_at(self, happening: Happening) -> int:
        """Return a frame at which a carcass still lies there; a small one is soon eaten."""
        there = self.log.carcass[happening.first : happening.last, happening.others[0]]
        return happening.first + int(there.argmax())

    def introduced(self, happening: Happening, *, short: bool | None = None, adjective: str = "") -> Subject:
        """Return the actors as nobody has met them; those just born are young whatever their length."""
        frame = self.named_at(happening)
        if happening.kind == "birth":
            small = all(self.log.is_young(frame, row) for row in happening.actors)
            insect = self.log.kind(frame, happening.actors[0]).is_insect
            adjective = "new" if insect else "" if small else "young"
        return self.namer.subject(frame, happening.actors, adjective=adjective, short=short)

    def clause(
        self, happening: Happening, subject: Subject, form: Form, *, short: bool | None = None, whom: str | None = None
    ) -> Said:
        """Return who does what to whom, in the given form, with the place it is said to be at (not in the text).

        ``whom`` is how those it is done to are called, where they have been spoken of.
        """
        way = surroundings.direction(self.log, happening)
        true = (*fitting(happening.kind, happening.tags), *fitting(happening.kind, frozenset()))
        sayable = [phrase for phrase in true if way or "{way}" not in phrase.text]
        best = len(sayable[0].needs)
        options = [phrase for phrase in sayable if len(phrase.needs) == best]
        phrase = self.chooser.pick(f"{happening.kind} {options[0].text}", options)
        slots = self._slots(happening, subject, way, short)
        verbs = predicate(phrase.text, subject, form, **(slots | ({"whom": whom} if whom else {})))
        place = "" if phrase.names_place else happening.place.phrase
        rows = happening.rows if "{whom" in phrase.text else happening.actors
        return Said(
            text=f"{subject.text} {verbs}", subject=subject, subject_rows=happening.actors, rows=rows, place=place
        )

    def caption(self, happening: Happening) -> tuple[str, tuple[int, ...]]:
        """Return one happening as a sentence that stands alone, in the present, and the rows it names."""
        if happening.kind == "kill" and self.chooser.chance(_PASSIVE):
            return self._passive(happening)
        adjective = self._adjective(happening)
        said = self.clause(happening, self.introduced(happening, adjective=adjective), Form.PRESENT)
        front, back = self.placed(said)
        tail, rows = self._additions.one(happening, said.subject, said.text, has_reason=bool(adjective))
        text = sentence(f"{front}," if front else "", said.text, back, tail)
        if words_in(text) > _LONGEST:
            return sentence(said.text), said.rows
        return text, tuple(dict.fromkeys((*said.rows, *rows)))

    def placed(self, said: Said) -> tuple[str, str]:
        """Return what of the place stands before and after a clause; after it only where it cannot be misread."""
        place = said.place
        repeats = any(len(word) > 4 and word in said.text for word in place.split())
        flies = place.startswith(_ALOFT) and any(word in said.text for word in _ON_THE_WING)
        if not place or repeats or flies or not self.chooser.chance(_PLACED):
            return "", ""
        long = "," in said.text or words_in(said.text) > _MISREAD or bool(_CLAUSES & set(said.text.split()))
        long = long or (len(said.rows) > len(said.subject_rows) and place.startswith(_ALOFT))
        return (place, "") if long or self.chooser.chance(_FRONTED) else ("", place)

    def _passive(self, kill: Happening) -> tuple[str, tuple[int, ...]]:
        frame = self.named_at(kill)
        subject = self.namer.subject(frame, kill.others)
        by = self.namer.object(frame, kill.actors, kill.others)
        phrase = self.chooser.pick("kill_passive", fitting("kill_passive", frozenset()))
        return sentence(
            subject.text, predicate(phrase.text, subject, Form.PRESENT, whom=by), kill.place.phrase
        ), kill.rows

    def _adjective(self, happening: Happening) -> str:
        cause = happening.cause
        if cause is None or cause.kind != "need" or not self.chooser.chance(_ADJECTIVE):
            return ""
        return _NEEDY.get(cause.drive, "")

    def _slots(self, happening: Happening, subject: Subject, way: str, short: bool | None) -> dict[str, str]:
        kind = self.log.kind(happening.middle, happening.actors[0])
        its = subject.pronouns["its"]
        company = "others of its kind" if kind.company == "group" else f"{its} {kind.company}"
        if kind.company == "group" and its == "their":
            company = "others of their kind"
        slots = {"way": way, "kin": company}
        if happening.others:
            frame = self._carcass_at(happening) if happening.kind in _AT_CARCASS else self.named_at(happening)
            whom = self.namer.object(frame, happening.others, happening.actors, short=short, by=subject.text)
            if happening.cause is not None and happening.cause.kind == "rival":
                whom = "a rival"
            slots["whom"] = whom + self._distance(happening)
            slots["whoms"] = plural(self.namer.noun(self.log.kind(frame, happening.others[0]), short=True))
        return slots

    def _distance(self, happening: Happening) -> str:
        """Return how far away a threat is, to follow its name."""
        cause = happening.cause
        if cause is None or cause.kind != "threat" or cause.distance_m < _CLOSE_M or happening.kind not in _AFRAID_OF:
            return ""
        if not self.chooser.chance(_MEASURED):
            return ""
        metres = 5 * round(cause.distance_m / 5) if cause.distance_m >= 15 else round(cause.distance_m)
        return self.chooser.pick("distance", (f" some {metres} m away", f" about {metres} m away", f" {metres} m away"))

"""Speaking: a happening as a clause, in any tense, with whatever else is true and worth adding."""

from dataclasses import dataclass

from eco1.sensors.captioner import surroundings
from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.grammar.nouns import plural
from eco1.sensors.captioner.grammar.numbers import number, times
from eco1.sensors.captioner.grammar.sentences import Subject, predicate, sentence, words_in
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.lexicon import fitting
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.naming import Namer

_LONGEST = 26  # words of a sentence
_PASSIVE, _ADJECTIVE, _FRONTED, _PLACED, _MEASURED = (
    0.3,
    0.25,
    0.22,
    0.85,
    0.5,
)  # how often each is said where it could be
_AT_CARCASS = frozenset(("scavenge", "eat_meat", "arrive_carcass"))
_BEGINS = frozenset(("kill", "kill_passive", "chase", "strike", "escape", "swoop"))  # are named as they are at first
_MISREAD = 11  # words after which a place seems to belong to whom rather than to who
_CLAUSES = frozenset(("that", "which", "and", "away", "off", "beside", "close"))
_ALOFT = ("in the air", "just above", "above", "high", "over")  # who is up there must be clear
_FLEETING = frozenset(("surface",))  # nobody asks how long that took
_ON_THE_WING = ("fl", "wing", "soar", "circl", "glid")
_NEEDY = {"hunger": "hungry", "thirst": "thirsty", "fatigue": "tired", "curiosity": "curious"}
_DRIVEN = {
    "hunger": (", driven by hunger", "because {it} <be> hungry"),
    "thirst": (", driven by thirst", "because {it} <be> thirsty"),
    "fatigue": ("because {it} <be> tired",),
    "curiosity": ("out of curiosity",),
}
_PAUSED = (", pausing {times} to look around", ", looking up {times}", ", stopping {times} to look around")
_OUTCOME = {
    "kill": (" and <catch> {them_prey}", " and finally <bring> {them_prey} down"),
    "escape": (", but in vain", ", but <lose> {them_prey}", ", but {them_prey} <get> away"),
}


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
        phrase = self.chooser.pick(f"{happening.kind}{sorted(happening.tags)}", options)
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
        tail, rows = self._tail(happening, said, has_adjective=bool(adjective))
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

    def _tail(self, happening: Happening, said: Said, *, has_adjective: bool) -> tuple[str, tuple[int, ...]]:
        """Return one thing more that is true, or nothing, and the rows it names."""
        outcome = _OUTCOME.get(happening.outcome) if happening.kind in ("chase", "swoop") else None
        if outcome is not None:
            plain = self.chooser.pick(f"outcome{happening.outcome}", outcome)
            return self._of_prey(plain, said.subject), ()
        options = [
            *self._reasons(happening, said, has_adjective=has_adjective),
            *self._details(happening, said),
            ("", ()),
        ]
        if "," in said.text:  # what is added would belong to the last words
            return "", ()
        text, rows = self.chooser.pick(f"tail{happening.kind}", options)
        return text, rows

    def _of_prey(self, template: str, subject: Subject) -> str:
        if "{them_prey} <get>" in template:
            return ", but it " + predicate("<get> away", Subject(text="it"), Form.PRESENT)
        return predicate(template, subject, Form.PRESENT, them_prey="it")

    def _reasons(self, happening: Happening, said: Said, *, has_adjective: bool) -> list[tuple[str, tuple[int, ...]]]:
        cause = happening.cause
        if cause is None:
            return []
        if cause.kind == "need":
            ways = () if has_adjective else _DRIVEN.get(cause.drive, ())
            agreeing = Subject(text="", is_plural=said.subject.is_plural or said.subject.is_person)
            return [(predicate(way, agreeing, Form.PRESENT), ()) for way in ways]
        return []

    def _distance(self, happening: Happening) -> str:
        """Return how far away a threat is, to follow its name."""
        cause = happening.cause
        measured = cause is not None and cause.kind == "threat" and cause.distance_m >= 3
        if (
            cause is None
            or not measured
            or happening.kind not in ("vigilant", "flee")
            or not self.chooser.chance(_MEASURED)
        ):
            return ""
        metres = 5 * round(cause.distance_m / 5) if cause.distance_m >= 15 else round(cause.distance_m)
        return self.chooser.pick("distance", (f" some {metres} m away", f" about {metres} m away", f" {metres} m away"))

    def _details(self, happening: Happening, said: Said) -> list[tuple[str, tuple[int, ...]]]:
        """Return what can be added without a reason: pauses, how long, how fast, next to whom, alone, in the dark."""
        log, found = self.log, list[tuple[str, tuple[int, ...]]]()
        single = len(happening.actors) == 1
        if happening.pauses:
            how_often = times(happening.pauses) if single else "now and then"
            found.append((self.chooser.pick("paused", _PAUSED).format(times=how_often), ()))
        seconds = surroundings.whole_seconds(log, happening)
        if happening.behavior and seconds >= 6 and single and happening.kind not in _FLEETING:
            found.append((f"for {number(seconds)} seconds", ()))
        if (
            happening.kind in ("chase", "flee")
            and (speed := surroundings.top_speed_kmh(log, happening)) >= 20
            and single
        ):
            found.append((f", reaching {speed} km/h", ()))
        if single and happening.behavior and not happening.others:
            other = surroundings.neighbour(log, happening)
            if other >= 0:
                name = self.namer.object(happening.middle, (other,), happening.actors, short=True)
                found.append(
                    (self.chooser.pick("beside", ("close to {}", "next to {}", "near {}")).format(name), (other,))
                )
            elif surroundings.is_alone(log, happening):
                several = self.namer.alive(happening.middle, happening.actors[0]) > 2
                others, its = "the others" if several else "the other", said.subject.pronouns["its"]
                ways = (", alone", f", apart from {others}", f", on {its} own", f", well away from {others}")
                found.append((self.chooser.pick("alone", ways), ()))
        if log.is_dark(happening.middle):
            found.append((self.chooser.pick("dark", ("in the dark", "after dark", "by night")), ()))
        return found

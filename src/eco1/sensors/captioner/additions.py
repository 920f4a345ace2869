"""Additions: the one thing more that a caption says after its clause, if it is true: an outcome, a reason, a detail."""

from eco1.sensors.captioner import surroundings
from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.grammar.numbers import number, times
from eco1.sensors.captioner.grammar.sentences import Subject, predicate
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.naming import Namer

_DRIVEN = {
    "hunger": (", driven by hunger", "because {it} <be> hungry"),
    "thirst": (", driven by thirst", "because {it} <be> thirsty"),
    "fatigue": ("because {it} <be> tired",),
    "curiosity": ("out of curiosity",),
}
_PAUSED = (", pausing {times} to look around", ", looking up {times}", ", stopping {times} to look around")
_CAUGHT = (" and <catch> it", " and finally <bring> it down")
_LOST = (", but in vain", ", but <lose> it", ", but it gets away")
_FLEETING = frozenset(("surface",))  # nobody asks how long that took
_LONG_S, _FAST_KMH = 6, 20

#: Text to follow a clause, with its own comma where it has one, and the rows it names.
Addition = tuple[str, tuple[int, ...]]


class Additions:
    """Finds what can be added to a clause about a happening."""

    def __init__(self, log: Log, chooser: Chooser, namer: Namer) -> None:
        self._log, self._chooser, self._namer = log, chooser, namer

    def one(self, happening: Happening, subject: Subject, clause: str, *, has_reason: bool) -> Addition:
        """Return an addition, or an empty one; ``has_reason`` when the subject is called hungry or the like already."""
        if happening.kind in ("chase", "swoop") and happening.outcome:
            ways = _CAUGHT if happening.outcome == "kill" else _LOST
            return predicate(self._chooser.pick(f"outcome{happening.outcome}", ways), subject, Form.PRESENT), ()
        if "," in clause:  # what is added would belong to its last words
            return "", ()
        reasons = [] if has_reason else self._reasons(happening, subject)
        options = [*reasons, *self._manner(happening), *self._company(happening, subject), ("", ())]
        return self._chooser.pick(f"tail{happening.kind}", options)

    def _reasons(self, happening: Happening, subject: Subject) -> list[Addition]:
        cause = happening.cause
        if cause is None or cause.kind != "need":
            return []
        agreeing = Subject(text="", is_plural=subject.is_plural or subject.is_person)
        return [(predicate(way, agreeing, Form.PRESENT), ()) for way in _DRIVEN.get(cause.drive, ())]

    def _manner(self, happening: Happening) -> list[Addition]:
        """Return how often it was interrupted, how long it lasted, how fast it was, and that it was dark."""
        log, found = self._log, list[Addition]()
        single = len(happening.actors) == 1
        if happening.pauses:
            how_often = times(happening.pauses) if single else "now and then"
            found.append((self._chooser.pick("paused", _PAUSED).format(times=how_often), ()))
        if single and happening.behavior and happening.kind not in _FLEETING:
            seconds = surroundings.whole_seconds(log, happening)
            if seconds >= _LONG_S:
                found.append((f"for {number(seconds)} seconds", ()))
        if single and happening.kind in ("chase", "flee"):
            speed = surroundings.top_speed_kmh(log, happening)
            if speed >= _FAST_KMH:
                found.append((f", reaching {speed} km/h", ()))
        if log.is_dark(happening.middle):
            found.append((self._chooser.pick("dark", ("in the dark", "after dark", "by night")), ()))
        return found

    def _company(self, happening: Happening, subject: Subject) -> list[Addition]:
        """Return next to whom a single animal is, or that it is alone."""
        if len(happening.actors) != 1 or not happening.behavior or happening.others:
            return []
        other = surroundings.neighbour(self._log, happening)
        if other >= 0:
            name = self._namer.object(happening.middle, (other,), happening.actors, short=True)
            return [(f"{self._chooser.pick('beside', ('close to', 'next to', 'near'))} {name}", (other,))]
        if not surroundings.is_alone(self._log, happening):
            return []
        several = self._namer.alive(happening.middle, happening.actors[0]) > 2
        others, its = "the others" if several else "the other", subject.pronouns["its"]
        ways = (", alone", f", apart from {others}", f", on {its} own", f", well away from {others}")
        return [(self._chooser.pick("alone", ways), ())]

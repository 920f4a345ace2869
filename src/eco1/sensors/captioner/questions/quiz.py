"""What all kinds of question share: spans, names, choices in a fair order."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from eco1.core.senses import Question
from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.grammar.nouns import plural
from eco1.sensors.captioner.grammar.sentences import Subject, predicate
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.lexicon.plain import PLAIN
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.naming import Namer

_CLEAR_S = 0.5  # what is shown for less is left out of questions
CHOICES = 4


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Which rows of a species showed a behaviour within a window; not ``clear`` if one did for a moment only."""

    rows: frozenset[int]
    clear: bool


@dataclass
class Quiz:
    """The log that is asked about, and what words and choices come from."""

    log: Log
    chooser: Chooser
    namer: Namer

    def question(self, kind: str, first: int, last: int, text: str, answer: str, wrong: list[str]) -> Question | None:
        """Return the question, the answer as its first choice, or None when there are too few wrong choices."""
        wrong = [choice for choice in dict.fromkeys(wrong) if choice != answer][: CHOICES - 1]
        if len(wrong) < CHOICES - 1:
            return None
        dt = self.log.dt_s
        return Question(
            kind=kind, start_s=round(first * dt, 3), end_s=round(last * dt, 3), question=text, answer=answer,
            choices=(answer, *wrong),
        )  # fmt: skip

    def when(self, first: int, last: int) -> str:
        """Return a window in words."""
        return f"between {first * self.log.dt_s:.0f} s and {last * self.log.dt_s:.0f} s"

    def windows(self, seconds: float) -> list[tuple[int, int]]:
        """Return whole-second windows of about that length, in random order."""
        per_s = 1.0 / self.log.dt_s
        count = max(1, int(self.log.seconds / seconds))
        edges = [round(round(k * self.log.seconds / count) * per_s) for k in range(count + 1)]
        pairs = [(a, min(z, self.log.steps)) for a, z in pairwise(edges)]
        return self.chooser.shuffled([(a, z) for a, z in pairs if z > a])

    def shown(self, first: int, last: int) -> dict[tuple[int, str], Shown]:
        """Return what was shown between two frames, by species and behaviour."""
        log = self.log
        frame, row = np.nonzero(log.alive[first:last])
        species, behavior = (array[first:last][frame, row].astype(int) for array in (log.species, log.behavior))
        shape = len(log.kinds), len(log.behaviors), log.alive.shape[1]
        counts = np.bincount(np.ravel_multi_index((species, behavior, row), shape))
        found: dict[tuple[int, str], list[tuple[int, int]]] = {}
        keys = np.flatnonzero(counts)
        for s, b, who, count in zip(*np.unravel_index(keys, shape), counts[keys], strict=True):
            found.setdefault((int(s), log.behaviors[int(b)]), []).append((int(who), int(count)))
        least = _CLEAR_S / log.dt_s
        return {
            key: Shown(rows=frozenset(who for who, _ in rows), clear=all(count >= least for _, count in rows))
            for key, rows in found.items()
        }

    def noun(self, species: int) -> str:
        """Return the full name of a species."""
        return self.namer.noun(self.log.kinds[species], short=False)

    def plural(self, species: int) -> str:
        """Return the full name of a species in the plural."""
        return plural(self.noun(species))

    def does(self, behavior: str, *, many: bool, form: Form = Form.PRESENT) -> str:
        """Return the plain verb phrase of a behaviour, for one or for many."""
        return predicate(PLAIN[behavior], Subject(text="", is_plural=many), form)

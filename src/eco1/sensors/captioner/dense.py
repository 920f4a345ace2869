"""Dense captions: what matters most in each stretch of about five seconds, told as one goes on from the last."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from eco1.core.senses import Caption
from eco1.sensors.captioner.grammar.sentences import Subject, sentence, words_in
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.interest import interest
from eco1.sensors.captioner.references import Memory
from eco1.sensors.captioner.speaker import Said, Speaker

_SPAN_S = 5.0
_LEAST_S = 1.0  # of a happening within a span, unless it is shorter
_MOST = 3
_AGAIN = 0.4  # what was told in the span before is worth less
_LONGEST = 26
_WORTH = 1.9  # of the third and of whatever is added to something gripping
_MOMENTS = frozenset(
    ("kill", "death", "birth", "escape", "alarm", "strike", "arrive_water", "arrive_carcass", "arrive_food")
)
_NEAR, _FAR = 0.06, 0.35  # of the width of the scene
_MEANWHILE = {
    "near": ("nearby,", "close by,", "not far away,"),
    "far": ("elsewhere,", "farther off,", "at a distance,"),
    "same": ("meanwhile,", "at the same time,"),
    "then": ("then", "a moment later,", "shortly after,"),
}


def dense_captions(speaker: Speaker, told: list[Happening]) -> list[Caption]:
    """Return captions of adjoining spans that cover the whole episode."""
    log = speaker.log
    count = max(1, round(log.seconds / _SPAN_S))
    edges = [round(log.steps * k / count) for k in range(count + 1)]
    narrator = _Narrator(speaker)
    return [narrator.caption(told, first, last) for first, last in pairwise(edges)]


class _Narrator:
    def __init__(self, speaker: Speaker) -> None:
        self._speaker, self._memory = speaker, Memory(speaker)
        self._before: set[int] = set()  # the happenings told in the last span, by identity
        places = speaker.log.position_m[..., :2]
        self._width_m = max(1.0, float(np.ptp(places.reshape(-1, 2), axis=0).max())) if places.size else 1.0

    def caption(self, told: list[Happening], first: int, last: int) -> Caption:
        log = self._speaker.log
        self._memory.next_caption()
        chosen = self._chosen(told, first, last)
        sentences: list[str] = []
        rows: list[int] = []
        leads: list[str] = []
        for k, happening in enumerate(chosen):
            said = self._said(happening, first)
            lead = self._lead(chosen[0], happening, first, leads) if k else ""
            leads.append(lead)
            rows += said.rows
            self._memory.note(self._speaker.named_at(happening), said.rows)
            joined = f"{sentences[-1][:-1]}, while {said.text}" if k == 1 and lead in _WHILE else ""
            if joined and words_in(joined) <= _LONGEST and " and " not in sentences[-1] and joined.count(",") <= 2:
                sentences[-1] = sentence(joined)
                continue
            front, back = self._speaker.placed(said) if k == 0 else ("", "")
            text = sentence(f"{front}," if front else "", lead, said.text, back)
            sentences.append(text if words_in(text) <= _LONGEST + 3 else sentence(lead, said.text))
        self._before = {id(happening) for happening in chosen}
        return Caption(
            kind="dense",
            start_s=round(first * log.dt_s, 3),
            end_s=round(last * log.dt_s, 3),
            rows=tuple(dict.fromkeys(rows)),
            text=" ".join(sentences) or self._quiet(first),
        )

    def _chosen(self, told: list[Happening], first: int, last: int) -> list[Happening]:
        """Return what to tell: the most interesting, then others of other animals, in order of time."""
        least = round(_LEAST_S / self._speaker.log.dt_s)
        there = [
            each
            for each in told
            if min(each.last, last) - max(each.first, first) >= min(least, max(1, (each.last - each.first) // 2))
            and (each.kind not in _MOMENTS or first <= each.middle < last)
        ]
        worth = {id(each): interest(each) * (_AGAIN if id(each) in self._before else 1.0) for each in there}
        there.sort(key=lambda each: -worth[id(each)])
        chosen: list[Happening] = []
        for each in there:
            new = all(not set(each.rows) & set(other.rows) and each.kind != other.kind for other in chosen)
            if new and (not chosen or worth[id(each)] >= _WORTH):
                chosen.append(each)
            if len(chosen) == _MOST:
                break
        return chosen

    def _said(self, happening: Happening, first: int) -> Said:
        speaker = self._speaker
        subject = self._memory.subject(happening, short=speaker.chooser.chance(0.6))
        again = id(happening) in self._before
        lasting = happening.kind not in _MOMENTS
        ongoing = lasting and (again or happening.first < first)
        form = Form.PROGRESSIVE if ongoing else Form.PRESENT
        said = speaker.clause(happening, subject, form, short=True, whom=self._memory.whom(happening))
        return _still(said, subject) if again and lasting else said

    def _lead(self, main: Happening, other: Happening, first: int, used: list[str]) -> str:
        """Return what relates a happening to the main one: later, near, far or at the same time."""
        log, pick = self._speaker.log, self._speaker.chooser.pick
        if other.first > main.first + round(1.0 / log.dt_s) and other.first >= first and main.first >= first:
            return pick("then", _MEANWHILE["then"])
        at = (
            log.position_m[max(first, main.first), main.actors[0]],
            log.position_m[max(first, other.first), other.actors[0]],
        )
        away = float(np.linalg.norm(at[0] - at[1])) / self._width_m
        which = "near" if away < _NEAR else "far" if away > _FAR else "same"
        fresh = [lead for lead in _MEANWHILE[which] if lead not in used and not (which == "far" and set(used) & _FARS)]
        return pick(which, fresh or _MEANWHILE["same"])

    def _quiet(self, first: int) -> str:
        alive = int(self._speaker.log.alive[first].sum())
        return "Nothing of note happens." if alive else "No animal is to be seen."


_FARS = frozenset(_MEANWHILE["far"])
_WHILE = frozenset((*_MEANWHILE["same"], *_MEANWHILE["far"]))


def _still(said: Said, subject: Subject) -> Said:
    """Return a progressive clause with "still" after its auxiliary."""
    auxiliary = " are " if subject.is_plural else " is "
    head, found, rest = said.text.partition(auxiliary)
    return replace(said, text=f"{head}{found}still {rest}") if found else said

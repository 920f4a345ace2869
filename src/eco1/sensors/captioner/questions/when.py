"""What came first, and what comes next."""

import numpy as np

from eco1.core.senses import Question
from eco1.sensors.captioner.bouts import Bouts
from eco1.sensors.captioner.grammar.nouns import with_article
from eco1.sensors.captioner.grammar.sentences import capitalised
from eco1.sensors.captioner.grammar.verbs import Form
from eco1.sensors.captioner.log import Log
from eco1.sensors.captioner.questions.quiz import Quiz

_WINDOW_S, _APART_S, _LASTS_S = 15.0, 1.5, 0.8
_SEEN_S, _BEFORE_S = 5.0, 0.2  # how much of what goes before is shown, and how long before the change it ends
_SETTLED_S = 2.0  # what comes before and after must last this long
_DULL = frozenset(("vigilant", "move", "stay"))
#: What follows by itself would be answered without looking.
_OBVIOUS = frozenset(
    (("go_to_water", "drink"), ("scavenge", "eat_meat"), ("carry", "recruit"), ("patrol", "scent_mark"))
)


def ask_orders(quiz: Quiz, wanted: int) -> list[Question]:
    """Ask which of four things began first, or last, within a window in which each of them began."""
    found: list[Question] = []
    for first, last in quiz.windows(_WINDOW_S):
        onsets = _onsets(quiz.log, first, last)
        apart: list[tuple[int, int, str]] = []
        for frame, species, behavior in sorted(quiz.chooser.shuffled(onsets)):
            new = all(behavior != other[2] or species != other[1] for other in apart)
            if new and (not apart or (frame - apart[-1][0]) * quiz.log.dt_s >= _APART_S):
                apart.append((frame, species, behavior))
        chosen = sorted(quiz.chooser.shuffled(apart)[:4])
        if len(chosen) < 4:
            continue
        is_first = quiz.chooser.pick("end", (True, False))
        which = chosen[0] if is_first else chosen[-1]
        texts = {each: _beginning(quiz, each[1], each[2]) for each in chosen}
        wrong = [text for each, text in texts.items() if each != which]
        text = f"Which of these begins {'first' if is_first else 'last'} {quiz.when(first, last)}?"
        question = quiz.question("order", first, last, text, texts[which], wrong)
        found += [question] if question else []
    return found[:wanted]


def _beginning(quiz: Quiz, species: int, behavior: str) -> str:
    return capitalised(
        f"{with_article(quiz.noun(species))} begins to {quiz.does(behavior, many=False, form=Form.BASE)}"
    )


def _onsets(log: Log, first: int, last: int) -> list[tuple[int, int, str]]:
    """Return (frame, species, behaviour) of what nobody of the species did at first, and begins within the window."""
    alive, species, behavior = (a[first:last] for a in (log.alive, log.species, log.behavior))
    code = np.where(alive, species.astype(int) * 1000 + behavior, -1)
    lasts = round(_LASTS_S / log.dt_s)
    found: list[tuple[int, int, str]] = []
    for key in np.unique(code[alive]).tolist():
        shown = code == key
        frames = np.flatnonzero(shown.any(1))
        name = log.behaviors[key % 1000]
        if frames[0] == 0 or name in _DULL or frames[0] + lasts > len(code):
            continue
        rows = np.flatnonzero(shown[frames[0]])
        if shown[frames[0] : frames[0] + lasts, rows].all(0).any():
            found.append((first + int(frames[0]), key // 1000, name))
    return found


def ask_futures(quiz: Quiz, bouts: Bouts, wanted: int) -> list[Question]:
    """Ask what an animal will do next; the span ends before it begins to."""
    log = quiz.log
    before, after = bouts[:-1], bouts[1:]
    settled = round(_SETTLED_S / log.dt_s)
    follows = (before.identity == after.identity) & (before.row == after.row) & (before.last == after.first)
    long = (before.last - before.first >= settled) & (after.last - after.first >= round(_LASTS_S / log.dt_s))
    found: list[Question] = []
    everywhere = set(quiz.shown(0, log.steps))
    used: set[tuple[int, int, int]] = set()
    for k in quiz.chooser.shuffled(np.flatnonzero(follows & long).tolist()):
        now, next_ = log.behaviors[int(before.behavior[k])], log.behaviors[int(after.behavior[k])]
        last = int(before.last[k]) - max(1, round(_BEFORE_S / log.dt_s))
        species = int(log.species[last, before.row[k]])
        key = (species, int(before.behavior[k]), int(after.behavior[k]))
        dull = next_ in _DULL or now in _DULL or (now, next_) in _OBVIOUS or now == next_
        if dull or key in used or not _is_only_one(log, last, species, int(before.behavior[k])):
            continue
        used.add(key)
        question = _future(quiz, everywhere, last, species, now, next_)
        found += [question] if question else []
        if len(found) == wanted:
            break
    return found


def _is_only_one(log: Log, frame: int, species: int, behavior: int) -> bool:
    return int((log.alive[frame] & (log.species[frame] == species) & (log.behavior[frame] == behavior)).sum()) == 1


def _future(
    quiz: Quiz, everywhere: set[tuple[int, str]], last: int, species: int, now: str, next_: str
) -> Question | None:
    """The wrong choices are what others of its kind do in the recording, then what other kinds do."""
    own = sorted({behavior for s, behavior in everywhere if s == species} - _DULL - {now, next_})
    other = sorted({behavior for _, behavior in everywhere} - set(own) - _DULL - {now, next_})
    first = max(0, last - round(_SEEN_S / quiz.log.dt_s))
    choices = [*quiz.chooser.shuffled(own), *quiz.chooser.shuffled(other)]
    doing = quiz.does(now, many=False, form=Form.PROGRESSIVE)
    text = f"What will the {quiz.noun(species)} that {doing} at {last * quiz.log.dt_s:.1f} s do next?"
    wrong = [_will(quiz, behavior) for behavior in choices]
    return quiz.question("future", first, last, text, _will(quiz, next_), wrong)


def _will(quiz: Quiz, behavior: str) -> str:
    return capitalised(quiz.does(behavior, many=False, form=Form.BASE))

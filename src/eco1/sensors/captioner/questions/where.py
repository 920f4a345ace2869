"""Where somebody did something."""

from itertools import combinations

import numpy as np

from eco1.core.senses import Question
from eco1.sensors.captioner.grammar.sentences import capitalised
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.places import Places, find_places
from eco1.sensors.captioner.questions.quiz import Quiz

_DULL = frozenset(("vigilant", "move", "stay"))
_OBVIOUS = frozenset(("wait_at_hole", "surface", "soar", "fly", "swing"))  # say where by themselves
_LEAST_S = 2.0
_MOST = 300  # deeds of which pairs are sought: a long recording has more than enough
_UNDER, _ALOFT = (
    ("under_ice", "under_hole", "under_water"),
    ("high", "air", "low_air", "above", "over_roofs", "rooftop"),
)
_CLEAR_OF_GROUND_M = 4.0
_FAMILIES = (
    *(("wading", "water", "near_water"), ("crowns", "top"), ("high", "air", "low_air"), ("hole", "ice", "bay")),
    *(_UNDER, ("houses", "street", "yard"), ("rooftop", "over_roofs"), ("surface", "open_water")),
)
_ABSURD = {"land": (*_UNDER, *_ALOFT), "trees": _ALOFT, "air": _UNDER, "water": _ALOFT}  # nobody would choose these


def ask_places(quiz: Quiz, told: list[Happening], wanted: int) -> list[Question]:
    """Ask where a single animal did something, when no other of its kind did the same meanwhile.

    Questions come in pairs about one kind of animal, at best about the same deed, and the answer to one is a wrong
    choice of the other: who knows only where such animals like to be is right half the time (the balanced pairs of
    VQA v2, Goyal et al. 2017, arXiv:1612.00837).
    """
    found: list[Question] = []
    seen = {each.place.phrase for each in told if each.place.key}
    asked: set[tuple[int, frozenset[str]]] = set()
    for one, other in _pairs(quiz, [each for each in told if _is_worth_asking(quiz, each)]):
        about = _species(quiz, one), frozenset((one.place.key, other.place.key))
        if about in asked:
            continue
        pair = [_place(quiz, one, other.place.phrase, seen), _place(quiz, other, one.place.phrase, seen)]
        if all(pair):
            asked.add(about)
            found += [question for question in pair if question]
        if len(found) >= wanted:
            break
    return found


def _is_worth_asking(quiz: Quiz, happening: Happening) -> bool:
    if not happening.behavior or not happening.place.key or len(happening.actors) != 1:
        return False
    lasts_s = (happening.last - happening.first) * quiz.log.dt_s
    return happening.behavior not in _DULL | _OBVIOUS and lasts_s >= _LEAST_S and _is_only_one(quiz, happening)


def _is_only_one(quiz: Quiz, happening: Happening) -> bool:
    log, window = quiz.log, slice(happening.first, happening.last)
    kind = log.alive[window] & (log.species[window] == _species(quiz, happening))
    shows = kind & (log.behavior[window] == log.code(happening.behavior))
    return tuple(np.flatnonzero(shows.any(0)).tolist()) == happening.actors


def _species(quiz: Quiz, happening: Happening) -> int:
    return int(quiz.log.species[happening.middle, happening.actors[0]])


def _pairs(quiz: Quiz, options: list[Happening]) -> list[tuple[Happening, Happening]]:
    """Return pairs of one kind in two places, in random order; those who did the same come first."""
    fewer = options[:: len(options) // _MOST + 1]
    pairs = [
        (one, other)
        for one, other in combinations(fewer, 2)
        if _species(quiz, one) == _species(quiz, other) and one.place.key != other.place.key
    ]
    return sorted(quiz.chooser.shuffled(pairs), key=lambda pair: pair[0].behavior != pair[1].behavior)


def _place(quiz: Quiz, happening: Happening, other: str, seen: set[str]) -> Question | None:
    """Return the question, None if the ``other`` answer could be right as well.

    The wrong choices fit at no moment, not even loosely; those where other animals were seen come first.
    """
    row = happening.actors[0]
    frames = np.unique(np.linspace(happening.first, happening.last - 1, 9).astype(int))
    places = find_places(quiz.log, frames, np.full(len(frames), row))
    assert places is not None
    fits = dict(zip(places.phrases, places.fits.T, strict=True))
    keys = dict(zip(places.phrases, places.keys, strict=True))
    kindred = _kindred(happening.place.key, places)
    if not fits[happening.place.phrase].all() or fits[other].any() or keys[other] in kindred:
        return None
    out = {*_ABSURD.get(quiz.log.kind(happening.middle, row).element, ()), *kindred}
    wrong = quiz.chooser.shuffled([phrase for phrase, fit in fits.items() if not fit.any() and keys[phrase] not in out])
    wrong.sort(key=lambda phrase: phrase not in seen)
    does = quiz.does(happening.behavior, many=False)
    when = quiz.when(happening.first, happening.last)
    return quiz.question(
        "place",
        happening.first,
        happening.last,
        f"Where is the {quiz.noun(_species(quiz, happening))} that {does} {when}?",
        capitalised(happening.place.phrase),
        [capitalised(each) for each in (other, *wrong)],
    )


def _kindred(answer: str, places: Places) -> set[str]:
    """Return the keys of places that could be said as well: of the same family, or the ground beneath."""
    kindred = {key for family in _FAMILIES if answer in family for key in family}
    return kindred if bool((places.above_m > _CLEAR_OF_GROUND_M).all()) else kindred | {places.keys[-1]}

"""Where somebody did something."""

import numpy as np

from eco1.core.senses import Question
from eco1.sensors.captioner.grammar.sentences import capitalised
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.places import Places, find_places
from eco1.sensors.captioner.questions.quiz import Quiz

_DULL = frozenset(("vigilant", "move", "stay"))
_OBVIOUS = frozenset(("wait_at_hole", "surface", "soar", "fly", "swing"))  # say where by themselves
_LEAST_S = 2.0
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
    """Ask where a single animal did something, when no other of its kind did the same meanwhile."""
    found: list[Question] = []
    seen = {each.place.phrase for each in told if each.place.key}
    asked: set[tuple[str, str]] = set()
    options = [each for each in told if each.behavior and each.place.key and len(each.actors) == 1]
    for each in quiz.chooser.shuffled(options):
        key = each.behavior, each.place.key
        dull = each.behavior in _DULL | _OBVIOUS or (each.last - each.first) * quiz.log.dt_s < _LEAST_S
        if dull or key in asked or not _is_only_one(quiz, each):
            continue
        question = _place(quiz, each, seen)
        if question:
            asked.add(key)
            found.append(question)
        if len(found) == wanted:
            break
    return found


def _is_only_one(quiz: Quiz, happening: Happening) -> bool:
    species = int(quiz.log.species[happening.middle, happening.actors[0]])
    return quiz.shown(happening.first, happening.last)[species, happening.behavior].rows == frozenset(happening.actors)


def _place(quiz: Quiz, happening: Happening, seen: set[str]) -> Question | None:
    """The wrong choices fit at no moment, not even loosely; those where other animals were seen come first."""
    row = happening.actors[0]
    frames = np.unique(np.linspace(happening.first, happening.last - 1, 9).astype(int))
    places = find_places(quiz.log, frames, np.full(len(frames), row))
    assert places is not None
    fits = dict(zip(places.phrases, places.fits.T, strict=True))
    if not fits[happening.place.phrase].all():
        return None
    element = quiz.log.kind(happening.middle, row).element
    keys = dict(zip(places.phrases, places.keys, strict=True))
    out = {*_ABSURD.get(element, ()), *_kindred(happening.place.key, places)}
    wrong = quiz.chooser.shuffled([phrase for phrase, fit in fits.items() if not fit.any() and keys[phrase] not in out])
    wrong.sort(key=lambda phrase: phrase not in seen)
    species = int(quiz.log.species[happening.middle, row])
    does = quiz.does(happening.behavior, many=False)
    text = f"Where is the {quiz.noun(species)} that {does} {quiz.when(happening.first, happening.last)}?"
    return quiz.question(
        "place",
        happening.first,
        happening.last,
        text,
        capitalised(happening.place.phrase),
        [capitalised(each) for each in wrong],
    )


def _kindred(answer: str, places: Places) -> set[str]:
    """Return the keys of places that could be said as well: of the same family, or the ground beneath."""
    kindred = {key for family in _FAMILIES if answer in family for key in family}
    return kindred if bool((places.above_m > _CLEAR_OF_GROUND_M).all()) else kindred | {places.keys[-1]}

"""Why: which danger made animals flee or look up, and what animals died of."""

import numpy as np
from jaxtyping import Float

from eco1.core.senses import Question
from eco1.sensors.captioner.grammar.nouns import with_article
from eco1.sensors.captioner.grammar.sentences import capitalised
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.questions.quiz import Quiz

_AFRAID = {"flee": "flee", "alarm": "flee", "camouflage": "freeze", "vigilant": "keep watch"}
_FARTHER = 1.5  # times as far as the danger must be whoever is a wrong choice
_AROUND_S = 3.0


def ask_causes(quiz: Quiz, told: list[Happening], wanted: int) -> list[Question]:
    """Ask for causes that can be seen: the danger nearby, the hunter at the carcass."""
    deaths = [_death(quiz, each) for each in told if each.kind in ("kill", "death")]
    fears = [each for each in told if each.kind in _AFRAID and each.first > 0 and "threat" in each.tags]
    fears = quiz.chooser.shuffled(fears)
    fears.sort(key=lambda each: each.kind == "vigilant")
    found = [question for question in deaths if question]
    asked: set[tuple[int, str]] = set()
    for each in fears:
        key = int(quiz.log.species[each.first, each.actors[0]]), each.kind
        question = None if key in asked or not _is_clear(quiz, each, told) else _fear(quiz, each)
        if question:
            asked.add(key)
            found.append(question)
    return found[:wanted]


def _is_clear(quiz: Quiz, fear: Happening, told: list[Happening]) -> bool:
    """Whether all of the kind that do so at that time do it for the same kind of danger."""
    log = quiz.log
    species, danger = log.species[fear.first, fear.actors[0]], log.species[fear.first, fear.others[0]]
    around = round(_AROUND_S / log.dt_s)
    alike = [
        each
        for each in told
        if _AFRAID.get(each.kind) == _AFRAID[fear.kind]
        and each.first < fear.first + around
        and fear.first - around < each.last
        and any(log.species[each.first, row] == species for row in each.actors)
    ]
    return all(each.others and log.species[each.first, each.others[0]] == danger for each in alike)


def _fear(quiz: Quiz, fear: Happening) -> Question | None:
    """The wrong choices are kinds none of which is nearly as close; those it fears as well come first."""
    log, frame = quiz.log, fear.first
    who = int(log.species[frame, fear.actors[0]])
    danger = int(log.species[frame, fear.others[0]])
    far = _distances(quiz, frame, who, "flee" if fear.kind == "alarm" else fear.kind)
    others = [s for s in range(len(log.kinds)) if s not in (who, danger) and _FARTHER * far[danger] < far[s] < np.inf]
    others = quiz.chooser.shuffled(others)
    others.sort(key=lambda s: (not log.related["threat"][who, s], not log.kinds[s].prey))
    first, last = max(0, frame - round(2.0 / log.dt_s)), min(log.steps, frame + round(2.0 / log.dt_s))
    name = with_article(quiz.noun(who))
    text = f"Why does {name} {_AFRAID[fear.kind]} at {frame * log.dt_s:.1f} s?"
    wrong = [_near(quiz, s) for s in others]
    return quiz.question("cause", first, last, text, _near(quiz, danger), wrong)


def _near(quiz: Quiz, species: int) -> str:
    return f"Because {with_article(quiz.noun(species))} is near"


def _distances(quiz: Quiz, frame: int, who: int, behavior: str) -> Float[np.ndarray, " s"]:
    """Return how far each species is from whichever of a kind shows a behaviour, infinite where there is none."""
    log = quiz.log
    afraid = log.alive[frame] & (log.species[frame] == who) & (log.behavior[frame] == log.code(behavior))
    position = log.position_m[frame]
    away = np.linalg.norm(position[:, None] - position[afraid][None], axis=-1).min(1, initial=np.inf)
    there = log.species[frame] == np.arange(len(log.kinds))[:, None]
    return np.where(there & log.alive[frame], away, np.inf).min(1)


def _kills(quiz: Quiz, species: int) -> str:
    return f"{capitalised(with_article(quiz.noun(species)))} kills it"


def _death(quiz: Quiz, death: Happening) -> Question | None:
    """The wrong choices are hunters that were there; or that nobody attacked it, when somebody did."""
    log, frame = quiz.log, death.first
    victim = death.others[0] if death.kind == "kill" else death.actors[0]
    killer = int(log.species[frame, death.actors[0]]) if death.kind == "kill" else -1
    species = int(log.species[frame, victim])
    there = [
        s
        for s in range(len(log.kinds))
        if s not in (killer, species) and (log.species[frame][log.alive[frame]] == s).any()
    ]
    there = quiz.chooser.shuffled(there)
    there.sort(key=lambda s: not log.related["prey"][s, species] and not log.kinds[s].prey)
    nobody = "Nobody attacks it"
    attacked = [_kills(quiz, s) for s in there]
    answer = _kills(quiz, killer) if killer >= 0 else nobody
    wrong = [*attacked[:2], nobody] if killer >= 0 else attacked
    first = max(0, death.first - round(_AROUND_S / log.dt_s))
    text = f"What brings about the death of {with_article(quiz.noun(species))} {quiz.when(first, death.last)}?"
    return quiz.question("cause", first, death.last, text, answer, wrong)

"""How many, and who."""

from collections import Counter

from eco1.core.senses import Question
from eco1.sensors.captioner.grammar.nouns import with_article
from eco1.sensors.captioner.grammar.numbers import number
from eco1.sensors.captioner.grammar.sentences import capitalised
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.questions.quiz import Quiz

_WINDOW_S = 10.0
_DULL = frozenset(("vigilant", "move", "stay"))  # everyone does that all the time


def ask_counts(quiz: Quiz, wanted: int) -> list[Question]:
    """Ask how many of a kind showed a behaviour in a window. The right number is equally often low or high."""
    found: list[Question] = []
    for first, last in quiz.windows(_WINDOW_S):
        shown = quiz.shown(first, last)
        options = [key for key, what in shown.items() if what.clear and key[1] not in _DULL]
        for species, behavior in quiz.chooser.shuffled(sorted(options))[:1]:
            count = len(shown[species, behavior].rows)
            lowest = max(0, count - quiz.chooser.pick("rank", (0, 1, 2, 3)))
            wrong = [_count(n) for n in range(lowest, lowest + 4) if n != count]
            text = f"How many {quiz.plural(species)} {quiz.does(behavior, many=True)} {quiz.when(first, last)}?"
            question = quiz.question("count", first, last, text, _count(count), wrong)
            found += [question] if question else []
    return found[:wanted]


def _count(n: int) -> str:
    return capitalised(number(n) if n else "none")


def ask_actors(quiz: Quiz, told: list[Happening], wanted: int) -> list[Question]:
    """Ask who killed whom, and which kind alone showed a behaviour in a window."""
    found = [_killer(quiz, each) for each in told if each.kind == "kill"]
    most = 1 + wanted // 2  # of one behaviour would bore
    asked: Counter[str] = Counter()
    everywhere = quiz.shown(0, quiz.log.steps)
    for first, last in quiz.windows(_WINDOW_S):
        shown = quiz.shown(first, last)
        behaviors = sorted({behavior for _, behavior in shown} - _DULL)
        alone = [
            behavior for behavior in behaviors if len([species for species, other in shown if other == behavior]) == 1
        ]
        for behavior in quiz.chooser.shuffled(alone):
            species = next(species for species, other in shown if other == behavior)
            if not shown[species, behavior].clear or asked[behavior] == most:
                continue
            question = _doer(quiz, first, last, species, behavior, set(everywhere))
            if question:
                asked[behavior] += 1
                found.append(question)
                break
    return [question for question in found if question][:wanted]


def _doer(
    quiz: Quiz, first: int, last: int, species: int, behavior: str, everywhere: set[tuple[int, str]]
) -> Question | None:
    """The wrong choices were all there; those who did the same at another time come first, and one at least did."""
    there = [s for s in range(len(quiz.log.kinds)) if s != species and _is_there(quiz, s, first, last)]
    there = quiz.chooser.shuffled(there)
    there.sort(key=lambda s: (s, behavior) not in everywhere)
    if not there or (there[0], behavior) not in everywhere:
        return None  # whoever knows the animals would know the answer
    wrong = [capitalised(quiz.plural(s)) for s in there]
    text = f"Which animals {quiz.does(behavior, many=True)} {quiz.when(first, last)}?"
    return quiz.question("actor", first, last, text, capitalised(quiz.plural(species)), wrong)


def _killer(quiz: Quiz, kill: Happening) -> Question | None:
    """The wrong choices are others that hunt such prey, then any that were there."""
    log, frame = quiz.log, kill.first
    victim, killer = (int(log.species[frame, row]) for row in (kill.others[0], kill.actors[0]))
    there = [
        s for s in range(len(log.kinds)) if s not in (killer, victim) and _is_there(quiz, s, kill.first, kill.last)
    ]
    there = quiz.chooser.shuffled(there)
    there.sort(key=lambda s: not (log.related["prey"][s, victim] or log.kinds[s].prey))
    first = max(0, kill.first - round(5.0 / log.dt_s))
    text = f"Which animal kills {with_article(quiz.noun(victim))} {quiz.when(first, kill.last)}?"
    wrong = [capitalised(with_article(quiz.noun(s))) for s in there]
    return quiz.question("actor", first, kill.last, text, capitalised(with_article(quiz.noun(killer))), wrong)


def _is_there(quiz: Quiz, species: int, first: int, last: int) -> bool:
    log = quiz.log
    return bool((log.alive[first:last] & (log.species[first:last] == species)).any(1).all())

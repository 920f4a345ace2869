"""All questions about an episode, in order of time."""

from dataclasses import replace

from eco1.core.senses import Question
from eco1.sensors.captioner.bouts import find_bouts
from eco1.sensors.captioner.chooser import Chooser
from eco1.sensors.captioner.happenings import Happening
from eco1.sensors.captioner.questions.quiz import CHOICES, Quiz
from eco1.sensors.captioner.questions.when import ask_futures, ask_orders
from eco1.sensors.captioner.questions.where import ask_places
from eco1.sensors.captioner.questions.who import ask_actors, ask_counts
from eco1.sensors.captioner.questions.why import ask_causes
from eco1.sensors.captioner.speaker import Speaker

_EVERY_S = 15.0  # one question of each kind in so many seconds
_LEAST = 2


def write_questions(speaker: Speaker, told: list[Happening]) -> list[Question]:
    """Return questions of the six kinds; of a kind for which the episode offers nothing there are none."""
    quiz = Quiz(log=speaker.log, chooser=speaker.chooser, namer=speaker.namer)
    wanted = max(_LEAST, round(speaker.log.seconds / _EVERY_S))
    questions = [
        *ask_counts(quiz, wanted),
        *ask_actors(quiz, told, wanted),
        *ask_orders(quiz, wanted),
        *ask_causes(quiz, told, wanted),
        *ask_futures(quiz, find_bouts(speaker.log), wanted),
        *ask_places(quiz, told, wanted),
    ]
    questions.sort(key=lambda question: (question.start_s, question.end_s, question.question))
    return _mixed(questions, speaker.chooser)


def _mixed(questions: list[Question], chooser: Chooser) -> list[Question]:
    """Return the questions with their choices in random order, and the right ones at each place equally often."""
    mixed: list[Question] = []
    for question in questions:
        choices = chooser.shuffled([choice for choice in question.choices if choice != question.answer])
        choices.insert(chooser.pick("place of the answer", range(CHOICES)), question.answer)
        mixed.append(replace(question, choices=tuple(choices)))
    return mixed

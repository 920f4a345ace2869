"""What is said of a clip: which sentence describes whom the camera follows, what is asked of the language model.

Shape letters: b clips, n animals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Generator

from eco1.core.senses import Caption, Description, Question
from eco1.models.multimodal.words import ASK, END, SAY, TELL, Words

T = TypeVar("T")

_ABOUT_ONE = "event"
_MOST = 12  # texts of a clip that are learned from at once


@dataclass(frozen=True, kw_only=True)
class Told:
    """A text to go on with: ``prompt`` is given, ``answer`` is learned; ``rows`` are the animals it speaks of.

    ``wrong`` are the choices that are not the answer.
    """

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    rows: tuple[int, ...] = ()
    wrong: tuple[tuple[int, ...], ...] = ()


def sentence_about(said: Description, row: int, seconds: float) -> str:
    """Return the sentence about an animal that holds for most of the clip, else about anybody; "" when none is said."""
    events = [caption for caption in said.captions if caption.kind == _ABOUT_ONE]
    if not events:
        return ""
    about = [caption for caption in events if row in caption.rows] or events
    return max(about, key=lambda caption: _overlap(caption, seconds)).text


def draw_tasks(said: Description, words: Words, generator: Generator | None) -> list[Told]:
    """Return questions with their answers where there are any, else captions to be written, in random order."""
    if said.questions:
        return [_asked(each, words) for each in _some(said.questions, generator)]
    events = [caption for caption in said.captions if caption.kind == _ABOUT_ONE]
    return [
        Told(prompt=(SAY,), answer=(*words.encode(caption.text), END), rows=caption.rows)
        for caption in _some(events, generator)
    ]


def _asked(asked: Question, words: Words) -> Told:
    wrong = [choice for choice in asked.choices if choice != asked.answer]
    return choices_of(asked.question, [asked.answer, *wrong], words)


def choices_of(text: str, choices: Sequence[str], words: Words) -> Told:
    """Return a question with choices, of which the first counts as right."""
    answer, *wrong = ((*words.encode(choice), END) for choice in choices)
    return Told(prompt=question(text, words), answer=answer, wrong=tuple(wrong))


def question(text: str, words: Words) -> tuple[int, ...]:
    """Return the prompt that asks a question."""
    return (ASK, *words.encode(text), TELL)


def asking(text: Sequence[int]) -> range:
    """Return the places of the words of a text's question, none where it is no question."""
    return range(1, text.index(TELL) if TELL in text else len(text)) if text and text[0] == ASK else range(0)


def _overlap(caption: Caption, seconds: float) -> tuple[float, int]:
    return min(caption.end_s, seconds) - max(caption.start_s, 0.0), -len(caption.rows)


def _some(told: Sequence[T], generator: Generator | None) -> list[T]:
    order = range(len(told)) if generator is None else torch.randperm(len(told), generator=generator).tolist()
    return [told[k] for k in order[:_MOST]]

"""What is said of a clip: which sentence describes whom the camera follows, what is asked of the language model.

Shape letters: b clips, n animals.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator

from eco1.core.senses import Caption, Description
from eco1.models.multimodal.words import ASK, END, SAY, TELL, Words

_ABOUT_ONE = "event"


@dataclass(frozen=True, kw_only=True)
class Told:
    """A text to go on with: ``prompt`` is given, ``answer`` is learned; ``rows`` are the animals it speaks of."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    rows: tuple[int, ...] = ()


def sentence_about(said: Description, row: int, seconds: float) -> str:
    """Return the sentence about an animal that holds for most of the clip, else about anybody; "" when none is said."""
    events = [caption for caption in said.captions if caption.kind == _ABOUT_ONE]
    if not events:
        return ""
    about = [caption for caption in events if row in caption.rows] or events
    return max(about, key=lambda caption: _overlap(caption, seconds)).text


def draw_task(said: Description, words: Words, generator: Generator | None) -> Told | None:
    """Return a question with its answer where there is one, else a caption to be written; None when nothing is said."""
    if said.questions:
        asked = said.questions[_pick(len(said.questions), generator)]
        return Told(prompt=question(asked.question, words), answer=(*words.encode(asked.answer), END))
    told = [caption for caption in said.captions if caption.kind == _ABOUT_ONE]
    if not told:
        return None
    caption = told[_pick(len(told), generator)]
    return Told(prompt=(SAY,), answer=(*words.encode(caption.text), END), rows=caption.rows)


def question(text: str, words: Words) -> tuple[int, ...]:
    """Return the prompt that asks a question."""
    return (ASK, *words.encode(text), TELL)


def pointed(tasks: Sequence[Told], animals: int, device: torch.device) -> torch.Tensor:
    """Return which animals (b, n) each text speaks of."""
    marks = torch.zeros(len(tasks), animals, dtype=torch.bool)
    for line, task in zip(marks, tasks, strict=True):
        line[[row for row in task.rows if row < animals]] = True
    return marks.to(device)


def _overlap(caption: Caption, seconds: float) -> tuple[float, int]:
    return min(caption.end_s, seconds) - max(caption.start_s, 0.0), -len(caption.rows)


def _pick(count: int, generator: Generator | None) -> int:
    return 0 if generator is None else int(torch.randint(count, (), generator=generator))

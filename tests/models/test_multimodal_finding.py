"""Questions find the animals that they are about by the names that they call them, before anything is learned."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
import torch
from five_senses import config, model, perceived_clip

from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.answering import answer, perceived, score_choices
from eco1.models.multimodal.finding import Finder
from eco1.models.multimodal.naming import Naming, Shown
from eco1.models.multimodal.prefix import Prefix
from eco1.models.multimodal.telling import asking, question
from eco1.models.multimodal.words import Words, learn_tokenizer

MOVE, REST = 1, 2  # rows of deeds
#: Enough pieces for whole words.
NAMES: dict[str, Any] = {
    "species_words": ("plains zebra", "wild dog"),
    "behavior_words": ("run away", "stand still"),
    "tokenizer": learn_tokenizer(
        ["How many wild dogs run away? Do plains zebras stand still? A wild dog runs."] * 9, 400
    ),
    "vocabulary": 400,
}


@pytest.fixture(name="words")
def _words():
    one = config(**NAMES)
    return Words(one.tokenizer, one.vocabulary)


@pytest.fixture(name="naming")
def _naming(words):
    torch.manual_seed(0)
    return Naming(config(**NAMES), words)


@pytest.fixture(name="finder")
def _finder():
    torch.manual_seed(0)
    return Finder(16)


def of_animals(species: list[int], deeds: list[int], there: int = 4) -> Prefix:
    """A prefix of one token, animals in directions of their own, and a self; all do the same all the time."""
    vectors = torch.nn.functional.pad(torch.eye(16)[None, : len(species)], (0, 0, 1, 1))
    shown = Shown(
        species=torch.tensor([species]),
        deeds=torch.tensor([[deeds] * 3]),
        there=torch.tensor([[row < there for row in range(len(species))]]),
    )
    return Prefix(vectors=vectors, bias=torch.zeros(*vectors.shape[:2], 1), animals=1, shown=shown)


@torch.no_grad()
def found_by(finder: Finder, naming: Naming, words: Words, text: str, prefix: Prefix) -> torch.Tensor:
    """What each head finds of each animal, and of how many the text is told."""
    pieces = torch.tensor(words.encode(text), dtype=torch.long)
    finder.told.weight.copy_(torch.eye(16, 64))  # what the first head found
    finder.numbers.zero_()
    none = torch.zeros(1, dtype=torch.long)
    return finder(pieces, torch.zeros_like(pieces), none, prefix, naming)[0, :4]


def test_a_question_finds_who_is_and_does_what_it_asks_for(finder, naming, words):
    prefix = of_animals([1, 1, 2, 2], [MOVE, REST, MOVE, REST])
    found = found_by(finder, naming, words, "How many wild dogs run away?", prefix)
    assert found.argmax() == 2
    assert found[2] > 0.8 > 4 * found[[0, 1, 3]].max()


def test_rows_without_an_animal_are_not_found(finder, naming, words):
    prefix = of_animals([2, 2, 2, 2], [MOVE] * 4, there=2)
    found = found_by(finder, naming, words, "How many wild dogs run away?", prefix)
    assert found[:2].min() > 0.4
    assert not found[2:].any()


@torch.no_grad()
def test_how_many_are_found_is_told(finder, naming, words):
    finder.told.weight.zero_()
    pieces = torch.tensor(words.encode("How many wild dogs run away?"))
    nothing = torch.zeros(1, dtype=torch.long)
    told = [
        finder(pieces, torch.zeros_like(pieces), nothing, of_animals([2] * many + [1] * (4 - many), [MOVE] * 4), naming)
        for many in (1, 2, 4)
    ]
    assert min((one - other).norm() for one, other in pairwise(told)) > 0.05


@torch.no_grad()
def test_who_asks_nothing_or_knows_no_animals_finds_nothing(finder, naming):
    prefix, nothing = of_animals([1] * 4, [MOVE] * 4), torch.zeros(0, dtype=torch.long)
    first = torch.zeros(1, dtype=torch.long)
    assert not finder(nothing, nothing, first, prefix, naming).any()
    blind = replace(prefix, animals=None, shown=None)
    assert not finder(first, first, first, blind, naming).any()


def test_a_question_lies_between_its_marks(words):
    prompt = question("How many run?", words)
    assert [prompt[place] for place in asking((*prompt, 9, 9))] == words.encode("How many run?")
    assert [*asking((2, 7, 8))] == []
    assert [*asking(())] == []


def test_whom_to_look_for_is_learned_from_answers_and_used_to_give_them():
    torch.manual_seed(0)
    one = MultimodalModel(config(sense_dropout=0.0, **NAMES))
    one.loss(perceived_clip(asked=True), torch.Generator().manual_seed(0)).terms["language"].backward()
    assert all(part.grad is not None and part.grad.any() for part in one.finder.parameters())
    one = model(**NAMES)
    seen = perceived(one, perceived_clip())
    assert len(answer(one, seen, ["How many?"] * 4)) == 4
    (before, *_), _ = (score_choices(one, seen, ["How many wild dogs run away?"] * 4, [("One",)] * 4) for _ in range(2))
    with torch.no_grad():
        one.finder.counts.zero_()
    after, *_ = score_choices(one, seen, ["How many wild dogs run away?"] * 4, [("One",)] * 4)
    assert before.item() != after.item()

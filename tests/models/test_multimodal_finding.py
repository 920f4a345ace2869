"""Questions find the animals that they are about, before anything is learned and by any words."""

from dataclasses import replace

import pytest
import torch
from five_senses import config, model, perceived_clip

from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.answering import answer, likelihoods, perceived
from eco1.models.multimodal.finding import Finder
from eco1.models.multimodal.prefix import Prefix
from eco1.models.multimodal.telling import asking, question

WIDTH = 64


@pytest.fixture(name="words")
def _words():
    """Eight words, in directions of their own."""
    return torch.linalg.qr(torch.randn(WIDTH, WIDTH, generator=torch.Generator().manual_seed(0)))[0][:8]


@pytest.fixture(name="finder")
def _finder():
    torch.manual_seed(0)
    return Finder(WIDTH)


def of_animals(names: torch.Tensor, there: torch.Tensor) -> Prefix:
    """A prefix of one token and animals that are their names, behind it a self."""
    vectors = torch.nn.functional.pad(names, (0, 0, 1, 1))
    return Prefix(vectors=vectors, bias=torch.zeros(*vectors.shape[:2], 1), animals=1, names=names, there=there)


@torch.no_grad()
def test_before_it_has_learned_anything_a_question_finds_whom_its_words_are_part_of(words, finder):
    walkers, sleepers = words[0] + words[2], words[1] + words[3]
    prefix = of_animals(torch.stack([walkers, sleepers, sleepers, walkers])[None], torch.ones(1, 4, dtype=torch.bool))
    asked, clip = torch.stack([words[0], words[5], words[1], words[6]]), torch.zeros(2, dtype=torch.long)
    found = finder(finder.gist(asked, torch.tensor([0, 0, 1, 1]), 2), clip, prefix)
    like = torch.cosine_similarity(found[:, None], torch.stack([walkers, sleepers]), dim=-1)
    assert like[0, 0] > like[0, 1] + 0.3
    assert like[1, 1] > like[1, 0] + 0.3


@torch.no_grad()
def test_more_animals_found_tell_more_and_rows_without_one_tell_nothing(words, finder):
    names = (words[0] + words[2]).expand(3, 4, -1)
    there = torch.tensor([[True, False, False, False], [True, True, True, True], [False] * 4])
    prefix = of_animals(names, there)
    gist = finder.gist(words[[0, 0, 0]], torch.arange(3), 3)
    one, four, nobody = finder(gist, torch.arange(3), prefix)
    assert (one - four).norm() > 0.01
    assert not nobody.any()
    alone = finder(gist[:1], torch.zeros(1, dtype=torch.long), prefix)
    assert torch.allclose(alone[0], one, atol=1e-6), "each clip has its own animals"


@torch.no_grad()
def test_who_asks_nothing_or_knows_no_animals_finds_nothing(words, finder):
    prefix = of_animals(words[None, :4], torch.ones(1, 4, dtype=torch.bool))
    nothing = finder.gist(words[:0], torch.zeros(0, dtype=torch.long), 1)
    assert not finder(nothing, torch.zeros(1, dtype=torch.long), prefix).any()
    gist = finder.gist(words[:1], torch.zeros(1, dtype=torch.long), 1)
    assert not finder(gist, torch.zeros(1, dtype=torch.long), replace(prefix, animals=None)).any()


def test_a_question_lies_between_its_marks():
    one = model()
    prompt = question("How many walk?", one.words)
    assert [prompt[place] for place in asking((*prompt, 9, 9))] == one.words.encode("How many walk?")
    assert [*asking((2, 7, 8))] == []
    assert [*asking(())] == []


def test_what_is_asked_of_whom_is_learned_from_answers_alone():
    torch.manual_seed(0)
    one = MultimodalModel(config(sense_dropout=0.0))
    one.loss(perceived_clip(asked=True), torch.Generator().manual_seed(0)).terms["language"].backward()
    assert all(part.grad is not None and part.grad.any() for part in one.finder.parameters())
    one.eval()
    seen = perceived(one, perceived_clip())
    assert len(answer(one, seen, ["How many?"] * 4)) == 4
    assert likelihoods(one, seen, ["How many?"] * 4, [("One",)] * 4)[0].isfinite()

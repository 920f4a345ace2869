"""Choices are weighed by what they say and by what is seen of whom they name."""

import pytest
import torch
from five_senses import config, model, perceived_clip

from eco1.core.senses import Question
from eco1.models.multimodal import MultimodalModel
from eco1.models.multimodal.answering import perceived, score_choices
from eco1.models.multimodal.clues import Clues, Likeness
from eco1.models.multimodal.lessons import lay_out
from eco1.models.multimodal.naming import Shown
from eco1.models.multimodal.telling import Told, choices_of

FRAMES, MOMENTS, ANIMALS, WIDTH = 8, 2, 4, 3
TWO = lay_out([[Told(prompt=(3, 9, 4), answer=(6, 1), wrong=((5, 1),))]], ANIMALS, torch.device("cpu"))


def like(*rows: dict[int, range]) -> Likeness:
    """Texts that name some animals, each of which does what the text says in some frames."""
    who, does = torch.zeros(len(rows), ANIMALS), torch.zeros(len(rows), FRAMES, ANIMALS)
    for text, row in enumerate(rows):
        for animal, frames in row.items():
            who[text, animal] = 1.0
            does[text, list(frames), animal] = 1.0
    return Likeness(who=who, does=does, deeds=torch.eye(len(rows), 3))


def clues_of(asked: Likeness, offered: Likeness, position_m: torch.Tensor | None = None) -> dict[str, torch.Tensor]:
    """What two choices are told: whom the question finds, what is seen when, how soon, how much, how near."""
    clues = Clues(MOMENTS, FRAMES, WIDTH)
    shown = Shown(
        species=torch.zeros(1, ANIMALS, dtype=torch.long),
        deeds=torch.zeros(1, FRAMES, ANIMALS, dtype=torch.long),
        there=torch.tensor([[True, True, True, False]]),
    )
    latent = torch.arange(1.0, ANIMALS + 1)[:, None].expand(1, MOMENTS, ANIMALS, WIDTH)
    place = torch.zeros(1, MOMENTS, ANIMALS, 3) if position_m is None else position_m
    ahead = torch.tensor([-1.0, -2.0, -3.0]).expand(1, ANIMALS, 3)
    found = clues(asked, offered, TWO, shown, latent, place, ahead).detach()
    assert found.shape == (2, clues.width)
    assert torch.equal(clues.of_found(found).flatten(1), found[:, : 2 * WIDTH])
    sizes = (2 * WIDTH, 5 * FRAMES, 5, 5, 4 * MOMENTS, 1)
    return dict(zip(("told", "when", "begins", "many", "near", "ahead"), found.split(sizes, dim=1), strict=True))


def test_whom_a_question_finds_doing_what_it_says_is_told():
    found = clues_of(like({1: range(8), 2: range(0)}), like({}, {}))["told"]
    assert found[0, :WIDTH].tolist() == pytest.approx([2.0] * WIDTH, rel=0.1)
    assert torch.equal(found[0], found[1])


def test_a_choice_is_told_when_what_it_says_is_seen_and_how_soon_that_begins():
    clues = clues_of(like({}), like({0: range(2, 5)}, {1: range(6, 8)}))
    when = clues["when"].unflatten(1, (5, FRAMES))[:, 2]  # who does it, by the choice alone
    assert (when > 0.5).tolist() == [[k in range(2, 5) for k in range(8)], [k in range(6, 8) for k in range(8)]]
    assert clues["begins"][:, 2].tolist() == pytest.approx([2 / 8, 6 / 8], abs=0.05)


def test_whoever_a_choice_names_doing_what_is_asked_is_seen():
    does = like({0: range(8), 1: range(0)})
    does.who.zero_()  # the question names nobody
    when = clues_of(does, like({0: range(0)}, {1: range(0)}))["when"].unflatten(1, (5, FRAMES))[:, 4]
    assert when[0].min() > 0.5 > 0.2 > when[1].max()


def test_nearer_is_told_from_farther_and_nobody_is_near_to_itself():
    place = torch.tensor([[0.0, 0, 0], [5, 0, 0], [0, 300, 0], [1, 0, 0]]).expand(1, MOMENTS, ANIMALS, 3)
    near = clues_of(like({0: range(8)}), like({1: range(8)}, {2: range(8)}), place)["near"]
    assert near[0].mean() > near[1].mean() + 0.3
    alone = clues_of(like({0: range(8)}), like({0: range(8)}, {3: range(8)}), place)["near"]
    assert alone[0].max() < 0.15
    assert alone[1].max() < 0.01  # the last row is empty


def test_what_the_animal_asked_about_is_foreseen_to_do_speaks_for_a_choice():
    ahead = clues_of(like({0: range(8)}), like({}, {}))["ahead"]
    assert ahead[:, 0].tolist() == pytest.approx([-1.0, -2.0], rel=0.15)
    assert not clues_of(like({0: range(4)}), like({}, {}))["ahead"].round().any()  # it does so no longer


def test_a_choice_gains_by_its_weight_and_all_that_weighs_is_learned():
    torch.manual_seed(0)
    one = MultimodalModel(config(sense_dropout=0.0))
    for layer in (one.weigher.weight, one.weigher.of_words):  # which begin at 0
        torch.nn.init.normal_(layer.weight)
    one.loss(perceived_clip(asked=True), torch.Generator().manual_seed(0)).terms["language"].backward()
    assert all(part.grad is not None and part.grad.any() for part in one.weigher.parameters())


def test_without_animals_choices_are_weighed_by_their_words():
    one = model()
    with torch.no_grad():
        torch.nn.init.normal_(one.weigher.weight.weight)
    seen = perceived(one, perceived_clip(), ("video",))
    before = score_choices(one, seen, ["How many?"] * 4, [("One", "Two")] * 4)
    assert all(each.isfinite().all() for each in before)
    with torch.no_grad():
        one.weigher.weight.weight.zero_()
    after = score_choices(one, seen, ["How many?"] * 4, [("One", "Two")] * 4)
    assert not torch.allclose(before[0] - after[0], (before[0] - after[0]).mean())


def test_a_question_with_its_choices_is_told_with_the_right_one_first():
    one = model()
    asked = Question(kind="count", start_s=0, end_s=1, question="How many?", answer="Two", choices=("One", "Two"))
    told = choices_of(asked.question, ["Two", "One"], one.words)
    assert one.words.decode(told.answer) == asked.answer
    assert [one.words.decode(wrong) for wrong in told.wrong] == ["One"]

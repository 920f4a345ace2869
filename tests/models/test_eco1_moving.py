"""How steps are spread, and how often behaviours begin."""

import math

import numpy as np
import pytest
import torch
from tests.models.tiny_eco1 import clip_of, tiny

from eco1.models.multimodal.behavior import NextAction
from eco1.models.multimodal.following import Following, move_loss
from eco1.models.multimodal.steps import Moves, Steps


def mixture(rows: int = 1) -> Moves:
    """Return moves of which a fifth stands, a quarter goes slowly ahead and up, and the rest quickly to the left."""
    return Moves(
        stands=torch.tensor(0.2).logit().expand(rows),
        logits=torch.tensor([0.25, 0.75]).log().expand(rows, 2),
        mean=torch.tensor([[1.0, 0.0, 0.5], [2.0, 3.0, 0.0]]).expand(rows, 2, 3),
        scale=torch.tensor([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]]).expand(rows, 2, 3),
    )


def test_densities_are_those_of_the_mixture():
    highest = 1 / (np.sqrt(2 * np.pi) ** 3 * 0.1 * 0.2 * 0.3)
    stands = torch.tensor([False])
    for way, density in (
        ([2.0, 3.0, 0.0], 0.75 * highest),
        ([2.0, 3.0 - 2 * np.pi + 0.2, 0.0], 0.75 * highest * np.exp(-0.5)),  # a turn by 2 pi is none
        ([1.1, 0.2, 0.2], 0.25 * highest * np.exp(-1.5)),
    ):
        found = mixture().log_density(Steps(way=torch.tensor([way], dtype=torch.float32), stands=stands)).exp()
        assert found.item() == pytest.approx(0.8 * density, rel=1e-4)
    stood = Steps(way=torch.zeros(1, 3), stands=~stands)
    assert mixture().log_density(stood).exp().item() == pytest.approx(0.2, rel=1e-5)


def test_steps_are_drawn_as_they_are_spread():
    drawn = mixture(4000).drawn(torch.Generator().manual_seed(0))
    assert drawn.stands.float().mean().item() == pytest.approx(0.2, abs=0.03)
    assert not drawn.way[drawn.stands].any()
    way = drawn.way[~drawn.stands]
    left = way[:, 0] > 1.5
    assert left.float().mean().item() == pytest.approx(0.75, abs=0.03)
    off = way[left] - torch.tensor([2.0, 3.0, 0.0])
    torch.testing.assert_close(off.std(0), torch.tensor([0.1, 0.2, 0.3]), rtol=0.1, atol=0)
    torch.testing.assert_close(off.mean(0), torch.zeros(3), rtol=0, atol=0.03)
    likeliest = mixture().drawn(None)
    assert likeliest.way.tolist() == [[2.0, 3.0, 0.0]]
    assert not likeliest.stands.any()


def test_nobody_goes_backwards_and_whoever_hardly_moves_stands():
    steps = Steps.of(torch.tensor([[-0.5, 1.0, 0.0], [-0.5, 1.0, 0.2], [0.009, 1.0, 0.0]]), torch.zeros(3).bool())
    assert steps.stands.tolist() == [True, False, True]
    torch.testing.assert_close(steps.way, torch.tensor([[0.0, 0.0, 0.0], [0.0, 1.0, 0.2], [0.0, 0.0, 0.0]]))


def test_it_learns_two_ways_of_moving_that_depend_on_what_is_done_and_changes_no_latent():
    model = tiny()
    head = model.action.moves
    latent = torch.zeros(64, 5, model.config.language_width, requires_grad=True)
    deed = torch.tensor([0, 1]).repeat(64, 3)[:, :5]
    side = torch.where(torch.arange(64) % 2 == 0, 1.0, -1.0)[:, None]
    noise = 0.1 * torch.randn(64, 5, 2, 3, generator=torch.Generator().manual_seed(2))
    first = torch.stack([2.0 * deed, side * deed, torch.zeros(64, 5)], -1)
    way = torch.stack([first, first * torch.tensor([0.5, 1.0, 1.0])], 2) + noise  # half as quickly in the second frame
    stands = (deed == 0)[..., None].expand(-1, -1, 2)
    steps = Steps.of(way, stands)
    known = torch.ones(64, 5, dtype=torch.bool)
    truth = Following(now=deed, behavior=deed, velocity=first, steps=steps, known=known)
    learner = torch.optim.Adam(head.parameters(), lr=3e-3)
    torch.manual_seed(0)
    for _ in range(500):
        told = head.told(latent, None)
        loss = move_loss(head, NextAction(behavior=torch.zeros(64, 5, 2), velocity=first, told=told), truth)
        learner.zero_grad()
        loss.backward()
        learner.step()
    assert latent.grad is None
    drawn = head.drawn(head.told(latent, None), deed, torch.Generator().manual_seed(1))
    moving, still = drawn.way[deed == 1], drawn.stands[deed == 0]
    assert still.float().mean() > 0.95
    assert drawn.stands[deed == 1].float().mean() < 0.05
    assert moving[:, 0, 0].median().item() == pytest.approx(2.0, abs=0.2)
    assert moving[:, 1, 0].median().item() == pytest.approx(1.0, abs=0.2)
    assert (moving[..., 1].abs() - 1).abs().median() < 0.2
    assert (moving[:, 0, 1] * moving[:, 1, 1] > 0).float().mean() > 0.9  # on to the same side
    assert 0.3 < (moving[:, 0, 1] > 0).float().mean() < 0.7


def test_each_step_keeps_a_share_of_the_one_before():
    model, clip = tiny(), clip_of(6)
    head = model.action.moves
    with torch.no_grad():
        head.out.weight.zero_()
        head.out.bias.zero_()  # so that half is kept
        guess = model.expected(model.perceive(model.inputs_of(clip, senses=("motion",)), 2))
        blind = model.expected(model.perceive(model.inputs_of(clip, senses=("video",)), 2))
    now = clip.observation[:, 3]  # the last frame of the second moment
    speed = np.linalg.norm(now.velocity_mps[..., :2], axis=-1) / now.body_length_m
    expected = torch.as_tensor(np.arcsinh(speed))
    for told, first in ((guess.animals.told, expected), (guess.itself.told, expected[:, 1])):
        steps = head.drawn(told, torch.zeros(told.features.shape[:-1], dtype=torch.long), None)
        torch.testing.assert_close(steps.way[..., 0], torch.stack([first / 2, first / 4], -1), rtol=0, atol=1e-5)
    assert not blind.itself.told.now.way.any()


def test_beginnings_are_expected_as_often_as_they_come():
    head = tiny().action
    logits = torch.tensor([[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]])
    now = torch.tensor([0, 1, -1])
    assert torch.equal(head.as_often(logits, now), logits)  # nothing was counted yet
    known = torch.ones(3, 40, dtype=torch.bool)
    begins = torch.arange(40).expand(3, 40) < 4
    head.take_note(known, begins)
    lowered = math.log(11)  # one in ten begins; each of them counted 1 + 10 times as much as one that goes on
    expected = torch.tensor([[0.0, 1.0 - lowered], [-lowered, 1.0], [0.0, 1.0]])
    torch.testing.assert_close(head.as_often(logits, now), expected)


def test_only_training_counts():
    model, clip = tiny(), clip_of(6)
    model.train()
    with torch.no_grad():
        for seed in range(8):  # some see all moments, and nothing follows
            model.loss(clip, torch.Generator().manual_seed(seed))
        counted = model.action.met.clone()
        assert counted[0] > 0
        model.eval()
        for seed in range(8):
            model.loss(clip, torch.Generator().manual_seed(seed))
    assert torch.equal(model.action.met, counted)

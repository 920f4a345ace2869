"""How velocities are spread, how often behaviours begin, and how paths bend."""

import math

import numpy as np
import pytest
import torch
from tests.models.tiny_eco1 import clip_of, tiny

from eco1.brains.wishing import bends, bent
from eco1.models.multimodal.behavior import NextAction
from eco1.models.multimodal.following import Following, move_loss
from eco1.models.multimodal.moving import Moves


def test_densities_are_those_of_the_mixture():
    moves = Moves(
        stands=torch.tensor(0.2).logit(),
        logits=torch.tensor([0.25, 0.75]).log(),
        mean=torch.tensor([[0.0, 0.0, 0.0], [1.0, 2.0, 3.0]]),
        scale=torch.full((2, 3), 0.5),
    )
    at = torch.tensor([1.0, 2.0, 3.0])
    expected = 0.75 + 0.25 * np.exp(-(1 + 2 + 3) / 0.5)  # a Laplace density of scale 1/2 is 1 at its mean
    assert moves.log_density(at, torch.tensor(False)).exp().item() == pytest.approx(0.8 * expected, rel=1e-5)
    assert moves.log_density(at, torch.tensor(True)).exp().item() == pytest.approx(0.2, rel=1e-5)


def test_velocities_are_drawn_as_they_are_spread():
    moves = Moves(
        stands=torch.tensor(0.2).logit().expand(4000),
        logits=torch.tensor([0.25, 0.75]).log().expand(4000, 2),
        mean=torch.tensor([[-5.0, 0.0, 0.0], [5.0, 1.0, 0.0]]).expand(4000, 2, 3),
        scale=torch.tensor([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]]).expand(4000, 2, 3),
    )
    drawn = moves.drawn(torch.Generator().manual_seed(0))
    stand = (drawn == 0).all(-1)
    assert stand.float().mean().item() == pytest.approx(0.2, abs=0.03)
    drawn = drawn[~stand]
    right = drawn[:, 0] > 0
    assert right.float().mean().item() == pytest.approx(0.75, abs=0.03)
    off = drawn[right] - torch.tensor([5.0, 1.0, 0.0])
    torch.testing.assert_close(off.abs().mean(0), torch.tensor([0.1, 0.2, 0.3]), rtol=0.1, atol=0)
    torch.testing.assert_close(off.mean(0), torch.zeros(3), rtol=0, atol=0.03)


def test_it_learns_two_ways_of_moving_that_depend_on_what_is_done_and_changes_no_latent():
    model = tiny()
    head = model.action.moves
    latent = torch.zeros(64, 5, model.config.language_width, requires_grad=True)
    deed = torch.tensor([0, 1]).repeat(64, 3)[:, :5]
    side = torch.where(torch.arange(64) % 2 == 0, 1.0, -1.0)[:, None]
    noise = 0.1 * torch.randn(64, 5, 3, generator=torch.Generator().manual_seed(2))
    velocity = torch.stack([2.0 * deed, side * deed, torch.zeros(64, 5)], -1) + noise
    known = torch.ones(64, 5, dtype=torch.bool)
    truth = Following(now=deed, behavior=deed, velocity=velocity, stands=deed == 0, known=known)
    learner = torch.optim.Adam(head.parameters(), lr=3e-3)
    torch.manual_seed(0)
    for _ in range(500):
        told = head.told(latent, None)
        loss = move_loss(head, NextAction(behavior=torch.zeros(64, 5, 2), velocity=velocity, told=told), truth)
        learner.zero_grad()
        loss.backward()
        learner.step()
    assert latent.grad is None
    drawn = head(head.told(latent, None), deed).drawn(torch.Generator().manual_seed(1))
    moving, still = drawn[deed == 1], drawn[deed == 0]
    assert (still == 0).all(-1).float().mean() > 0.95
    assert (moving == 0).all(-1).float().mean() < 0.05
    assert moving[:, 0].median().item() == pytest.approx(2.0, abs=0.2)
    assert (moving[:, 1].abs() - 1).abs().median() < 0.2
    assert 0.3 < (moving[:, 1] > 0).float().mean() < 0.7


def test_velocities_are_told_as_changes_where_they_are_known():
    model, clip = tiny(), clip_of(6)
    with torch.no_grad():
        model.action.moves.out.weight.zero_()
        model.action.moves.out.bias.zero_()
        guess = model.expected(model.perceive(model.inputs_of(clip, senses=("motion",)), 2))
        blind = model.expected(model.perceive(model.inputs_of(clip, senses=("video",)), 2))
    now = clip.observation[:, 3]  # the last frame of the second moment
    ahead, left = (now.velocity_mps[..., :2] * axis for axis in _axes(now.heading_rad))
    body = np.stack([ahead.sum(-1), left.sum(-1), now.velocity_mps[..., 2]], -1)
    for told, velocity in ((guess.animals.told, body), (guess.itself.told, body[:, 1])):
        moves = model.action.moves(told, torch.zeros(told.features.shape[:-1], dtype=torch.long))
        expected = torch.as_tensor(np.arcsinh(velocity / 0.5))[..., None, :]
        torch.testing.assert_close(moves.mean, expected.expand_as(moves.mean), rtol=0, atol=1e-5)
    assert not blind.itself.told.velocity.any()


def _axes(heading: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    cos, sin = np.cos(heading), np.sin(heading)
    return np.stack([cos, sin], -1), np.stack([-sin, cos], -1)


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


def test_paths_bend_about_their_mean():
    velocity = np.array([[[0.0, 2.0, 0.5], [1.0, 0.0, 0.0]]], np.float32)
    heading = np.array([[np.pi / 2 - 0.2, np.pi]], np.float32)
    bend = bends(velocity, heading)
    assert np.allclose(np.abs(bend), [[0.2, 0.5]], atol=1e-6)
    start = bent(velocity, bend, 0.0)[0, 0]
    assert np.allclose(np.arctan2(start[1], start[0]), heading[0, 0], atol=1e-6)  # from where it faces
    mean = np.mean([bent(velocity, bend, share) for share in (0.125, 0.375, 0.625, 0.875)], 0)
    assert np.allclose(mean[0, :, 2], velocity[0, :, 2])
    assert np.allclose(
        np.arctan2(mean[..., 1], mean[..., 0]), np.arctan2(velocity[..., 1], velocity[..., 0]), atol=1e-6
    )

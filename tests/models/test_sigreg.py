"""SIGReg, alone and on several ranks."""

import pytest
import torch
from tests.training.ranks import on_ranks
from torch import distributed

from eco1.models.nn.sigreg import sigreg, sigreg_of_some

WHOLE = torch.randn(32, 8, generator=torch.Generator().manual_seed(0))


def test_gaussian_latents_score_low_and_collapsed_ones_high():
    torch.manual_seed(0)
    latents = torch.randn(512, 16)
    gaussian, narrow = sigreg(latents), sigreg(0.1 * latents)
    assert gaussian < 2.0
    assert narrow > 50 * gaussian
    assert sigreg(latents @ torch.randn(16, 1) @ torch.randn(1, 16)) > 5 * gaussian, "one direction is not all"


def test_its_gradient_spreads_what_has_collapsed():
    torch.manual_seed(0)
    latents = (0.05 * torch.randn(256, 8)).requires_grad_()
    optimizer = torch.optim.Adam([latents], 0.05)
    for step in range(150):
        optimizer.zero_grad()
        sigreg(latents, torch.Generator().manual_seed(step), 64).backward()
        optimizer.step()
    assert (latents.std(0) - 1.0).abs().max() < 0.25


def test_of_many_latents_some_are_drawn_and_drawn_again_by_the_same_generator():
    torch.manual_seed(0)
    many = 0.1 * torch.randn(2048, 8)
    first, again = (sigreg_of_some(many, torch.Generator().manual_seed(1), 64) for _ in range(2))
    other = sigreg_of_some(many, torch.Generator().manual_seed(2), 64)
    assert first == again != other
    assert first == pytest.approx(float(sigreg(many)) * 64 / 2048, rel=0.2), "it grows with the number of latents"
    assert sigreg_of_some(many[:10]).isfinite()


def split_between_ranks(_folder):
    """What one rank of two finds; gradients are halved, as averaging over ranks would."""
    mine = WHOLE.chunk(2)[distributed.get_rank()].clone().requires_grad_()
    loss = sigreg(mine, torch.Generator().manual_seed(0))
    loss.backward()
    return {"loss": loss.item(), "gradient": mine.grad / 2}


@pytest.mark.slow
def test_two_ranks_give_the_gradients_of_one(tmp_path):
    alone = WHOLE.clone().requires_grad_()
    loss = sigreg(alone, torch.Generator().manual_seed(0))
    loss.backward()
    for found, gradient in zip(on_ranks(split_between_ranks, tmp_path), alone.grad.chunk(2), strict=True):
        assert found["loss"] == pytest.approx(loss.item(), abs=1e-6)
        assert torch.allclose(found["gradient"], gradient, atol=1e-7)

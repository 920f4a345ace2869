"""Matrices laid out for the CPU: the same products, in place of the layers that were there."""

import pytest
import torch
from torch import nn

from eco1.models.nn.moe import Experts
from eco1.models.nn.prepacked import PrepackedExperts, PrepackedLinear, can_prepack, prepacked
from eco1.models.nn.storing import stored_in_bfloat16

pytestmark = pytest.mark.skipif(not can_prepack(torch.device("cpu")), reason="this build of torch has no such products")


class Layers(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear, self.bare = nn.Linear(64, 96), nn.Linear(96, 64, bias=False)
        self.experts = Experts(64, 32, 4, 2)

    def forward(self, x):
        return self.experts(self.bare(self.linear(x)))[0]


@torch.no_grad()
@pytest.mark.parametrize("rows", [1, 7, 64, 200])
def test_what_is_laid_out_gives_what_it_gave_before(rows):
    torch.manual_seed(0)
    stored, x = stored_in_bfloat16(Layers()), torch.randn(rows, 64)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        before = stored(x)
        after = prepacked(stored)(x)
    assert isinstance(stored.linear, PrepackedLinear)
    assert isinstance(stored.experts, PrepackedExperts)
    assert after.dtype == before.dtype
    torch.testing.assert_close(after, before, rtol=0.02, atol=0.02)


def test_what_is_not_stored_in_bfloat16_stays():
    layers = prepacked(Layers())
    assert type(layers.linear) is nn.Linear
    assert type(layers.experts) is Experts


def test_settings_and_matrices_stay():
    stored = stored_in_bfloat16(Layers())
    before = {name: weight.clone() for name, weight in stored.state_dict().items()}
    stored.experts.capacity_factor = 3.0
    laid_out = prepacked(stored)
    assert laid_out.experts.capacity_factor == 3.0
    assert laid_out.state_dict().keys() == before.keys()
    assert all(torch.equal(weight, before[name]) for name, weight in laid_out.state_dict().items())

"""Texts read behind one trunk are what they are when each is read behind it alone."""

import pytest
import torch
from qwen3_models import EXPERTS, tiny

from eco1.core.errors import ConfigError
from eco1.models.nn.qwen3 import Branches


def test_positions_go_on_behind_the_trunk_and_branches_are_blind_to_each_other():
    branches = Branches(torch.tensor([[0, 0, 1, 1, 2, -1], [0, 1, 2, 2, 2, 3]]))
    assert branches.position.tolist() == [[0, 1, 2, 3, 2, 2], [0, 1, 1, 2, 3, 1]]
    seen = branches.may_see[0, 0].int().tolist()
    assert seen == [
        [1, 0, 0, 0, 0, 0],
        [1, 1, 0, 0, 0, 0],
        [1, 1, 1, 0, 0, 0],
        [1, 1, 1, 1, 0, 0],
        [1, 1, 0, 0, 1, 0],
        [1, 1, 0, 0, 0, 1],
    ]


@pytest.mark.parametrize("experts", [{}, EXPERTS])
def test_reading_together_is_reading_alone(experts):
    model = tiny(**experts)
    words = torch.randint(0, model.config.vocabulary, (2, 11), generator=torch.Generator().manual_seed(0))
    number = torch.tensor([[0] * 4 + [1] * 3 + [2] * 4, [0] * 4 + [1] * 2 + [2] * 3 + [-1] * 2])
    together = model.read(words, branches=Branches(number)).latent
    for row in range(2):
        for branch in (1, 2):
            chosen = (number[row] == 0) | (number[row] == branch)
            alone = model.read(words[row : row + 1, chosen]).latent[0]
            assert torch.allclose(together[row, chosen], alone, atol=1e-5)


def test_branches_and_a_cache_do_not_go_together():
    model, words = tiny(), torch.zeros(1, 2, dtype=torch.long)
    with torch.no_grad(), pytest.raises(ConfigError, match="without a cache"):
        model.read(words, model.new_cache(), branches=Branches(words))


def test_bfloat16_learns_from_branches_as_float32_does():
    gradients = []
    for low in (False, True):
        torch.manual_seed(0)
        model = tiny()
        with torch.autocast("cpu", torch.bfloat16, enabled=low):
            found = model.read(torch.arange(6)[None], branches=Branches(torch.tensor([[0, 0, 1, 1, 2, 2]]))).latent
        weight = torch.randn(found.shape, generator=torch.Generator().manual_seed(1))
        (found.float() * weight).sum().backward()
        gradients.append(model.embedding.weight.grad.flatten())
    assert torch.nn.functional.cosine_similarity(*gradients, dim=0) > 0.99

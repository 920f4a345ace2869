"""How many directions are in use."""

import pytest
import torch

from eco1.models.nn.rank import collapse_monitors, effective_rank, some_of


def test_the_rank_counts_directions():
    torch.manual_seed(0)
    assert effective_rank(torch.randn(4000, 8)) == pytest.approx(8.0, rel=0.02)
    assert effective_rank(torch.randn(4000, 2) @ torch.randn(2, 8)) < 2.1
    assert effective_rank(torch.zeros(0, 8)) == 0.0


@pytest.mark.parametrize("count", [4096, 7168, 8192, 10_000])
def test_rows_are_taken_from_every_column_of_a_grid(count):
    rows = some_of(torch.arange(count)[:, None].float(), 512)[:, 0].long()
    assert rows.unique().numel() == 512
    assert torch.bincount(rows % 8, minlength=8).min() > 40
    assert torch.bincount(rows * 16 // count, minlength=16).min() > 10
    few = torch.randn(5, 3)
    assert some_of(few, 512) is few


def test_monitors_tell_the_collapsed_from_the_living():
    torch.manual_seed(0)
    living, collapsed = collapse_monitors(torch.randn(3000, 8)), collapse_monitors(torch.ones(3000, 8))
    assert living["feature_std"] == pytest.approx(1.0, abs=0.05)
    assert living["effective_rank"] > 7.5
    assert collapsed["feature_std"] == 0.0
    assert collapsed["effective_rank"] < 1.01
    assert collapse_monitors(torch.ones(1, 8))["feature_std"] == 0.0

"""VICReg."""

import pytest
import torch

from eco1.models.nn.vicreg import covariance, invariance, variance


def test_terms_are_as_published():
    torch.manual_seed(0)
    independent = torch.randn(4000, 4)
    assert variance(independent) < 0.02
    assert variance(0.5 * independent) == pytest.approx(0.5, abs=0.02)
    assert variance(torch.ones(10, 4)) == pytest.approx(0.99)
    assert covariance(independent) < 0.01
    twins = torch.cat([independent[:, :2], independent[:, :2]], dim=1)
    assert covariance(twins) == pytest.approx(1.0, rel=0.1), "two pairs of twins, counted both ways, over four features"
    assert invariance(independent, independent + 2.0) == pytest.approx(4.0, rel=1e-4)

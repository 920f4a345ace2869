"""Moving pictures by a flow, and judging it."""

import pytest
import torch

from eco1.models.nn.flow import (
    FlowEstimator,
    Pyramid,
    correlation,
    edge_aware_smoothness,
    photometric_error,
    scaled_flow,
    warped,
)


def constant(right: float, down: float, rows: int = 8, columns: int = 10) -> torch.Tensor:
    return torch.tensor([right, down])[None, :, None, None].expand(1, 2, rows, columns)


def test_what_is_seen_moves_right_and_down():
    torch.manual_seed(0)
    before = torch.rand(1, 3, 8, 10)
    now = warped(before, constant(2.0, 1.0))
    assert torch.allclose(now[:, :, 1:, 2:], before[:, :, :-1, :-2], atol=1e-5)
    assert torch.allclose(now[:, :, 1:, 0], before[:, :, :-1, 0], atol=1e-5), "the border stands for what is outside"
    between = warped(before, constant(0.5, 0.0))
    assert torch.allclose(between[..., 1:], (before[..., 1:] + before[..., :-1]) / 2, atol=1e-5)
    assert torch.allclose(warped(before, constant(0.0, 0.0)), before, atol=1e-5)


def test_correlation_is_greatest_at_the_shift():
    torch.manual_seed(0)
    before = torch.nn.functional.normalize(torch.randn(1, 64, 8, 10), dim=1)
    now = warped(before, constant(2.0, -1.0))
    alike = correlation(now, before, 3)
    assert alike.shape == (1, 49, 8, 10)
    inside = alike[0, :, 3:-3, 3:-3].flatten(1).argmax(0)
    assert (inside == (3 + 1) * 7 + (3 - 2)).all(), "it was one further down and two further left"


def test_a_flow_on_a_finer_grid_counts_finer_pixels():
    finer = scaled_flow(constant(1.0, 2.0, rows=4, columns=4), 8, 12)
    assert torch.allclose(finer, constant(3.0, 4.0, rows=8, columns=12))


def test_the_error_falls_towards_the_true_flow():
    torch.manual_seed(0)
    before = torch.nn.functional.avg_pool2d(torch.rand(1, 3, 20, 22), 3, 1)
    now = warped(before, constant(2.0, 0.0, 18, 20))
    errors = [float(photometric_error(now, warped(before, constant(right, 0.0, 18, 20)))) for right in (0.0, 1.0, 2.0)]
    assert errors[0] > errors[1] > errors[2]
    assert errors[2] == pytest.approx(0.0, abs=1e-6)


def test_a_flow_may_change_at_edges():
    flow = torch.zeros(1, 2, 8, 8)
    flow[..., 4:] = 1.0
    edge, elsewhere = torch.zeros(1, 3, 8, 8), torch.zeros(1, 3, 8, 8)
    edge[..., 4:], elsewhere[..., 2:] = 1.0, 1.0
    assert edge_aware_smoothness(flow, edge) < 0.01 * edge_aware_smoothness(flow, elsewhere)
    assert edge_aware_smoothness(constant(3.0, 1.0, 8, 8), edge) == 0.0


def test_an_estimator_begins_with_no_motion_and_every_level_is_learned():
    torch.manual_seed(0)
    pyramid, estimator = Pyramid(3, (8, 12)), FlowEstimator((8, 12), 16, 2)
    before, now = pyramid(torch.rand(2, 3, 16, 24)), pyramid(torch.rand(2, 3, 16, 24))
    flows = estimator(before, now)
    assert [tuple(level.shape) for level in before] == [(2, 8, 8, 12), (2, 12, 4, 6)]
    assert [tuple(flow.shape) for flow in flows] == [(2, 2, 8, 12), (2, 2, 4, 6)]
    assert all((flow == 0).all() for flow in flows)
    flows[0].sum().backward()
    assert all(level[-1].weight.grad.abs().sum() > 0 for level in estimator.levels)

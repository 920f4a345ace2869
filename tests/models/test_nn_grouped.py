"""Products by stretches, the fused way and the loop, and the gradients that are written by hand."""

import pytest
import torch

from eco1.models.nn import grouped
from eco1.models.nn.grouped import grouped_product
from eco1.models.nn.moe import Experts
from eco1.models.nn.norm import rms_normalised
from eco1.models.nn.rope import rotate, rotation_at


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("ends", [[4, 4, 9, 10], [0, 0, 0, 10], [3, 5, 7, 7]])
def test_each_stretch_meets_its_own_matrix(fused: bool, ends: list[int], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(grouped, "_ALIGNED_BYTES", 16 if fused else 10**9)
    torch.manual_seed(0)
    line, matrices = torch.randn(ends[-1], 8, requires_grad=True), torch.randn(4, 8, 12, requires_grad=True)
    upstream = torch.randn(ends[-1], 12)
    owner = torch.searchsorted(torch.tensor(ends), torch.arange(ends[-1]), right=True)
    expected = torch.einsum("mi,mio->mo", line, matrices[owner])
    result = grouped_product(line, matrices, torch.tensor(ends))
    torch.testing.assert_close(result, expected, atol=1e-5, rtol=1e-4)
    ours = torch.autograd.grad(result, (line, matrices), upstream)
    theirs = torch.autograd.grad(expected, (line, matrices), upstream)
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("width", [8, 5])
def test_no_rows_are_a_product_too(width: int):
    result = grouped_product(torch.zeros(0, width), torch.ones(2, width, 3), torch.tensor([0, 0]))
    assert result.shape == (0, 3)


def test_autocast_reaches_the_fused_product():
    line, matrices = torch.randn(6, 8), torch.randn(2, 8, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        result = grouped_product(line, matrices, torch.tensor([2, 6]))
    assert result.dtype == torch.bfloat16
    torch.testing.assert_close(result[:2].float(), line[:2] @ matrices[0], atol=0.1, rtol=0.05)


def test_gradients_of_norm_and_rotation_are_right():
    torch.manual_seed(0)
    x, gain = torch.randn(2, 3, 5, 4, requires_grad=True), torch.rand(3, 1, 4, requires_grad=True)
    at, upstream = rotation_at(torch.arange(5), 4, 100.0), torch.randn(2, 3, 5, 4)

    def plain() -> torch.Tensor:
        normal = x * ((x * x).mean(-1, keepdim=True) + 1e-6).rsqrt() * gain
        first, second = normal.chunk(2, -1)
        return normal * at.cos + torch.cat([-second, first], -1) * at.sin

    result = rotate(rms_normalised(x, gain, 1e-6), at)
    torch.testing.assert_close(result, plain())
    ours = torch.autograd.grad(result, (x, gain), upstream)
    torch.testing.assert_close(ours, torch.autograd.grad(plain(), (x, gain), upstream), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("some", [True, False])
def test_stretches_that_are_filled_up_serve_the_same(some: bool, monkeypatch: pytest.MonkeyPatch):
    torch.manual_seed(0)
    layer = Experts(16, 8, 4, 2).to(torch.bfloat16)
    x = torch.randn(90, 16, dtype=torch.bfloat16, requires_grad=True)
    real = torch.rand(90) > 0.3 if some else None

    def served(rows: int) -> list[torch.Tensor]:
        monkeypatch.setattr(grouped, "_CPU_ROWS", rows)
        out, _ = layer(x, real=real)
        return [out, *torch.autograd.grad(out.float().square().sum(), (x, layer.gate_up, layer.down))]

    for filled, plain in zip(served(32), served(1), strict=True):
        torch.testing.assert_close(filled, plain, atol=0.02, rtol=0.02)
    if real is not None:
        assert served(32)[0][~real].abs().max() == 0

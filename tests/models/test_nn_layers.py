"""The shared layers against slow, plain versions of themselves."""

import math

import pytest
import torch

from eco1.models.nn.attention import CausalAttention, KeyValue, sliding_mask
from eco1.models.nn.mlp import SwiGLU
from eco1.models.nn.moe import Experts
from eco1.models.nn.norm import RMSNorm
from eco1.models.nn.rank import effective_rank
from eco1.models.nn.rope import Rotation, rotate, rotation_at

WIDTH, HEADS, KV_HEADS, HEAD_DIM, WINDOW = 24, 4, 2, 8, 5


def rotation_from(start: int, frames: int) -> Rotation:
    return rotation_at(torch.arange(start, start + frames), HEAD_DIM, 10_000.0)


def attention() -> CausalAttention:
    torch.manual_seed(0)
    layer = CausalAttention(WIDTH, HEADS, KV_HEADS, HEAD_DIM)
    torch.nn.init.uniform_(layer.query_norm.weight, 0.5, 1.5)
    torch.nn.init.uniform_(layer.key_norm.weight, 0.5, 1.5)
    return layer


def test_rms_norm_is_what_the_paper_says():
    torch.manual_seed(0)
    x, norm = torch.randn(3, 7) * 5, RMSNorm(7)
    torch.nn.init.uniform_(norm.weight)
    expected = torch.stack([row / math.sqrt((row**2).mean() + 1e-6) for row in x]) * norm.weight
    torch.testing.assert_close(norm(x), expected)


def test_rotary_products_depend_on_distance_only():
    q, k = torch.randn(HEAD_DIM), torch.randn(HEAD_DIM)

    def product(i: int, j: int) -> torch.Tensor:
        at = rotation_at(torch.tensor([i, j]), HEAD_DIM, 10_000.0)
        turned = rotate(torch.stack([q, k]), at)
        return turned[0] @ turned[1]

    torch.testing.assert_close(product(9, 4), product(5_000_009, 5_000_004), atol=1e-4, rtol=1e-4)
    assert abs(product(9, 4) - product(9, 5)) > 1e-3


def test_mask_looks_back_a_window_and_not_past_a_birth():
    age = torch.tensor([[0, 1, 2, 0, 1, 2]])
    mask = sliding_mask(age, 3, cached=0)[0]
    assert mask.sum(-1).tolist() == [1, 2, 3, 1, 2, 3]
    assert not mask[4, 2]
    cached = sliding_mask(torch.tensor([[1], [9]]), 3, cached=4)
    assert cached[0, 0].tolist() == [False, False, False, True, True]
    assert cached[1, 0].tolist() == [False, False, True, True, True]


def test_attention_equals_a_plain_loop():
    layer, x = attention(), torch.randn(2, 7, WIDTH)
    allowed = sliding_mask(torch.arange(7).expand(2, 7), WINDOW, 0)
    result, _ = layer(x, rotation_from(3, 7), allowed, None, 0)
    parts = layer.qkv(x).view(2, 7, HEADS + 2 * KV_HEADS, HEAD_DIM)
    at = rotation_from(3, 7)
    for m in range(2):
        heads = []
        for h in range(HEADS):
            group = h // (HEADS // KV_HEADS)
            q = rotate(layer.query_norm(parts[m, :, h]), at)
            k = rotate(layer.key_norm(parts[m, :, HEADS + group]), at)
            v = parts[m, :, HEADS + KV_HEADS + group]
            logits = (q @ k.T / math.sqrt(HEAD_DIM)).masked_fill(~allowed[m], -torch.inf)
            heads.append(logits.softmax(-1) @ v)
        torch.testing.assert_close(result[m], layer.out(torch.cat(heads, -1)), atol=1e-5, rtol=1e-4)


def test_cached_attention_equals_the_whole_pass():
    layer, x = attention(), torch.randn(2, 12, WIDTH)
    age = torch.tensor([list(range(12)), [0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4]])
    whole, _ = layer(x, rotation_from(0, 12), sliding_mask(age, WINDOW, 0), None, 0)
    empty = torch.zeros(2, KV_HEADS, WINDOW - 1, HEAD_DIM)
    cache, steps = KeyValue(key=empty, value=empty), []
    for t in range(12):
        mask = sliding_mask(age[:, t : t + 1], WINDOW, WINDOW - 1)
        out, cache = layer(x[:, t : t + 1], rotation_from(t, 1), mask, cache, WINDOW - 1)
        steps.append(out)
    torch.testing.assert_close(torch.cat(steps, 1), whole, atol=1e-5, rtol=1e-4)


def experts(factor: float = 1.25) -> Experts:
    torch.manual_seed(0)
    layer = Experts(WIDTH, 10, 8, 2, factor)
    torch.nn.init.normal_(layer.router.weight, std=0.5)
    return layer


def plain(layer: Experts, x: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    rows = []
    for token, lean in zip(x, bias, strict=True):
        probability = (layer.router(token) + lean).softmax(-1)
        weight, choice = probability.topk(2)
        weight = weight / weight.sum()
        row = torch.zeros(WIDTH)
        for w, e in zip(weight, choice, strict=True):
            gate, up = (token @ layer.gate_up[e]).chunk(2)
            row = row + w * ((torch.nn.functional.silu(gate) * up) @ layer.down[e])
        rows.append(row)
    return torch.stack(rows)


@pytest.mark.parametrize("drop", [False, True])
def test_experts_equal_a_plain_loop(drop: bool):
    layer, x, bias = experts(factor=8.0), torch.randn(50, WIDTH), torch.randn(50, 8)
    out, routing = layer(x, bias, torch.ones(50, dtype=torch.bool), drop=drop)
    torch.testing.assert_close(out, plain(layer, x, bias), atol=1e-5, rtol=1e-4)
    assert routing.dropped_share() == 0
    torch.testing.assert_close(routing.weights().sum(-1), torch.ones(50))
    assert (routing.weights() > 0).sum(-1).max() == 2


def test_experts_take_no_more_than_their_capacity():
    layer, x = experts(), torch.randn(64, WIDTH)
    bias = torch.zeros(64, 8)
    bias[:, 3], bias[:, 5] = 60.0, 50.0  # everyone wants expert 3, then 5
    real = torch.ones(64, dtype=torch.bool)
    out, routing = layer(x, bias, real, drop=True)
    capacity = math.ceil(1.25 * 2 * 64 / 8)
    assert routing.seated[:, 0].sum() == capacity
    assert routing.dropped_share() == pytest.approx(1 - capacity / 64)
    assert out[capacity:].abs().max() == 0, "a token without a place passes by"
    served, _ = layer(x, bias, real, drop=False)
    torch.testing.assert_close(out[:capacity], served[:capacity], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("drop", [False, True])
def test_rows_that_are_nobody_take_no_place(drop: bool):
    layer, x = experts(factor=0.5), torch.randn(40, WIDTH)
    bias, real = torch.zeros(40, 8), torch.arange(40) >= 30
    out, routing = layer(x, bias, real, drop=drop)
    assert out[:30].abs().max() == 0
    changed = torch.where(real[:, None], x, torch.randn(40, WIDTH) * 9)
    again, repeated = layer(changed, bias, real, drop=drop)
    assert torch.equal(out, again)
    assert torch.equal(routing.load_balance(), repeated.load_balance())
    nobody, _ = layer(x, bias, torch.zeros(40, dtype=torch.bool), drop=drop)
    assert nobody.abs().max() == 0


@torch.no_grad()
def test_router_losses_at_known_points():
    layer = experts()
    torch.nn.init.zeros_(layer.router.weight)
    x, real = torch.randn(4000, WIDTH), torch.ones(4000, dtype=torch.bool)
    noise = torch.randn(4000, 8) * 1e-4
    even = layer(x, noise, real, drop=False)[1]
    assert even.load_balance() == pytest.approx(2.0, abs=0.01)
    assert even.router_z() == pytest.approx(math.log(8) ** 2, rel=1e-3)
    assert even.usage_entropy() == pytest.approx(math.log(8), abs=0.01)
    noise[:, :2] += 20.0
    assert layer(x, noise, real, drop=False)[1].load_balance() == pytest.approx(8.0, abs=0.01)


def test_swiglu_gates():
    torch.manual_seed(0)
    layer, x = SwiGLU(6, 4), torch.randn(3, 6)
    gate, up = layer.gate_up(x)[:, :4], layer.gate_up(x)[:, 4:]
    torch.testing.assert_close(layer(x), layer.down(gate * torch.sigmoid(gate) * up))


def test_effective_rank_counts_directions():
    assert float(effective_rank(torch.eye(6))) == pytest.approx(6.0, rel=1e-3)
    assert float(effective_rank(torch.ones(20, 6))) == pytest.approx(1.0, abs=1e-3)
    plane = torch.randn(50, 2, generator=torch.Generator().manual_seed(0)) @ torch.randn(
        2, 8, generator=torch.Generator().manual_seed(1)
    )
    assert 1.5 < float(effective_rank(plane)) < 2.01
    assert float(effective_rank(torch.zeros(0, 3))) == 0.0

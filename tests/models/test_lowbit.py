"""Matrices, linear layers and experts in few bits."""

import pytest
import torch

from eco1.core.errors import ConfigError
from eco1.models.nn.lowbit import LowBitExperts, LowBitForm, LowBitLinear
from eco1.models.nn.lowbit import product as products
from eco1.models.nn.lowbit.packed import PackedMatrix
from eco1.models.nn.lowbit.packing import pack, unpack
from eco1.models.nn.lowbit.rounding import restored, rounded
from eco1.models.nn.moe import Experts

torch.set_num_threads(1)
BITS = (8, 4, 3, 2)
FORMS = [
    LowBitForm(bits=bits, group=group, symmetric=symmetric)
    for bits in BITS
    for group in (32, 64, 128)
    for symmetric in (True, False)
]
WIDTH, HIDDEN = 128, 192


def normal(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def packed(weight: torch.Tensor, form: LowBitForm) -> PackedMatrix:
    matrix = PackedMatrix(*weight.shape, form)
    matrix.put(weight)
    return matrix


def taken(module: torch.nn.Module) -> int:
    return sum(parameter.nbytes for parameter in module.parameters())


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_codes_come_back_from_exactly_the_bytes_that_were_promised(form):
    codes = torch.randint(form.highest + 1, (5, 3, form.group), dtype=torch.uint8)
    codes[0, 0, 0] = form.highest
    assert codes.max() == form.highest
    kept = pack(codes, form)
    assert kept.shape == (5, 3, form.group * form.bits // 8)
    assert torch.equal(unpack(kept, form), codes)
    matrix = PackedMatrix(7, 3 * 128, form)
    numbers = 1 if form.symmetric else 2
    assert taken(matrix) == form.packed_bytes(7 * 384) == 7 * 384 * form.bits // 8 + 2 * numbers * 7 * 384 // form.group
    assert form.bits_per_weight == form.bits + 16 * numbers / form.group


@pytest.mark.parametrize("symmetric", [True, False])
@pytest.mark.parametrize(("bits", "error"), [(8, 1e-4), (4, 0.01154), (3, 0.03744), (2, 0.1188)])
def test_the_squared_error_on_normal_weights_is_that_of_the_best_even_levels(bits, error, symmetric):
    """Max (1960), table II; groups that see their own range do a little better, many of them hardly worse."""
    form = LowBitForm(bits=bits, symmetric=symmetric)
    weight = normal(128, 1024)
    found = (packed(weight, form).matrix().full() - weight).square().mean()
    assert found < 1.02 * error
    rough = packed(weight, LowBitForm(bits=bits, symmetric=symmetric, scales="range")).matrix().full()
    assert found <= (rough - weight).square().mean()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_no_weight_is_off_by_more_than_half_a_step(form):
    groups = normal(20, form.group) * torch.logspace(-3, 2, 20)[:, None]
    plain = LowBitForm(bits=form.bits, group=form.group, symmetric=form.symmetric, scales="range")
    found = rounded(groups, plain)
    off = (restored(found.codes, found.scale, found.low, plain) - groups).abs().amax(-1)
    rounding = groups.abs().amax(-1) / 64  # of step and lowest level, whose numbers have 8 bits
    assert (off <= 0.5 * found.scale.float() + rounding).all()


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_groups_of_one_value_or_with_an_outlier_stay_finite(form):
    weight = torch.zeros(4, form.group)
    weight[1], weight[2], weight[3] = 0.25, -3.0, normal(form.group)
    weight[3, 5] = 1e4
    back = packed(weight, form).matrix().full()
    assert back.isfinite().all()
    assert back[0].abs().max() < 1e-30
    assert (back[1:3] - weight[1:3]).abs().max() <= 0.02 * 3.0
    plain = LowBitForm(bits=form.bits, group=form.group, symmetric=form.symmetric, scales="range")
    whole = packed(weight, plain).matrix().full()
    assert (back - weight)[3].norm() <= (whole - weight)[3].norm()


@pytest.mark.parametrize("form", FORMS, ids=str)
@pytest.mark.parametrize("rows", [1, 3, 33])
def test_a_product_with_codes_is_that_with_the_restored_matrix(form, rows):
    matrix, x = packed(normal(70, 384), form).matrix(), normal(rows, 384, seed=1)
    torch.testing.assert_close(products.product(x, matrix), x @ matrix.full().T, atol=2e-4, rtol=1e-5)
    half = products.product(x.bfloat16(), matrix)
    assert half.dtype == torch.bfloat16
    torch.testing.assert_close(half.float(), x @ matrix.full().T, atol=0.3, rtol=0.03)


def test_a_product_is_the_same_on_any_number_of_threads():
    matrix, x = packed(normal(70, 128), FORMS[0]).matrix(), normal(2, 128)
    one = products.product(x, matrix)
    torch.set_num_threads(2)
    two = products.product(x, matrix)
    torch.set_num_threads(1)
    assert torch.equal(one, two)


def test_a_gradient_goes_through_to_the_input():
    x = normal(2, 128).requires_grad_()
    matrix = packed(normal(5, 128), LowBitForm(bits=4)).matrix()
    products.product(x, matrix).sum().backward()
    torch.testing.assert_close(x.grad, matrix.full().sum(0).expand(2, -1))


@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_in_8_bits_is_nearly_the_one_it_was(bias):
    torch.manual_seed(0)
    layer = torch.nn.Linear(128, 30, bias=bias)
    small = LowBitLinear.of(layer, LowBitForm(bits=8))
    for shape in ((128,), (4, 128), (2, 3, 128)):
        x = normal(*shape)
        assert small(x).shape == layer(x).shape
        torch.testing.assert_close(small(x), layer(x), atol=0.02, rtol=0.02)
    torch.testing.assert_close(small.float()(x), small.bfloat16()(x.bfloat16()).float(), atol=0.05, rtol=0.05)


def experts() -> Experts:
    torch.manual_seed(0)
    layer = Experts(WIDTH, HIDDEN, 6, 2)
    torch.nn.init.normal_(layer.router.weight, std=0.3)
    return layer


@torch.no_grad()
@pytest.mark.parametrize("form", [LowBitForm(bits=bits, group=64) for bits in BITS], ids=str)
def test_experts_in_few_bits_are_experts_whose_weights_were_rounded(form):
    layer = experts()
    small = LowBitExperts.of(layer, form)
    assert taken(small) == form.packed_bytes(6 * 3 * WIDTH * HIDDEN) + 4 * 6 * WIDTH
    x, bias, real = normal(40, WIDTH), normal(40, 6, seed=1), torch.arange(40) % 5 > 0
    before, _ = layer(x, bias, real)
    for number in range(6):
        layer.gate_up[number] = small.gate_up.matrix(number).full().T
        layer.down[number] = small.down.matrix(number).full().T
    expected, sent = layer(x, bias, real)
    out, routing = small(x, bias, real)
    torch.testing.assert_close(out, expected, atol=1e-4, rtol=1e-4)
    for name in ("logits", "weight", "choice", "real", "seated"):
        assert torch.equal(getattr(routing, name), getattr(sent, name)), name
    assert out[::5].abs().max() == 0
    likeness = torch.nn.functional.cosine_similarity(out, before)[real]
    assert likeness.mean() > {8: 0.9999, 4: 0.98, 3: 0.94, 2: 0.80}[form.bits]


@torch.no_grad()
def test_experts_are_only_touched_when_they_are_chosen(monkeypatch):
    small, asked = LowBitExperts.of(experts(), LowBitForm(bits=4, group=64)), list[int]()
    matrix = PackedMatrix.matrix

    def noted(self: PackedMatrix, number: int | None = None):
        asked.append(-1 if number is None else number)
        return matrix(self, number)

    monkeypatch.setattr(PackedMatrix, "matrix", noted)
    _, routing = small(normal(1, WIDTH))
    assert set(asked) == set(routing.choice.flatten().tolist())
    asked.clear()
    nobody, _ = small(normal(3, WIDTH), real=torch.zeros(3, dtype=torch.bool))
    assert (asked, nobody.abs().max()) == ([], 0)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"bits": 5}, r"5 bits; allowed: 2, 3, 4, 8\. The nearest is 4"),
        ({"bits": 16}, "The nearest is 8"),
        ({"bits": 4, "group": 48}, "A group is 48 weights; allowed: 32, 64, 128"),
    ],
)
def test_a_form_that_does_not_exist_is_refused(settings, says):
    with pytest.raises(ConfigError, match=says):
        LowBitForm(**settings)


def test_what_does_not_fall_into_groups_or_asks_for_training_is_refused():
    with pytest.raises(ConfigError, match=r"192 inputs, which do not fall into groups of 128\. Take group=64"):
        PackedMatrix(4, 192, LowBitForm(bits=4))
    with pytest.raises(ConfigError, match=r"100 inputs.*make it a multiple of 64"):
        PackedMatrix(4, 100, LowBitForm(bits=4))
    with pytest.raises(ConfigError, match="without drop"):
        LowBitExperts.of(experts(), LowBitForm(bits=4, group=64))(normal(2, WIDTH), drop=True)

"""The ladder of sizes, and what each costs."""

from typing import Any

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from eco1.core.errors import ConfigError, UnknownNameError
from eco1.models.multimodal.counting import count, flops_per_token
from eco1.models.multimodal.ladder import LADDER, rung
from eco1.models.multimodal.storage import cache_bytes, group_of, inference_memory, training_memory
from eco1.models.nn.lowbit import LowBitForm, LowBitRule, swap
from eco1.models.nn.qwen3 import Qwen3
from eco1.models.nn.vit import Encoder


@pytest.mark.parametrize("name", LADDER)
def test_a_size_is_what_its_name_says(name):
    size, counted = rung(name), count(rung(name))
    assert counted.total == pytest.approx(size.nominal_parameters, rel=0.05)
    assert counted.active < counted.total
    assert size.language.chosen == 2
    widths = [size.language.width, size.language.expert_hidden, *(c.width for c in size.senses.values())]
    assert all(width % 32 == 0 for width in widths)


def test_the_ladder_rises():
    assert list(LADDER) == ["nano", "tiny", "small", "base", "7b", "32b", "70b"]
    totals = [count(size).total for size in LADDER.values()]
    assert totals == sorted(totals)
    assert [rung(name).language.experts for name in ("7b", "32b", "70b")] == [4, 8, 16]
    assert {rung(name).language.head_dim for name in ("7b", "32b", "70b")} == {128}
    assert (rung("70b").video.width, rung("70b").video.layers) == (1280, 32)


class Made(TorchDispatchMode):
    """Adds up the bytes of all tensors that take memory."""

    bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and not result.is_meta:
            self.bytes += result.nbytes
        return result


def test_the_largest_is_as_proposed_and_is_counted_without_being_made():
    language = rung("70b").language
    with Made() as made:
        inference_memory(rung("70b"), bits=4, length=4096)
    assert made.bytes == 0
    proposed = (4096, 11008, 32, 8, 32)
    assert (language.width, language.expert_hidden, language.heads, language.kv_heads, language.layers) == proposed


def test_parts_add_up_to_what_is_there():
    size, counted = rung("nano"), count(rung("nano"))
    model = Qwen3(size.language)
    assert sum(part.total for part in counted.decoder) == sum(p.numel() for p in model.parameters())
    encoders = [Encoder(config) for config in size.senses.values()]
    assert [part.total for part in counted.senses] == [sum(p.numel() for p in e.parameters()) for e in encoders]
    experts = next(part for part in counted.decoder if part.name == "experts")
    assert experts.active * size.language.experts == experts.total * size.language.chosen


def test_arithmetic_is_that_of_a_plain_count():
    size = rung("32b")
    c = size.language
    layer = c.width * (c.heads + 2 * c.kv_heads) * c.head_dim + c.heads * c.head_dim * c.width
    layer += 2 * 3 * c.width * c.expert_hidden + c.experts * c.width
    plain = 2 * (c.layers * layer + c.vocabulary * c.width) + 4 * c.layers * c.heads * c.head_dim * 1000
    assert flops_per_token(size, 1000) == pytest.approx(plain, rel=1e-4)  # norms are left out here


def test_memory_of_training_and_of_a_cache():
    size = rung("7b")
    memory = training_memory(size)
    assert memory.total == 16 * count(size).total
    assert memory.moments == 2 * memory.master_weights
    assert cache_bytes(size, 10) == 28 * 2 * 8 * 128 * 10 * 2


@pytest.mark.parametrize("bits", [16, 8, 4, 3])
def test_memory_of_inference_is_what_a_swapped_model_takes(bits):
    size = rung("nano")
    memory = inference_memory(size, bits=bits, length=0)
    assert (group_of(size), group_of(rung("32b"))) == (32, 128)
    model = Qwen3(size.language).to(torch.bfloat16)
    if bits < 16:
        forms = [LowBitForm(bits=width, group=32, scales="range") for width in (bits, max(bits, 4))]
        swap(model, LowBitRule(experts=forms[0], matrices=forms[1]))
    assert memory.experts + memory.rest_of_decoder == sum(p.nbytes for p in model.parameters())


def test_32b_fits_into_16_gb_with_experts_in_3_bits_only():
    assert inference_memory(rung("32b"), bits=3, length=4096).total < 16e9
    assert inference_memory(rung("32b"), bits=4, length=4096).total > 16e9


def test_an_unknown_size_is_named():
    with pytest.raises(UnknownNameError, match=r"Unknown size 'smal'\. Did you mean 'small'\? See: eco1 list models"):
        rung("smal")
    with pytest.raises(ConfigError, match="5 bits"):
        inference_memory(rung("nano"), bits=5, length=1)

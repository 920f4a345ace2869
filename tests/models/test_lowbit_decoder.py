"""Whole decoders in few bits: what they still know, and how they are made, saved and loaded."""

import weakref
from pathlib import Path
from typing import Any

import pytest
import torch
from lowbit_models import decoder, learned, sentences
from safetensors.torch import load_file, save_file
from small_worlds import untrained, wanderers
from torch.nn import functional
from torch.utils._python_dispatch import TorchDispatchMode

from eco1.core.errors import CheckpointError, ConfigError
from eco1.models.nn.lowbit import (
    LowBitExperts,
    LowBitForm,
    LowBitLinear,
    LowBitRule,
    load_low_bit,
    load_public_low_bit,
    save_low_bit,
    swap,
)
from eco1.models.nn.moe import Experts
from eco1.models.nn.qwen3 import generate, load_public, save_public

torch.set_num_threads(1)
SINGLE = "model.safetensors"


def form(bits: int, **settings: Any) -> LowBitForm:
    return LowBitForm(bits=bits, group=64, **settings)


def whole(bits: int) -> LowBitRule:
    return LowBitRule(experts=form(bits), matrices=form(max(bits, 4), symmetric=False))


def assert_same(one: torch.nn.Module, other: torch.nn.Module) -> None:
    mine, theirs = one.state_dict(), other.state_dict()
    assert mine.keys() == theirs.keys()
    for name, tensor in mine.items():
        assert torch.equal(tensor, theirs[name]), name


@torch.no_grad()
def test_what_a_model_knows_is_lost_bit_by_bit():
    full, read = learned(), sentences(64, 999)
    logits = full(read[:, :-1]).log_softmax(-1)
    perplexity = functional.nll_loss(logits.flatten(0, 1), read[:, 1:].flatten()).exp()
    assert perplexity < 2.2, "of 31 words it knows the two likely ones"
    lost: list[float] = []
    for bits in (8, 4, 3, 2):
        small = learned()
        swap(small, LowBitRule(experts=form(bits), matrices=form(bits)))
        found = small(read[:, :-1]).log_softmax(-1)
        lost.append(float((logits.exp() * (logits - found)).sum(-1).mean()))
    assert lost == sorted(lost)
    assert all(loss < most for loss, most in zip(lost, (1e-4, 0.005, 0.02, 0.1), strict=True)), lost


@torch.no_grad()
def test_experts_alone_in_3_bits_cost_less_than_everything_in_3_bits():
    full, read = learned(), sentences(64, 999)
    logits = full(read).log_softmax(-1)
    lost: list[torch.Tensor] = []
    for rule in (LowBitRule(experts=form(3), matrices=form(4)), LowBitRule(experts=form(3), matrices=form(3))):
        small = learned()
        swap(small, rule)
        lost.append((logits.exp() * (logits - small(read).log_softmax(-1))).sum(-1).mean())
    assert lost[0] < lost[1]


def test_a_rule_says_what_is_swapped_and_routers_stay():
    model = decoder()
    names = swap(model, LowBitRule(experts=form(4), matrices=form(8), kept=("head", "blocks.0.*")))
    assert names == ["blocks.1.attention.qkv", "blocks.1.attention.out", "blocks.1.feed"]
    assert isinstance(model.blocks[0].feed, Experts)
    assert isinstance(model.blocks[1].feed, LowBitExperts)
    assert isinstance(model.blocks[1].attention.qkv, LowBitLinear)
    assert isinstance(model.blocks[1].feed.router, torch.nn.Linear)
    assert isinstance(model.head, torch.nn.Linear)
    dense = decoder(experts=0, chosen=0, expert_hidden=0)
    assert "blocks.1.feed.down" in swap(dense, LowBitRule(matrices=form(4)))
    assert dense(sentences(1, 0)).shape == (1, 24, 31)


@torch.no_grad()
def test_a_model_that_knows_nothing_of_it_is_swapped_too():
    """Eco-1's first form hands its experts a bias and rows that are nobody."""
    model, clip = untrained(width=64, head_dim=32, expert_hidden=64).eval(), wanderers(frames=12)
    before = model.embed_clip(clip)
    assert all(name.endswith("experts") for name in swap(model, LowBitRule(experts=form(8))))
    likeness = functional.cosine_similarity(model.embed_clip(clip), before, dim=-1)
    assert likeness.min() > 0.999
    assert likeness.max() <= 1.0 + 1e-5
    assert not torch.equal(model.embed_clip(clip), before)


def test_old_weights_go_as_new_ones_come():
    model = decoder()
    old = weakref.ref(model.blocks[0].feed.gate_up)
    swap(model, whole(4))
    assert old() is None


def test_nothing_is_touched_when_one_layer_does_not_fit():
    model = decoder(expert_hidden=80)
    with pytest.raises(ConfigError, match=r"blocks\.0\.feed has 80 inputs.*multiple of (32|64)"):
        swap(model, whole(4))
    assert not any(isinstance(layer, LowBitLinear | LowBitExperts) for layer in model.modules())


@torch.no_grad()
def test_words_are_drawn_from_a_cache_as_without_one():
    model = learned()
    swap(model, whole(4))
    start = sentences(2, 5)[:, :3]
    drawn = torch.stack(list(generate(model, start, 5)), dim=1)
    whole_way = start
    for _ in range(5):
        whole_way = torch.cat([whole_way, model(whole_way)[:, -1:].argmax(-1)], dim=1)
    assert torch.equal(drawn, whole_way[:, 3:])


@pytest.mark.parametrize("shard_bytes", [10**9, 20_000])
def test_public_shards_are_rounded_tensor_by_tensor(shard_bytes, tmp_path: Path):
    model = learned()
    save_public(model, tmp_path, shard_bytes=shard_bytes)
    rule = LowBitRule(experts=form(3), matrices=form(4, symmetric=False), kept=("head",))
    small = load_public_low_bit(tmp_path, rule)
    assert not small.training
    swap(model, rule)
    assert_same(small, model)
    assert not any(p.requires_grad for name, p in small.named_parameters() if "codes" in name)
    assert load_public_low_bit(tmp_path, rule, dtype=torch.bfloat16).norm.weight.dtype == torch.bfloat16


def test_stacked_public_experts_are_rounded_too(tmp_path: Path):
    model = learned()
    stored = load_file(save_public(model, tmp_path) / SINGLE)
    kept = {name: tensor for name, tensor in stored.items() if ".experts." not in name}
    for layer, block in enumerate(model.blocks):
        name = f"model.layers.{layer}.mlp.experts"
        kept[f"{name}.gate_up_proj"] = block.feed.gate_up.detach().mT.contiguous()
        kept[f"{name}.down_proj"] = block.feed.down.detach().mT.contiguous()
    save_file(kept, tmp_path / SINGLE)
    small = load_public_low_bit(tmp_path, whole(4))
    swap(model, whole(4))
    assert_same(small, model)


class Largest(TorchDispatchMode):
    """Notes the largest tensor that any operation makes."""

    bytes = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if isinstance(result, torch.Tensor) and not result.is_meta:
            self.bytes = max(self.bytes, result.untyped_storage().nbytes())
        return result


def test_no_more_than_one_tensor_is_held_besides_the_packed_model(tmp_path: Path):
    save_public(decoder(experts=16, expert_hidden=256), tmp_path, shard_bytes=10**6)
    with Largest() as largest:
        small = load_public_low_bit(tmp_path, whole(4))
    stacked = small.blocks[0].feed.gate_up.codes.nbytes
    one_public_tensor = 256 * 64 * 4
    assert largest.bytes <= max(stacked, 2 * one_public_tensor), "all experts of a layer in full would be 2 MiB"


@pytest.mark.parametrize("bits", [8, 4, 3, 2])
def test_a_saved_model_is_loaded_as_it_was_and_is_as_small_as_promised(bits, tmp_path: Path):
    model = decoder()
    swap(model, whole(bits))
    save_low_bit(model, whole(bits), tmp_path)
    again = load_low_bit(tmp_path)
    assert_same(again, model)
    assert not again.training
    read = sentences(2, 0)
    assert torch.equal(again(read), model(read))
    experts = [p for name, p in model.named_parameters() if ".feed." in name and "router" not in name]
    assert sum(p.nbytes for p in experts) == 2 * form(bits).packed_bytes(4 * 3 * 64 * 64)
    assert (tmp_path / SINGLE).stat().st_size < sum(p.nbytes for p in model.parameters()) + 8000


def test_shards_of_a_saved_model_are_put_together(tmp_path: Path):
    model = decoder()
    swap(model, whole(3))
    save_low_bit(model, whole(3), tmp_path, shard_bytes=10_000)
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    assert_same(load_low_bit(tmp_path), model)


def test_folders_of_another_kind_are_told_apart(tmp_path: Path):
    save_public(decoder(), tmp_path / "public")
    with pytest.raises(CheckpointError, match=r"not of low-bit weights of version 1.*load_public_low_bit"):
        load_low_bit(tmp_path / "public")
    model = decoder()
    swap(model, whole(4))
    save_low_bit(model, whole(4), tmp_path / "low")
    with pytest.raises(ConfigError, match="model_type is None"):
        load_public(tmp_path / "low")
    with pytest.raises(CheckpointError, match=r"nowhere has no config\.json"):
        load_low_bit(tmp_path / "nowhere")


def test_codes_are_never_taken_for_weights(tmp_path: Path):
    stored = load_file(save_public(decoder(), tmp_path) / SINGLE)
    name = "model.layers.0.mlp.experts.1.up_proj.weight"
    save_file(stored | {name: stored[name].to(torch.int8)}, tmp_path / SINGLE)
    with pytest.raises(CheckpointError, match=r"experts\.1\.up_proj\.weight is stored as torch\.int8"):
        load_public_low_bit(tmp_path, whole(4))

"""Experts that wait in files until they are chosen."""

from pathlib import Path

import pytest
import torch
from lowbit_models import decoder, learned, sentences

from eco1.core.errors import ConfigError
from eco1.models.nn.lowbit import (
    HotExperts,
    LowBitForm,
    LowBitRule,
    OffloadedExperts,
    load_low_bit,
    load_offloaded,
    save_low_bit,
    swap,
)
from eco1.models.nn.qwen3 import Qwen3, load_public, save_public

torch.set_num_threads(1)
FORM = LowBitForm(bits=3, group=64)
ONE = FORM.packed_bytes(3 * 64 * 64)


@pytest.fixture(name="low")
def _low(tmp_path: Path) -> Path:
    model, rule = learned(), LowBitRule(experts=FORM, matrices=LowBitForm(bits=8, group=64))
    swap(model, rule)
    return save_low_bit(model, rule, tmp_path / "low", shard_bytes=20_000)


def hot(model: Qwen3) -> HotExperts:
    shared = {id(block.feed.hot): block.feed.hot for block in model.blocks}
    assert len(shared) == 1, "one for all layers"
    return next(iter(shared.values()))


@torch.no_grad()
@pytest.mark.parametrize("look_ahead", [False, True])
@pytest.mark.parametrize("room", [1, 3, 8])
def test_an_offloaded_model_says_what_the_resident_one_says(room, look_ahead, low):
    resident = load_low_bit(low)
    model = load_offloaded(low, hot_bytes=room * ONE + 7, look_ahead=look_ahead)
    assert all(isinstance(block.feed, OffloadedExperts) for block in model.blocks)
    assert not any("codes" in name and ".feed." in name for name, _ in model.named_parameters())
    cache, kept = model.new_cache(), resident.new_cache()
    for word in sentences(1, 3).T[:6]:
        assert torch.equal(model(word[None], cache), resident(word[None], kept))
        assert hot(model).held_bytes <= room * ONE
    assert torch.equal(model(sentences(3, 1)), resident(sentences(3, 1)))
    assert hot(model).held_bytes <= room * ONE


@torch.no_grad()
def test_every_expert_is_brought_once_when_there_is_room_for_all(low):
    model, read = load_offloaded(low, hot_bytes=8 * ONE, look_ahead=False), sentences(8, 0)
    routing = model.read(read).routing
    asked = sum(len(sent.choice.unique()) for sent in routing if sent is not None)
    assert hot(model).loads == asked
    model(read)
    assert hot(model).loads == asked


@torch.no_grad()
def test_those_used_last_stay(low):
    store = hot(load_offloaded(low, hot_bytes=2 * ONE, look_ahead=False))
    for number in (0, 1, 0, 2, 0):  # 2 takes the place of 1, which was used before 0
        store.get(0, number)
    assert (store.loads, store.hits) == (3, 2)
    store.get(0, 1)
    assert store.loads == 4
    store.get(1, 1)  # another layer's
    assert store.loads == 5
    assert store.held_bytes == 2 * ONE


@torch.no_grad()
def test_what_is_expected_is_there_when_asked_for(low):
    store = hot(load_offloaded(low, hot_bytes=2 * ONE))
    store.expect(1, [2, 3, 0])
    assert store.loads == 2, "no more than there is room for"
    store.get(1, 3)
    assert (store.loads, store.hits) == (2, 1)


@torch.no_grad()
def test_the_next_layer_is_guessed_from_this_ones_tokens(low):
    model = load_offloaded(low, hot_bytes=8 * ONE)
    first, second = (block.feed for block in model.blocks)
    seen: list[torch.Tensor] = []
    first.register_forward_pre_hook(lambda _layer, arguments: seen.append(arguments[0]))
    model(sentences(1, 0)[:, :1])
    guessed = set(second.router(seen[0]).topk(2).indices.flatten().tolist())
    store = hot(model)
    before = store.loads
    store.expect(1, guessed)
    assert store.loads == before, "they had come"


@torch.no_grad()
def test_full_experts_are_brought_from_a_public_folder(tmp_path: Path):
    save_public(learned().bfloat16(), tmp_path)
    model = load_offloaded(tmp_path, hot_bytes=2 * 3 * 64 * 64 * 2)
    assert hot(model).held_bytes == 0
    read = sentences(3, 0)
    torch.testing.assert_close(model(read), load_public(tmp_path)(read), atol=0.1, rtol=0.1)
    assert hot(model).held_bytes == 2 * 3 * 64 * 64 * 2


def test_what_cannot_be_offloaded_is_refused(tmp_path: Path, low):
    with pytest.raises(ConfigError, match=rf"100 bytes hold no expert of {ONE:,}"):
        load_offloaded(low, hot_bytes=100)
    save_public(decoder(experts=0, chosen=0, expert_hidden=0), tmp_path / "dense")
    with pytest.raises(ConfigError, match="no experts that could be offloaded"):
        load_offloaded(tmp_path / "dense", hot_bytes=10**9)
    rule, model = LowBitRule(matrices=LowBitForm(bits=8, group=64)), decoder()
    swap(model, rule)
    save_low_bit(model, rule, tmp_path / "dear")
    with pytest.raises(ConfigError, match="not in few bits"):
        load_offloaded(tmp_path / "dear", hot_bytes=10**9)

"""Single layers of a size with weights drawn where they lie, for measuring."""

import math
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import torch
from torch import nn

from eco1.models.multimodal.ladder import Rung
from eco1.models.multimodal.storage import bits_of, group_of
from eco1.models.nn.lowbit import LowBitForm, LowBitRule, save_low_bit, swap
from eco1.models.nn.qwen3 import Qwen3, save_public

M = TypeVar("M", bound=nn.Module)

_SHARD_BYTES = 256_000_000  # what a save holds besides the layer


def fresh_layer(size: Rung, bits: int, on: str = "cpu") -> Qwen3:
    """Return a decoder of one layer and hardly any words, filled where it lies with whatever is likely."""
    with torch.device("meta"):
        model = Qwen3(replace(size.language, layers=1, vocabulary=64, tied=True)).bfloat16()
        swap(model, rule_of(size, bits))
    return model if on == "meta" else filled(model, bits, size.language.width)


def rule_of(size: Rung, bits: int) -> LowBitRule:
    """Return how layers are stored when experts are in ``bits``; 16 leaves all as they are."""
    if bits == 16:
        return LowBitRule()
    forms = (LowBitForm(bits=width, group=group_of(size)) for width in (bits, bits_of("attention", bits)))
    return LowBitRule(experts=next(forms), matrices=next(forms))


def filled(model: M, bits: int, width: int) -> M:
    """Give a model on the meta device memory, and weights that keep the size of what they are multiplied with."""
    model.to_empty(device="cpu").eval()
    reach = math.sqrt(3 / width)
    for name, parameter in model.named_parameters():
        if parameter.dtype == torch.uint8:
            parameter.random_()
        elif "norm" in name:
            parameter.fill_(1.0)
        elif name.endswith("scale"):
            parameter.uniform_(0.0, 4 * reach * 2.0**-bits)
        else:
            parameter.uniform_(-reach, reach)
    return model


def save(model: Qwen3, size: Rung, bits: int, folder: Path) -> None:
    """Write the layer in a form from which its experts can be brought."""
    if bits == 16:
        save_public(model, folder, shard_bytes=_SHARD_BYTES)
    else:
        save_low_bit(model, rule_of(size, bits), folder, shard_bytes=_SHARD_BYTES)


def half_of_experts(size: Rung, bits: int) -> int:
    """Return the bytes of half of the experts of a layer."""
    return max(size.language.experts // 2, 1) * expert_bytes(size, bits)


def expert_bytes(size: Rung, bits: int) -> int:
    """Return the bytes of one expert."""
    weights = 3 * size.language.width * size.language.expert_hidden
    return 2 * weights if bits == 16 else LowBitForm(bits=bits, group=group_of(size)).packed_bytes(weights)


def bytes_of(module: nn.Module) -> int:
    """Return the bytes of all parameters."""
    return sum(parameter.nbytes for parameter in module.parameters())

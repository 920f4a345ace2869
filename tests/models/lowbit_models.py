"""A small decoder that has learned something, whose matrices fall into groups."""

from functools import cache

import torch
from qwen3_models import VOCABULARY
from torch.nn import functional

from eco1.models.nn.qwen3 import Qwen3, Qwen3Config

_STEPS = 60


def decoder(**changes: object) -> Qwen3:
    """Return a decoder of two sparse layers with fresh weights."""
    settings = {
        "vocabulary": VOCABULARY, "width": 64, "layers": 2, "heads": 4, "kv_heads": 2, "head_dim": 16, "hidden": 128,
        "experts": 4, "chosen": 2, "expert_hidden": 64,
    }  # fmt: skip
    torch.manual_seed(0)
    return Qwen3(Qwen3Config(**settings | changes)).eval()


def sentences(count: int, seed: int) -> torch.Tensor:
    """Return walks in which each word has two likely followers."""
    draw = torch.Generator().manual_seed(seed)
    words = [torch.randint(VOCABULARY, (count,), generator=draw)]
    for _ in range(23):
        step = torch.where(torch.rand(count, generator=draw) < 0.7, 3 * words[-1] + 1, 5 * words[-1] + 2)
        words.append(step % VOCABULARY)
    return torch.stack(words, dim=1)


@cache
@torch.enable_grad()
def _learned() -> dict[str, torch.Tensor]:
    model = decoder().train()
    optimizer = torch.optim.AdamW(model.parameters(), 4e-3)
    for step in range(_STEPS):
        read = sentences(16, step)
        loss = functional.cross_entropy(model(read[:, :-1]).flatten(0, 1), read[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model.state_dict()


def learned() -> Qwen3:
    """Return the decoder that has read such sentences."""
    model = decoder()
    model.load_state_dict(_learned())
    return model

"""Tiny Qwen3 models for tests."""

from typing import Any

import torch

from eco1.models.nn.qwen3 import Qwen3, Qwen3Config

VOCABULARY, WIDTH = 31, 12
SIZES: dict[str, Any] = {
    "vocabulary": VOCABULARY,
    "width": WIDTH,
    "layers": 2,
    "heads": 6,
    "kv_heads": 2,
    "head_dim": 4,
    "hidden": 20,
}
EXPERTS: dict[str, Any] = {"experts": 5, "chosen": 2, "expert_hidden": 6}


def tiny(**changes: Any) -> Qwen3:
    """Return a model with every parameter drawn at random, so that no gain or bias hides a mistake."""
    torch.manual_seed(0)
    model = Qwen3(Qwen3Config(**SIZES | changes)).eval()
    for name, parameter in model.named_parameters():
        torch.nn.init.uniform_(parameter, 0.5, 1.5) if "norm" in name else torch.nn.init.normal_(parameter, std=0.3)
    return model


def words(batch: int, length: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(VOCABULARY, (batch, length), generator=torch.Generator().manual_seed(seed))

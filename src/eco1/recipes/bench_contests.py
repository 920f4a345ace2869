"""Models that are measured against the same ones of transformers: the language model, and V-JEPA 2's encoder."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.qwen3 import Qwen3, Qwen3Config
from eco1.models.nn.vit.config import ViTConfig
from eco1.models.nn.vit.vjepa2 import VJepa2, VJepa2Config

_BATCH, _LENGTH = 8, 128
_VOCABULARY = 2048
#: Of our own sizes, with 8 experts of which each token takes 2.
_LANGUAGE: dict[str, dict[str, Any]] = {
    "nano": {"width": 128, "layers": 2, "heads": 4, "kv_heads": 2, "expert_hidden": 128},
    "small": {"width": 320, "layers": 6, "heads": 10, "kv_heads": 2, "expert_hidden": 480},
}
#: Clips of 16 frames, in tubelets of 2 x 16 x 16.
_VIDEO: dict[str, dict[str, Any]] = {
    "nano": {"width": 192, "layers": 4, "heads": 3, "pixels": 64, "batch": 8},
    "small": {"width": 384, "layers": 12, "heads": 6, "pixels": 128, "batch": 2},
}
_FRAMES = 16

#: Learns from an input: forward and backward.
Pass = Callable[[Tensor], None]


@dataclass(frozen=True, kw_only=True)
class Contest:
    """One model twice, with fresh weights: ours, and the peer's where there is a peer; ``drawn`` gives a new input."""

    model: str
    size: str
    drawn: Callable[[], Tensor]
    passes: tuple[Pass, ...]


def contests(dtype: torch.dtype, transformers: Any | None) -> list[Contest]:
    """Return all models in a number format; without the module of the peer ours alone."""
    return [
        *(_language(size, sizes, dtype, transformers) for size, sizes in _LANGUAGE.items()),
        *(_video(size, sizes, dtype, transformers) for size, sizes in _VIDEO.items()),
    ]


def _language(size: str, sizes: Mapping[str, Any], dtype: torch.dtype, transformers: Any | None) -> Contest:
    config = Qwen3Config(
        vocabulary=_VOCABULARY, head_dim=32, hidden=4 * sizes["width"], experts=8, chosen=2, longest=_LENGTH, **sizes
    )
    ours = Qwen3(config).to(dtype)
    passes = [_learning(ours, lambda tokens: _off(ours(tokens[:, :-1]), tokens))]
    if transformers is not None:
        theirs = transformers.Qwen3MoeForCausalLM(transformers.Qwen3MoeConfig(**config.to_public())).to(dtype)
        passes.append(_learning(theirs, lambda tokens: _off(theirs(tokens[:, :-1], use_cache=False).logits, tokens)))
    return Contest(
        model="Qwen3-MoE",
        size=size,
        drawn=lambda: torch.randint(_VOCABULARY, (_BATCH, _LENGTH)),
        passes=tuple(passes),
    )


def _video(size: str, sizes: Mapping[str, Any], dtype: torch.dtype, transformers: Any | None) -> Contest:
    width, heads, pixels = sizes["width"], sizes["heads"], sizes["pixels"]
    config = VJepa2Config(
        encoder=ViTConfig(width=width, layers=sizes["layers"], heads=heads, hidden=4 * width),
        predictor=ViTConfig(width=width, layers=1, heads=heads, hidden=4 * width),  # never asked
        pixels=pixels,
        frames=_FRAMES,
    )
    ours = VJepa2(config).to(dtype)
    passes = [_learning(ours, lambda clip: ours(clip).float().square().mean())]
    if transformers is not None:
        theirs = transformers.VJEPA2Model(transformers.VJEPA2Config(**config.to_public())).to(dtype)
        seen = partial(theirs, skip_predictor=True)
        passes.append(_learning(theirs, lambda clip: seen(clip).last_hidden_state.float().square().mean()))
    return Contest(
        model="V-JEPA 2 encoder",
        size=size,
        drawn=lambda: torch.randn(sizes["batch"], _FRAMES, 3, pixels, pixels, dtype=dtype),
        passes=tuple(passes),
    )


def _learning(model: nn.Module, loss_of: Callable[[Tensor], Tensor]) -> Pass:
    def learn(given: Tensor) -> None:
        model.zero_grad()
        loss_of(given).backward()

    return learn


def _off(logits: Tensor, tokens: Tensor) -> Tensor:
    return functional.cross_entropy(logits.flatten(0, 1).float(), tokens[:, 1:].flatten())

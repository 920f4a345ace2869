"""How long one training pass of the backbone takes, beside the same model of transformers in the same run."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from statistics import median
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from eco1.core.errors import ConfigError
from eco1.models.nn.qwen3 import Qwen3, Qwen3Config

_BATCH, _LENGTH = 8, 128
_VOCABULARY = 2048
_WARM_UP = 3
#: The backbones of our own sizes, with 8 experts of which each token takes 2.
_SIZES: dict[str, dict[str, Any]] = {
    "nano": {"width": 128, "layers": 2, "heads": 4, "kv_heads": 2, "expert_hidden": 128},
    "small": {"width": 320, "layers": 6, "heads": 10, "kv_heads": 2, "expert_hidden": 480},
}


@dataclass(frozen=True, kw_only=True)
class PassTime:
    """Milliseconds of a forward and backward pass in one number format, ours and the peer's. ``ratio`` is of medians.

    Runs take turns, and each reads new tokens, since how many an expert gets changes from step to step in training.
    """

    size: str
    dtype: str
    min_ms: float
    median_ms: float
    peer_min_ms: float | None
    peer_median_ms: float | None
    ratio: float | None


@dataclass(frozen=True, kw_only=True)
class EcoBench:
    """The backbone with fresh weights, learning the next of 8 x 128 tokens."""

    tokens: int
    threads: int
    repeats: int
    peer: str
    passes: tuple[PassTime, ...]


def bench_eco(threads: int = 1, repeats: int = 15) -> EcoBench:
    """Measure ``repeats`` passes of each size, in float32 and in bfloat16.

    Raises:
        ConfigError: when there is nothing to measure.
    """
    if threads < 1 or repeats < 1:
        raise ConfigError(f"A backbone bench needs at least 1 thread and 1 run; got {threads} and {repeats}.")
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        peer, build = _peer()
        passes = [_measure(size, dtype, build, repeats) for size in _SIZES for dtype in (torch.float32, torch.bfloat16)]
    finally:
        torch.set_num_threads(before)
    return EcoBench(tokens=_BATCH * _LENGTH, threads=threads, repeats=repeats, peer=peer, passes=tuple(passes))


def pass_rows(bench: EcoBench) -> list[dict[str, str]]:
    """Return the times as words of a table."""
    return [
        {
            "size": one.size,
            "format": one.dtype,
            "median ms": f"{one.median_ms:.1f}",
            "best ms": f"{one.min_ms:.1f}",
            "peer median ms": "-" if one.peer_median_ms is None else f"{one.peer_median_ms:.1f}",
            "peer best ms": "-" if one.peer_min_ms is None else f"{one.peer_min_ms:.1f}",
            "ratio": "-" if one.ratio is None else f"{one.ratio:.2f}",
        }
        for one in bench.passes
    ]


def _measure(size: str, dtype: torch.dtype, build: Callable[[Qwen3Config], Any] | None, repeats: int) -> PassTime:
    torch.manual_seed(0)
    config = _config(size)
    ours = Qwen3(config).to(dtype)
    steps: list[Callable[[Tensor], None]] = [partial(_our_pass, ours)]
    if build is not None:
        steps.append(partial(_peer_pass, build(config).to(dtype)))
    times_ms = [list[float]() for _ in steps]
    for repeat in range(_WARM_UP + repeats):
        tokens = torch.randint(config.vocabulary, (_BATCH, _LENGTH))
        for step, times in zip(steps, times_ms, strict=True):
            taken = _timed_ms(step, tokens)
            if repeat >= _WARM_UP:
                times.append(taken)
    mine, *others = times_ms
    return PassTime(
        size=size,
        dtype=str(dtype).removeprefix("torch."),
        min_ms=round(min(mine), 2),
        median_ms=round(median(mine), 2),
        peer_min_ms=round(min(others[0]), 2) if others else None,
        peer_median_ms=round(median(others[0]), 2) if others else None,
        ratio=round(median(others[0]) / median(mine), 3) if others else None,
    )


def _config(size: str) -> Qwen3Config:
    sizes = _SIZES[size]
    return Qwen3Config(
        vocabulary=_VOCABULARY, head_dim=32, hidden=4 * sizes["width"], experts=8, chosen=2, longest=_LENGTH, **sizes
    )


def _our_pass(model: Qwen3, tokens: Tensor) -> None:
    model.zero_grad()
    logits = model(tokens[:, :-1]).flatten(0, 1)
    functional.cross_entropy(logits.float(), tokens[:, 1:].flatten()).backward()


def _peer_pass(model: Any, tokens: Tensor) -> None:
    model.zero_grad()
    logits = model(tokens[:, :-1], use_cache=False).logits.flatten(0, 1)
    functional.cross_entropy(logits.float(), tokens[:, 1:].flatten()).backward()


def _timed_ms(step: Callable[[Tensor], None], tokens: Tensor) -> float:
    started = time.perf_counter()
    step(tokens)
    return 1e3 * (time.perf_counter() - started)


def _peer() -> tuple[str, Callable[[Qwen3Config], Any] | None]:
    """Return the name of the peer and what builds its model of the same sizes."""
    try:
        import transformers  # pyright: ignore[reportMissingImports]
    except ImportError:
        return "none: transformers is not installed (pip install transformers)", None

    def build(config: Qwen3Config) -> Any:
        return transformers.Qwen3MoeForCausalLM(transformers.Qwen3MoeConfig(**config.to_public()))

    return f"transformers {transformers.__version__} Qwen3MoeForCausalLM, as it comes", build

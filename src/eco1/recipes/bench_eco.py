"""How long one training pass takes, beside the same model of transformers in the same run."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor

from eco1.core.errors import ConfigError
from eco1.recipes.bench_contests import Contest, Pass, contests
from eco1.training.device import quickest_precision

_WARM_UP = 3


@dataclass(frozen=True, kw_only=True)
class PassTime:
    """Milliseconds of a forward and backward pass in one number format, ours and the peer's. ``ratio`` is of medians.

    Runs take turns, and each gets a new input, since how many tokens an expert gets changes from step to step in
    training.
    """

    model: str
    size: str
    dtype: str
    min_ms: float
    median_ms: float
    peer_min_ms: float | None
    peer_median_ms: float | None
    ratio: float | None


@dataclass(frozen=True, kw_only=True)
class EcoBench:
    """The language model learning the next of 8 x 128 tokens, and the encoder of video, both with fresh weights."""

    threads: int
    repeats: int
    peer: str
    passes: tuple[PassTime, ...]


def bench_eco(threads: int = 1, repeats: int = 15) -> EcoBench:
    """Measure ``repeats`` passes of each model and size, in float32, and in bfloat16 where the CPU multiplies it.

    Raises:
        ConfigError: when there is nothing to measure.
    """
    if threads < 1 or repeats < 1:
        raise ConfigError(f"A bench of training needs at least 1 thread and 1 run; got {threads} and {repeats}.")
    quick = quickest_precision(torch.device("cpu")) == "bf16"  # elsewhere a pass takes minutes
    dtypes = (torch.float32, torch.bfloat16) if quick else (torch.float32,)
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    try:
        peer, transformers = _peer()
        passes = [_measure(contest, dtype, repeats) for dtype in dtypes for contest in contests(dtype, transformers)]
    finally:
        torch.set_num_threads(before)
    return EcoBench(threads=threads, repeats=repeats, peer=peer, passes=tuple(passes))


def pass_rows(bench: EcoBench) -> list[dict[str, str]]:
    """Return the times as words of a table."""
    return [
        {
            "model": one.model,
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


def _measure(contest: Contest, dtype: torch.dtype, repeats: int) -> PassTime:
    times_ms: Sequence[list[float]] = [[] for _ in contest.passes]
    for repeat in range(_WARM_UP + repeats):
        given = contest.drawn()
        for step, times in zip(contest.passes, times_ms, strict=True):
            taken = _timed_ms(step, given)
            if repeat >= _WARM_UP:
                times.append(taken)
    mine, *others = times_ms
    return PassTime(
        model=contest.model,
        size=contest.size,
        dtype=str(dtype).removeprefix("torch."),
        min_ms=round(min(mine), 2),
        median_ms=round(median(mine), 2),
        peer_min_ms=round(min(others[0]), 2) if others else None,
        peer_median_ms=round(median(others[0]), 2) if others else None,
        ratio=round(median(others[0]) / median(mine), 3) if others else None,
    )


def _timed_ms(step: Pass, given: Tensor) -> float:
    started = time.perf_counter()
    step(given)
    return 1e3 * (time.perf_counter() - started)


def _peer() -> tuple[str, Any | None]:
    """Return the name of the peer and its module, where it is installed."""
    try:
        import transformers  # pyright: ignore[reportMissingImports]
    except ImportError:
        return "none: transformers is not installed (pip install transformers)", None
    return f"transformers {transformers.__version__}, as it comes", transformers

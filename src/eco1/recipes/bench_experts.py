"""How long one decoder layer takes for one token, at the true sizes, in memory and from a file, in 16 to 3 bits."""

import math
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean, median
from typing import TypeVar

import torch
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.models.multimodal.counting import bits_of, cache_bytes, group_of, inference_memory
from eco1.models.multimodal.ladder import Rung, rung
from eco1.models.nn.lowbit import HotExperts, LowBitForm, LowBitRule, load_offloaded, save_low_bit, swap
from eco1.models.nn.qwen3 import Qwen3, save_public
from eco1.models.nn.qwen3.cache import LayerCache
from eco1.models.nn.rope import rotation_at

M = TypeVar("M", bound=nn.Module)

_BITS = (16, 8, 4, 3)
_CONTEXT = 1024  # tokens in the cache
_WARM_UP = 4
_SHARD_BYTES = 256_000_000  # what a save holds besides the layer
_READ_BYTES = 2**30  # more than any cache
_READS = 5


@dataclass(frozen=True, kw_only=True)
class LayerTime:
    """One layer with fresh weights, a new token each time, so that its experts change.

    ``place`` says where experts lie: all in "memory", or half of them with the others in a mapped "file". ``loads`` is
    how many came from there for a token. ``bound_ms`` is the time for the bytes that a token moves (what is brought is
    read and written once more) at the speed at which memory was read in the same run. ``model_ms`` and ``model_bytes``
    are for all layers and the head, and the mean counts there.
    """

    bits: int
    place: str
    layer_bytes: int
    moved_bytes: int
    loads: float
    min_ms: float
    median_ms: float
    mean_ms: float
    bound_ms: float
    model_ms: float
    model_bytes: int


@dataclass(frozen=True, kw_only=True)
class ExpertsBench:
    """Layers of one size. ``file_gb_per_s`` is how fast a file is read that the system forgot (None: unknown)."""

    size: str
    threads: int
    repeats: int
    context: int
    read_gb_per_s: float
    file_gb_per_s: float | None
    head_ms: dict[int, float]
    layers: tuple[LayerTime, ...]


def bench_experts(size: str = "32b", threads: int = 2, repeats: int = 15) -> ExpertsBench:
    """Measure ``repeats`` tokens of each format and place.

    Raises:
        ConfigError: when there is nothing to measure.
        UnknownNameError: when there is no such size.
    """
    if threads < 1 or repeats < 1:
        raise ConfigError(f"A bench of experts needs at least 1 thread and 1 run; got {threads} and {repeats}.")
    wanted, before = rung(size), torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        with torch.no_grad():
            return _measured(wanted, threads, repeats)
    finally:
        torch.set_num_threads(before)


def expert_rows(bench: ExpertsBench) -> list[dict[str, str]]:
    """Return the times as words of a table."""
    return [
        {
            "bits": str(one.bits),
            "experts in": one.place,
            "layer MB": f"{one.layer_bytes / 1e6:.0f}",
            "moved MB": f"{one.moved_bytes / 1e6:.0f}",
            "loads": f"{one.loads:.2f}",
            "median ms": f"{one.median_ms:.1f}",
            "best ms": f"{one.min_ms:.1f}",
            "bound ms": f"{one.bound_ms:.1f}",
            "model ms a token": f"{one.model_ms:.0f}",
            "model GB": f"{one.model_bytes / 1e9:.1f}",
        }
        for one in bench.layers
    ]


def _measured(size: Rung, threads: int, repeats: int) -> ExpertsBench:
    read = _read_bytes_per_s()
    heads = {bits: _head_ms(size, bits, repeats) for bits in _BITS}
    layers: list[LayerTime] = []
    file_speeds: list[float] = []
    for bits in _BITS:
        with tempfile.TemporaryDirectory(prefix="eco1-experts-") as folder:
            resident = _fresh_layer(size, bits)
            layers.append(_layer_time(size, bits, resident, read, heads[bits], repeats))
            _save(resident, size, bits, Path(folder))
            del resident
            file_speeds += _file_bytes_per_s(Path(folder))
            offloaded = load_offloaded(Path(folder), hot_bytes=_half_of_experts(size, bits))
            layers.append(_layer_time(size, bits, offloaded, read, heads[bits], repeats))
    return ExpertsBench(
        size=size.name,
        threads=threads,
        repeats=repeats,
        context=_CONTEXT,
        read_gb_per_s=round(read / 1e9, 2),
        file_gb_per_s=round(median(file_speeds) / 1e9, 2) if file_speeds else None,
        head_ms={bits: round(ms, 2) for bits, ms in heads.items()},
        layers=tuple(layers),
    )


def _layer_time(size: Rung, bits: int, model: Qwen3, read: float, head_ms: float, repeats: int) -> LayerTime:
    hot = getattr(model.blocks[0].get_submodule("feed"), "hot", None)
    assert hot is None or isinstance(hot, HotExperts)
    cache = _filled_cache(size)
    times_ms = [_token_ms(size, model, cache) for _ in range(_WARM_UP)]
    before = 0 if hot is None else hot.loads
    times_ms = [_token_ms(size, model, cache) for _ in range(repeats)]
    loads = 0.0 if hot is None else (hot.loads - before) / repeats
    expert, layer = _expert_bytes(size, bits), _bytes_of(_fresh_layer(size, bits, on="meta").blocks)
    experts, chosen, layers = size.language.experts, size.language.chosen, size.language.layers
    moved = round(layer - (experts - chosen) * expert + 2 * loads * expert + cache_bytes(size, _CONTEXT) / layers)
    memory = inference_memory(size, bits=bits, length=_CONTEXT)
    away = 0 if hot is None else memory.experts - layers * _half_of_experts(size, bits)
    return LayerTime(
        bits=bits,
        place="memory" if hot is None else "file",
        layer_bytes=layer,
        moved_bytes=moved,
        loads=round(loads, 3),
        min_ms=round(min(times_ms), 2),
        median_ms=round(median(times_ms), 2),
        mean_ms=round(mean(times_ms), 2),
        bound_ms=round(1e3 * moved / read, 2),
        model_ms=round(layers * mean(times_ms) + head_ms, 1),
        model_bytes=memory.total - away,
    )


def _rule(size: Rung, bits: int) -> LowBitRule:
    if bits == 16:
        return LowBitRule()
    forms = (LowBitForm(bits=width, group=group_of(size)) for width in (bits, bits_of("attention", bits)))
    return LowBitRule(experts=next(forms), matrices=next(forms))


def _fresh_layer(size: Rung, bits: int, on: str = "cpu") -> Qwen3:
    """Return a decoder of one layer and hardly any words, filled where it lies with whatever is likely."""
    with torch.device("meta"):
        model = Qwen3(replace(size.language, layers=1, vocabulary=64, tied=True)).bfloat16()
        swap(model, _rule(size, bits))
    return model if on == "meta" else _filled(model, bits, size.language.width)


def _filled(model: M, bits: int, width: int) -> M:
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


def _head_ms(size: Rung, bits: int, repeats: int) -> float:
    language = size.language
    with torch.device("meta"):
        head = nn.Sequential(nn.Linear(language.width, language.vocabulary, bias=False, dtype=torch.bfloat16))
        swap(head, _rule(size, bits_of("head", bits)))
    _filled(head, bits, language.width)
    times_ms: list[float] = []
    for _ in range(1 + repeats):
        started = time.perf_counter()
        head(_token(size)[0])
        times_ms.append(1e3 * (time.perf_counter() - started))
    return mean(times_ms[1:])


def _token_ms(size: Rung, model: Qwen3, cache: LayerCache) -> float:
    rotation = rotation_at(torch.tensor([cache.length]), size.language.head_dim, size.language.theta)
    token = _token(size)
    started = time.perf_counter()
    model.blocks[0](token, rotation, cache)
    return 1e3 * (time.perf_counter() - started)


def _token(size: Rung) -> Tensor:
    return torch.randn(1, 1, size.language.width).bfloat16()


def _filled_cache(size: Rung) -> LayerCache:
    cache, language = LayerCache(room=2 * _CONTEXT), size.language
    shape = (1, language.kv_heads, _CONTEXT, language.head_dim)
    cache.append(torch.randn(shape).bfloat16(), torch.randn(shape).bfloat16())
    return cache


def _save(model: Qwen3, size: Rung, bits: int, folder: Path) -> None:
    if bits == 16:
        save_public(model, folder, shard_bytes=_SHARD_BYTES)
    else:
        save_low_bit(model, _rule(size, bits), folder, shard_bytes=_SHARD_BYTES)


def _half_of_experts(size: Rung, bits: int) -> int:
    return max(size.language.experts // 2, 1) * _expert_bytes(size, bits)


def _expert_bytes(size: Rung, bits: int) -> int:
    weights = 3 * size.language.width * size.language.expert_hidden
    return 2 * weights if bits == 16 else LowBitForm(bits=bits, group=group_of(size)).packed_bytes(weights)


def _bytes_of(module: nn.Module) -> int:
    return sum(parameter.nbytes for parameter in module.parameters())


def _read_bytes_per_s() -> float:
    """Return how fast numbers can be read that lie in no cache: the best of several sums over many."""
    numbers = torch.ones(_READ_BYTES // 4)
    best = math.inf
    for _ in range(_READS):
        started = time.perf_counter()
        numbers.sum()
        best = min(best, time.perf_counter() - started)
    return _READ_BYTES / best


def _file_bytes_per_s(folder: Path) -> Iterator[float]:
    """Yield how fast each file is read after the system was told to forget it; nothing where it cannot be told."""
    if not hasattr(os, "posix_fadvise"):
        return
    room = bytearray(2**24)
    for path in folder.glob("*.safetensors"):
        with path.open("rb", buffering=0) as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            started = time.perf_counter()
            while file.readinto(room):
                pass
            yield path.stat().st_size / (time.perf_counter() - started)

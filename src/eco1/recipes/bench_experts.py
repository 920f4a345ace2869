"""How long one decoder layer takes for one token, at the true sizes, in memory and from a file, in 16 to 3 bits."""

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import torch
from torch import Tensor, nn

from eco1.core.errors import ConfigError
from eco1.models.multimodal.ladder import Rung, rung
from eco1.models.multimodal.storage import cache_bytes, inference_memory
from eco1.models.nn.lowbit import HotExperts, load_offloaded, swap
from eco1.models.nn.qwen3 import Qwen3
from eco1.models.nn.qwen3.cache import LayerCache
from eco1.models.nn.rope import rotation_at
from eco1.recipes.expert_layers import bytes_of, expert_bytes, filled, fresh_layer, half_of_experts, rule_of, save
from eco1.recipes.memory_speed import file_bytes_per_s, memory_bytes_per_s

_BITS = (16, 8, 4, 3)
_CONTEXT = 1024  # tokens in the cache
_WARM_UP = 4


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
    read = memory_bytes_per_s()
    heads = {bits: _head_ms(size, bits, repeats) for bits in _BITS}
    layers: list[LayerTime] = []
    file_speeds: list[float] = []
    for bits in _BITS:
        with tempfile.TemporaryDirectory(prefix="eco1-experts-") as folder:
            resident = fresh_layer(size, bits)
            layers.append(_layer_time(size, bits, resident, read, heads[bits], repeats))
            save(resident, size, bits, Path(folder))
            del resident
            file_speeds += file_bytes_per_s(Path(folder))
            offloaded = load_offloaded(Path(folder), hot_bytes=half_of_experts(size, bits))
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
    expert, layer = expert_bytes(size, bits), bytes_of(fresh_layer(size, bits, on="meta").blocks)
    experts, chosen, layers = size.language.experts, size.language.chosen, size.language.layers
    moved = round(layer - (experts - chosen) * expert + 2 * loads * expert + cache_bytes(size, _CONTEXT) / layers)
    memory = inference_memory(size, bits=bits, length=_CONTEXT)
    away = 0 if hot is None else memory.experts - layers * half_of_experts(size, bits)
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


def _head_ms(size: Rung, bits: int, repeats: int) -> float:
    language = size.language
    with torch.device("meta"):
        head = nn.Sequential(nn.Linear(language.width, language.vocabulary, bias=False, dtype=torch.bfloat16))
        swap(head, rule_of(size, bits))
    filled(head, bits, language.width)
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

"""The sizes of Eco-1 proper and what each costs, in one line each or with every value."""

from dataclasses import asdict

from eco1.models.multimodal.counting import Counted, Part, count, flops_per_token
from eco1.models.multimodal.ladder import LADDER, Rung
from eco1.models.multimodal.storage import inference_memory, training_memory

_LENGTH = 4096  # tokens in the cache
_BITS = (16, 8, 4, 3)


def size_table() -> list[dict[str, object]]:
    """Return everything about every size; memory in bytes, with the keys and values of 4,096 tokens."""
    return [_everything(size) for size in LADDER.values()]


def size_rows() -> list[dict[str, object]]:
    """Return one short row each."""
    return [_row(size) for size in LADDER.values()]


def _everything(size: Rung) -> dict[str, object]:
    counted = count(size)
    return {
        "name": size.name,
        "nominal_parameters": size.nominal_parameters,
        "parameters": counted.total,
        "active_parameters_per_word": counted.active,
        "parts": {part.name: {"total": part.total, "active": part.active} for part in _parts(counted)},
        "language": asdict(size.language),
        "senses": {sense: asdict(config) for sense, config in size.senses.items()},
        "tokens_in_cache": _LENGTH,
        "flops_per_token": flops_per_token(size, _LENGTH),
        "training_bytes": asdict(training_memory(size)),
        "inference_bytes_by_bits": {bits: asdict(inference_memory(size, bits=bits, length=_LENGTH)) for bits in _BITS},
    }


def _row(size: Rung) -> dict[str, object]:
    counted, language = count(size), size.language
    memory = (inference_memory(size, bits=bits, length=_LENGTH).total for bits in _BITS)
    return {
        "name": size.name,
        "parameters": _short(counted.total),
        "per word": _short(counted.active),
        "experts": f"{language.chosen} of {language.experts}",
        "layers x width": f"{language.layers} x {language.width}",
        "video": f"{size.video.layers} x {size.video.width}",
        "GFLOP per token": f"{flops_per_token(size, _LENGTH) / 1e9:.3g}",
        "GB to train": _gb(training_memory(size).total),
        "GB at 16, 8, 4, 3 bits": ", ".join(map(_gb, memory)),
    }


def _parts(counted: Counted) -> tuple[Part, ...]:
    return (*counted.decoder, *counted.senses)


def _gb(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:,.0f}" if size_bytes >= 100e9 else f"{size_bytes / 1e9:.3g}"


def _short(number: int) -> str:
    return f"{number / 1e9:.2f} G" if number >= 1e9 else f"{number / 1e6:.1f} M"

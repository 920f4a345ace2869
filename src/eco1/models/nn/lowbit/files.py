"""Low-bit decoders on disk: made from public shards tensor by tensor, saved, and loaded again."""

from collections.abc import Collection
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

import torch
from torch import nn

from eco1.core.errors import CheckpointError
from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.packed import PackedMatrix
from eco1.models.nn.lowbit.swap import LowBitRule, swap
from eco1.models.nn.public import CONFIG, SHARD_BYTES, Piece, load_weights, read_public_json, save_weights
from eco1.models.nn.public.load import check, fill
from eco1.models.nn.public.shards import Shards
from eco1.models.nn.qwen3 import Qwen3, Qwen3Config
from eco1.models.nn.qwen3.public_names import fused_layers, pieces

_VERSION = 1


def load_public_low_bit(
    folder: Path, rule: LowBitRule, *, dtype: torch.dtype | None = None, device: str = "cpu"
) -> Qwen3:
    """Return the model of a public folder with the layers of a rule in few bits, in evaluation mode.

    Every tensor is read, rounded and put in its place before the next one is read: memory holds the packed model and
    one tensor.

    Args:
        folder: holds ``config.json`` and ``model.safetensors``, or shards with their index.
        rule: which layers, and how.
        dtype: type of the other weights; None keeps each as it is stored.
        device: where the weights go.

    Raises:
        CheckpointError: when a file is missing or damaged, or the tensors are not those of the config.
        ConfigError: when the config is of another model, or a layer does not fall into groups.
    """
    config = Qwen3Config.from_public(read_public_json(folder / CONFIG))
    with torch.device("meta"):
        model = Qwen3(config)
    full = dict(model.named_parameters())
    swap(model, rule)
    with Shards(folder) as shards:
        plan = list(pieces(config, fused_layers(config, shards.shapes)))
        check(folder, plan, full, shards.shapes, {"lm_head.weight"} if config.tied else ())
        packed = {name: module for name, module in model.named_modules() if isinstance(module, PackedMatrix)}
        for parameter, parts in groupby(plan, key=lambda piece: piece.parameter):
            if parameter in packed:
                room = packed[parameter].to_empty(device=device)
                for piece in parts:
                    _put(room, piece, shards)
            else:
                fill(model, parameter, list(parts), shards, dtype, device)
    return model.eval()


def save_low_bit(model: Qwen3, rule: LowBitRule, folder: Path, *, shard_bytes: int = SHARD_BYTES) -> Path:
    """Write a model whose layers were swapped by ``rule``: ``config.json`` and safetensors; see ``save_weights``.

    Raises:
        CheckpointError: when the disk is full or cannot be written to.
    """
    config = {"low_bit": {"version": _VERSION, **asdict(rule)}, "decoder": model.config.to_public()}
    return save_weights(model, folder, config, as_they_are(model), shard_bytes=shard_bytes)


def load_low_bit(folder: Path, *, device: str = "cpu") -> Qwen3:
    """Return a model that ``save_low_bit`` wrote, in evaluation mode.

    Raises:
        CheckpointError: when a file is missing or damaged, or was written otherwise.
    """
    config, rule = read_low_bit_config(folder)

    def build() -> Qwen3:
        model = Qwen3(config)
        swap(model, rule)
        return model

    with torch.device("meta"):
        plan = as_they_are(build())

    def planned(_names: Collection[str]) -> list[Piece]:
        return plan

    return load_weights(folder, build, planned, device=device)


def is_low_bit(folder: Path) -> bool:
    """Return whether a folder says that its weights are in few bits.

    Raises:
        CheckpointError: when it has no readable ``config.json``.
    """
    return "low_bit" in read_public_json(folder / CONFIG)


def read_low_bit_config(folder: Path) -> tuple[Qwen3Config, LowBitRule]:
    """Return the sizes of a saved model, and by which rule its layers were swapped.

    Raises:
        CheckpointError: when the folder is of another kind or version.
    """
    content = read_public_json(folder / CONFIG)
    told = content.get("low_bit")
    if not isinstance(told, dict) or told.get("version") != _VERSION:
        raise CheckpointError(
            f"{folder / CONFIG} is not of low-bit weights of version {_VERSION}. Public weights are read by "
            "load_public_low_bit, which makes such weights of them."
        )
    rule = LowBitRule(experts=_form(told["experts"]), matrices=_form(told["matrices"]), kept=tuple(told["kept"]))
    return Qwen3Config.from_public(content["decoder"]), rule


def _form(settings: dict[str, Any] | None) -> LowBitForm | None:
    return None if settings is None else LowBitForm(**settings)


def as_they_are(model: nn.Module) -> list[Piece]:
    """Return a plan by which every parameter is stored under its own name."""
    return [Piece(public=name, parameter=name) for name, _ in model.named_parameters()]


def _put(packed: PackedMatrix, piece: Piece, shards: Shards) -> None:
    """Round a public tensor (out, in), or a stack of them, into its place."""
    stored = shards.tensor(piece.public)
    if not stored.is_floating_point():
        raise CheckpointError(f"{piece.public} is stored as {stored.dtype}; quantised weights cannot be loaded.")
    if stored.ndim == 2:
        packed.put(stored, piece.rows, piece.expert)
        return
    for number, matrix in enumerate(stored):
        packed.put(matrix, piece.rows, number)

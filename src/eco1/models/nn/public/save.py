"""Saving in the public layout, so that transformers and others read it."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor, nn

from eco1.core.errors import CheckpointError, ConfigError
from eco1.core.files import PART, flush, write_durably
from eco1.models.nn.public.pieces import Piece
from eco1.models.nn.public.shards import CONFIG, INDEX, SINGLE

SHARD_BYTES = 5_000_000_000  # as the public folders are cut


def save_weights(
    model: nn.Module, folder: Path, config: Mapping[str, Any], plan: Sequence[Piece], *, shard_bytes: int
) -> Path:
    """Write ``config.json`` and the weights that a plan names.

    A shard has at most ``shard_bytes``, or one bigger tensor. New files are written beside the old ones and renamed
    when all are on the disk, the index last: a folder without one, where an older index was taken away, holds no whole
    set. Memory holds one shard besides the model.

    Returns:
        The folder.

    Raises:
        CheckpointError: when the disk is full or cannot be written to.
        ConfigError: when ``shard_bytes`` is below 1.
    """
    if shard_bytes < 1:
        raise ConfigError(f"shard_bytes is {shard_bytes}; it must be at least 1.")
    parameters = {name: parameter.detach() for name, parameter in model.named_parameters()}
    shards = _cut(plan, parameters, shard_bytes)
    names = [_shard_name(number, len(shards)) for number in range(len(shards))]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, shard in zip(names, shards, strict=True):
            _write_shard(folder / (name + PART), shard, parameters)
        _put_in_place(folder, names, {**config, "torch_dtype": _dtype(parameters)}, _index(names, shards, parameters))
    except (OSError, SafetensorError) as error:  # safetensors wraps a full disk
        for part in (folder / (name + PART) for name in names):
            if part.exists():
                part.unlink()
        raise CheckpointError(
            f"Could not write the model to {folder}: {error}. Make room, then save it again."
        ) from error
    return folder


def _cut(plan: Sequence[Piece], parameters: dict[str, Tensor], most: int) -> list[list[Piece]]:
    shards: list[list[Piece]] = []
    room = 0
    for piece in plan:
        size = _size(piece, parameters)
        if not shards or size > room:
            shards.append([])
            room = most
        shards[-1].append(piece)
        room -= size
    return shards


def _size(piece: Piece, parameters: dict[str, Tensor]) -> int:
    tensor = piece.of(parameters[piece.parameter])
    return tensor.numel() * tensor.element_size()


def _shard_name(number: int, count: int) -> str:
    return SINGLE if count == 1 else f"model-{number + 1:05d}-of-{count:05d}.safetensors"


def _write_shard(path: Path, shard: Sequence[Piece], parameters: dict[str, Tensor]) -> None:
    tensors = {piece.public: piece.of(parameters[piece.parameter]).cpu().contiguous() for piece in shard}
    save_file(tensors, path, metadata={"format": "pt"})  # transformers wants to be told the framework
    flush(path)


def _put_in_place(folder: Path, names: Sequence[str], config: dict[str, Any], index: dict[str, Any]) -> None:
    """Rename the shards, then write the index; older files that would be read instead, or never again, go."""
    sharded = len(names) > 1
    (folder / INDEX).unlink(missing_ok=True)
    if sharded:
        (folder / SINGLE).unlink(missing_ok=True)
    write_durably(folder / CONFIG, _json(config))
    for name in names:
        (folder / (name + PART)).replace(folder / name)
    flush(folder)
    if sharded:
        write_durably(folder / INDEX, _json(index))
    for path in folder.glob("model-*-of-*.safetensors*"):
        if path.name not in names:
            path.unlink()


def _dtype(parameters: Mapping[str, Tensor]) -> str:
    return str(next(iter(parameters.values())).dtype).removeprefix("torch.")


def _index(names: Sequence[str], shards: Sequence[Sequence[Piece]], parameters: dict[str, Tensor]) -> dict[str, Any]:
    places = {piece.public: name for name, shard in zip(names, shards, strict=True) for piece in shard}
    total = sum(_size(piece, parameters) for shard in shards for piece in shard)
    return {"metadata": {"total_size": total}, "weight_map": places}


def _json(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, indent=2) + "\n").encode()

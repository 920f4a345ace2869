"""Loading the public weights of Qwen3 and Qwen3-MoE, one tensor at a time."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path

import torch
from torch import Tensor, nn

from eco1.core.errors import CheckpointError
from eco1.models.nn.qwen3.config import Qwen3Config
from eco1.models.nn.qwen3.decoder import Qwen3
from eco1.models.nn.qwen3.public_names import Piece, fused_layers, pieces
from eco1.models.nn.qwen3.public_shards import CONFIG, Shards, read_public_json

_PLAIN = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
_NAMED = 4  # names that an error lists of each kind


def load_public(folder: Path, *, dtype: torch.dtype | None = None, device: str = "cpu") -> Qwen3:
    """Return the model of a folder in the public layout, in evaluation mode.

    The files are mapped, not read, and each tensor is copied straight to its place in the model: memory holds the model
    once, and what the system keeps of the files. Experts may be stored one by one or stacked.

    Args:
        folder: holds ``config.json`` and ``model.safetensors``, or shards with ``model.safetensors.index.json``.
        dtype: type of all weights; None keeps each as it is stored.
        device: where the weights go.

    Raises:
        CheckpointError: when a file is missing or damaged, or the tensors are not those of the config.
        ConfigError: when the config is of another model or asks for something this decoder cannot do.
    """
    config = Qwen3Config.from_public(read_public_json(folder / CONFIG))
    with torch.device("meta"):
        model = Qwen3(config)
    with Shards(folder) as shards:
        plan = list(pieces(config, fused_layers(config, shards.shapes)))
        _check(folder, config, plan, dict(model.named_parameters()), shards.shapes)
        for parameter, parts in groupby(plan, key=lambda piece: piece.parameter):
            _fill(model, parameter, list(parts), shards, dtype, device)
    return model.eval()


def _fill(
    model: Qwen3, name: str, parts: Iterable[Piece], shards: Shards, dtype: torch.dtype | None, device: str
) -> None:
    """Give one parameter its memory and copy its pieces there."""
    path, _, leaf = name.rpartition(".")
    owner = model.get_submodule(path)
    filled: Tensor | None = None
    for piece in parts:
        stored = shards.tensor(piece.public)
        if stored.dtype not in _PLAIN:
            raise CheckpointError(f"{piece.public} is stored as {stored.dtype}; quantised weights cannot be loaded.")
        if filled is None:
            filled = torch.empty_like(owner.get_parameter(leaf), dtype=dtype or stored.dtype, device=device)
        piece.of(filled.detach()).copy_(stored)
    assert filled is not None  # every group has a piece
    setattr(owner, leaf, nn.Parameter(filled))


def _check(
    folder: Path,
    config: Qwen3Config,
    plan: Iterable[Piece],
    parameters: Mapping[str, Tensor],
    found: Mapping[str, tuple[int, ...]],
) -> None:
    """Compare names and shapes before anything is read."""
    wanted = {piece.public: tuple(piece.of(parameters[piece.parameter]).shape) for piece in plan}
    ignored = {"lm_head.weight"} if config.tied else set[str]()  # some store the tied matrix twice
    wrong = {
        "missing": [name for name in wanted if name not in found],
        "not part of the model": [name for name in found if name not in wanted and name not in ignored],
        "of another shape": [
            f"{name} {list(found[name])} (expected {list(shape)})"
            for name, shape in wanted.items()
            if name in found and found[name] != shape
        ],
    }
    told = [f"{kind}: {_listed(names)}" for kind, names in wrong.items() if names]
    if told:
        raise CheckpointError(f"The weights in {folder} are not those of its {CONFIG}. " + "; ".join(told) + ".")


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more

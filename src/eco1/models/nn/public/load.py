"""Loading public weights, one tensor at a time."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import TypeVar

import torch
from torch import Tensor, nn

from eco1.core.errors import CheckpointError
from eco1.models.nn.public.pieces import Piece
from eco1.models.nn.public.shards import CONFIG, Shards

M = TypeVar("M", bound=nn.Module)

_PLAIN = (torch.float32, torch.bfloat16, torch.float16, torch.float64)
_NAMED = 4  # names that an error lists of each kind


def load_weights(
    folder: Path,
    build: Callable[[], M],
    plan: Callable[[Collection[str]], Sequence[Piece]],
    *,
    ignored: Collection[str] = (),
    dtype: torch.dtype | None = None,
    device: str = "cpu",
) -> M:
    """Return the model of a folder in the public layout, in evaluation mode.

    The files are mapped, not read, and each tensor is copied straight to its place in the model: memory holds the model
    once, and what the system keeps of the files. Buffers that are not stored are left as they were built.

    Args:
        folder: holds ``model.safetensors``, or shards with ``model.safetensors.index.json``.
        build: makes the model; called on the meta device, so that its first weights take no memory.
        plan: says from the names of all public tensors which is which part of the model, those of a parameter in a row.
        ignored: public tensors that need not be part of the model.
        dtype: type of all weights; None keeps each as it is stored.
        device: where the weights go.

    Raises:
        CheckpointError: when a file is missing or damaged, or the tensors are not those of the model.
    """
    with torch.device("meta"):
        model = build()
    with Shards(folder) as shards:
        pieces = plan(shards.shapes)
        check(folder, pieces, dict(model.named_parameters()), shards.shapes, ignored)
        for parameter, parts in groupby(pieces, key=lambda piece: piece.parameter):
            fill(model, parameter, list(parts), shards, dtype, device)
    return model.eval()


def fill(
    model: nn.Module, name: str, parts: Iterable[Piece], shards: Shards, dtype: torch.dtype | None, device: str
) -> None:
    """Give one parameter its memory and copy its pieces there.

    Raises:
        CheckpointError: when codes of few bits are stored where weights belong.
    """
    path, _, leaf = name.rpartition(".")
    owner = model.get_submodule(path)
    expected = owner.get_parameter(leaf)
    filled: Tensor | None = None
    for piece in parts:
        stored = shards.tensor(piece.public)
        if stored.dtype != expected.dtype and not (stored.dtype in _PLAIN and expected.is_floating_point()):
            raise CheckpointError(f"{piece.public} is stored as {stored.dtype}; quantised weights cannot be loaded.")
        if filled is None:
            kept = stored.dtype if dtype is None or not expected.is_floating_point() else dtype
            filled = torch.empty_like(expected, dtype=kept, device=device)
        piece.of(filled.detach()).copy_(stored)
    assert filled is not None  # every group has a piece
    setattr(owner, leaf, nn.Parameter(filled, requires_grad=expected.requires_grad))


def check(
    folder: Path,
    plan: Iterable[Piece],
    parameters: Mapping[str, Tensor],
    found: Mapping[str, tuple[int, ...]],
    ignored: Collection[str],
) -> None:
    """Compare names and shapes before anything is read.

    Raises:
        CheckpointError: when the tensors found are not those of the plan.
    """
    wanted = {piece.public: tuple(piece.of(parameters[piece.parameter]).shape) for piece in plan}
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

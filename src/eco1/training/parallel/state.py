"""Tensors that ranks hold in parts, made whole for a file, and dealt out again."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.distributed.tensor import DTensor
from torch.distributed.tensor._utils import compute_local_shape_and_global_offset

from eco1.core.errors import CheckpointError
from eco1.training.parallel.gradients import local
from eco1.training.parallel.plans import Orders


@torch.no_grad()
def gathered(tensors: Mapping[str, Tensor], orders: Orders, *, keep: bool) -> dict[str, Tensor]:
    """Return whole tensors on the CPU, rows in the model's own order. All ranks must come; who does not keep gets none.

    One tensor at a time is put together, so that a GPU never holds the whole model.
    """
    whole: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        full = tensor.full_tensor() if isinstance(tensor, DTensor) else tensor
        if keep:
            whole[name] = in_model_order(full.detach().cpu(), orders.get(parameter_of(name)))
    return whole


@torch.no_grad()
def dealt(full: Tensor, like: Tensor, order: Tensor | None) -> Tensor:
    """Return a tensor divided as ``like`` is, of which ``full`` is the whole in the model's own order."""
    full = full if order is None or full.ndim == 0 else full[order]
    if not isinstance(like, DTensor):
        return full.to(like.device)
    shape, offset = compute_local_shape_and_global_offset(like.shape, like.device_mesh, like.placements)
    part = full[tuple(slice(start, start + size) for start, size in zip(offset, shape, strict=True))]
    return DTensor.from_local(
        part.contiguous().to(like.device),
        like.device_mesh,
        like.placements,
        run_check=False,
        shape=like.shape,
        stride=like.stride(),
    )


@torch.no_grad()
def load_whole(model: nn.Module, whole: Mapping[str, Tensor], orders: Orders) -> None:
    """Fill this rank's part of a model from whole tensors.

    Raises:
        CheckpointError: when they are another model's.
    """
    own = model.state_dict()
    if own.keys() != whole.keys() or any(own[name].shape != whole[name].shape for name in own):
        odd = sorted(own.keys() ^ whole.keys()) or [n for n in own if own[n].shape != whole[n].shape]
        raise CheckpointError(f"The checkpoint holds the weights of another model: {', '.join(odd)[:400]}.")
    for name, tensor in own.items():
        local(tensor).copy_(local(dealt(whole[name], tensor, orders.get(name))))


def dealt_moments(model: nn.Module, whole: Mapping[str, Tensor], orders: Orders) -> dict[str, Tensor]:
    """Return this rank's part of an optimiser's named tensors. A parameter's moments lie where it lies."""
    parameters = dict(model.named_parameters())
    return {
        name: tensor
        if tensor.ndim == 0 or parameter_of(name) not in parameters
        else dealt(tensor, parameters[parameter_of(name)], orders.get(parameter_of(name)))
        for name, tensor in whole.items()
    }


def parameter_of(name: str) -> str:
    """Return the parameter whose weight or moment (``exp_avg/blocks.0.weight``) a tensor is."""
    return name.rpartition("/")[2]


def in_model_order(full: Tensor, order: Tensor | None) -> Tensor:
    """Return rows that stood in a team's order in the model's own."""
    if order is None or full.ndim == 0:
        return full
    plain = torch.empty_like(full)
    plain[order] = full
    return plain

"""Gradients over ranks: their mean, and their norm."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import torch
from torch import Tensor, distributed, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.tensor import DTensor

from eco1.training.parallel.team import DATA, Team

_BUCKET = 2**23  # numbers exchanged at once: large enough to fill a link, small beside a model
#: The mesh and its axes over which a tensor is divided; no axes where this rank holds all of it.
_Axes = tuple[DeviceMesh | None, tuple[int, ...]]
_EPSILON = 1e-6  # as in ``torch.nn.utils.clip_grad_norm_``


@torch.no_grad()
def agree_on_gradients(parameters: Sequence[nn.Parameter], team: Team, *, averaged: bool) -> None:
    """Leave on every rank the mean of all ranks' gradients, as far as it holds the parameter.

    Args:
        parameters: those that are learned, in the same order on every rank.
        team: the ranks.
        averaged: whether that was done already for ranks with clips of their own (sharding does).
    """
    assert team.mesh is not None
    if not averaged:
        _fill_gaps(parameters)
    for parameter in parameters:
        _as_placed(parameter)
    if averaged or team.data_ranks == 1:
        return
    group = team.mesh[DATA].get_group()
    for bucket in _buckets([local(p.grad) for p in parameters if p.grad is not None]):
        line = torch.cat([gradient.flatten() for gradient in bucket])
        distributed.all_reduce(line, group=group)
        line /= team.data_ranks
        for gradient, mean in zip(bucket, line.split([g.numel() for g in bucket]), strict=True):
            gradient.copy_(mean.view_as(gradient))


@torch.no_grad()
def clip_over_ranks(parameters: Sequence[nn.Parameter], limit: float) -> float:
    """Scale gradients to a common norm of at most ``limit`` over everything the ranks hold; return the norm before."""
    gradients = [p.grad for p in parameters if p.grad is not None]
    squares: defaultdict[_Axes, Tensor] = defaultdict(lambda: torch.zeros((), device=gradients[0].device))
    for gradient in gradients:
        squares[_divided_over(gradient)] += local(gradient).float().square().sum()
    for (mesh, axes), square in squares.items():
        for axis in axes:
            assert mesh is not None
            distributed.all_reduce(square, group=mesh.get_group(axis))
    norm = torch.stack(list(squares.values())).sum().sqrt()
    scale = (limit / (norm + _EPSILON)).clamp(max=1.0)
    for gradient in gradients:
        local(gradient).mul_(scale.to(gradient.dtype))
    return float(norm)


def local(tensor: Tensor | None) -> Tensor:
    """Return what this rank holds of a tensor."""
    assert tensor is not None
    return tensor.to_local() if isinstance(tensor, DTensor) else tensor


def _fill_gaps(parameters: Sequence[nn.Parameter]) -> None:
    """Give zeros to a parameter that played no part here but did elsewhere, or ranks would wait for each other."""
    used = torch.tensor([p.grad is not None for p in parameters], dtype=torch.uint8, device=parameters[0].device)
    distributed.all_reduce(used, distributed.ReduceOp.MAX)
    for parameter, somewhere in zip(parameters, used.tolist(), strict=True):
        if somewhere and parameter.grad is None:
            parameter.grad = torch.zeros_like(parameter)


def _as_placed(parameter: nn.Parameter) -> None:
    """Sum gradients of which each rank has a part, where the parameter is held by all."""
    gradient = parameter.grad
    if isinstance(parameter, DTensor) and isinstance(gradient, DTensor) and gradient.placements != parameter.placements:
        parameter.grad = gradient.redistribute(placements=parameter.placements)


def _divided_over(gradient: Tensor) -> _Axes:
    if not isinstance(gradient, DTensor):
        return None, ()
    axes = tuple(axis for axis, place in enumerate(gradient.placements) if not place.is_replicate())
    return (gradient.device_mesh, axes) if axes else (None, ())


def _buckets(gradients: Sequence[Tensor]) -> Iterator[list[Tensor]]:
    bucket: list[Tensor] = []
    for gradient in gradients:
        if bucket and (bucket[0].dtype != gradient.dtype or sum(g.numel() for g in bucket) > _BUCKET):
            yield bucket
            bucket = []
        bucket.append(gradient)
    if bucket:
        yield bucket

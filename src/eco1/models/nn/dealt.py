"""Layers whose weights are divided among ranks: what a rank holds, and how the ranks' work becomes one result.

A weight that is divided, or that each rank applies to a part of the work only, is a ``DTensor``; any other tensor
belongs to a process that does everything itself, and passes unchanged. The conjugate pair of a copy (whose gradients
are summed) and a sum (whose gradients are copied) is that of Megatron-LM: Shoeybi et al. (2019), arXiv 1909.08053,
section 3. Who never divides anything does not load torch's distributed tensors, which takes a second.
"""

from typing import TYPE_CHECKING, cast

from torch import Tensor

if TYPE_CHECKING:
    from torch.distributed.device_mesh import DeviceMesh
    from torch.distributed.tensor import DTensor


def crew_of(weight: Tensor) -> "DeviceMesh | None":
    """Return the ranks among which a weight is divided, None when this process holds all of it."""
    return getattr(weight, "device_mesh", None)


def own(weight: Tensor) -> Tensor:
    """Return this rank's part of a weight. Of one that all hold in whole, the ranks' gradients are summed."""
    if crew_of(weight) is None:
        return weight
    from torch.distributed.tensor import Partial, Replicate

    divided = cast("DTensor", weight)
    shared = [Partial() if isinstance(place, Replicate) else place for place in divided.placements]
    return divided.to_local(grad_placements=shared)


def copied(x: Tensor, crew: "DeviceMesh") -> Tensor:
    """Return ``x``, which all ranks have, for work of which each does a part: their gradients are summed."""
    from torch.distributed.tensor import DTensor, Partial, Replicate

    return DTensor.from_local(x, crew, [Replicate()]).to_local(grad_placements=[Partial()])


def summed(x: Tensor, crew: "DeviceMesh") -> Tensor:
    """Return the sum of the ranks' ``x``; each is given the whole gradient."""
    from torch.distributed.tensor import DTensor, Partial, Replicate

    return DTensor.from_local(x, crew, [Partial()]).redistribute(placements=[Replicate()]).to_local()

"""Which points of a cloud stand for it, who is near them, and in what order they are read. Nothing here is random.

Shape letters: b clouds, k points, c centres, s neighbours.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor


def farthest_points(position: Float[Tensor, "b k 3"], there: Bool[Tensor, "b k"], count: int) -> Int[Tensor, "b c"]:
    """Return the numbers of points that lie far from each other: each next one is farthest from those before.

    Farthest point sampling as in PointNet++ (Qi et al. 2017, arXiv 1706.02413, section 3.2). The first is the one that
    is farthest from the middle of the cloud, so that the order of the points does not matter. Only points that are
    ``there`` are taken; each cloud must have ``count`` of them or more.
    """
    share = there.to(position.dtype)[..., None]
    middle = (position * share).sum(1, keepdim=True) / share.sum(1, keepdim=True)
    nearest = _squared(position, middle).masked_fill(~there, -torch.inf)
    chosen = [nearest.argmax(1)]
    nearest = torch.where(there, torch.inf, -torch.inf).to(position.dtype)
    for _ in range(count - 1):
        last = position.gather(1, chosen[-1][:, None, None].expand(-1, 1, 3))
        nearest = torch.minimum(nearest, _squared(position, last))
        nearest.scatter_(1, chosen[-1][:, None], -torch.inf)
        chosen.append(nearest.argmax(1))
    return torch.stack(chosen, dim=1)


def nearest_points(
    centre: Float[Tensor, "b c 3"], position: Float[Tensor, "b k 3"], there: Bool[Tensor, "b k"], count: int
) -> Int[Tensor, "b c s"]:
    """Return the numbers of the points nearest to each centre that are ``there``, nearest first."""
    distance = torch.cdist(centre, position, compute_mode="donot_use_mm_for_euclid_dist")
    return distance.masked_fill(~there[:, None], torch.inf).topk(count, dim=2, largest=False).indices


def nearest_order(centre: Float[Tensor, "b c 3"]) -> Int[Tensor, "b c"]:
    """Return an order in which neighbours in the row are neighbours in space.

    It begins at the smallest sum of coordinates and goes on to the nearest centre that is left: Point-JEPA, arXiv
    2404.16432, section 3.2.
    """
    distance = torch.cdist(centre, centre, compute_mode="donot_use_mm_for_euclid_dist")
    left = torch.zeros_like(distance[:, 0])
    order = [centre.sum(2).argmin(1)]
    for _ in range(centre.shape[1] - 1):
        left.scatter_(1, order[-1][:, None], torch.inf)
        row = distance.gather(1, order[-1][:, None, None].expand(-1, 1, distance.shape[2]))[:, 0]
        order.append((row + left).argmin(1))
    return torch.stack(order, dim=1)


def _squared(position: Float[Tensor, "b k 3"], other: Float[Tensor, "b 1 3"]) -> Float[Tensor, "b k"]:
    return (position - other).square().sum(-1)

"""SIGReg: keeps latents from collapsing by making them look like an isotropic Gaussian from every side.

LeJEPA, Balestriero & LeCun (2025), arXiv 2511.08544.

Shape letters: m latents, d width, s directions, k knots.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor, distributed
from torch.distributed.nn.functional import all_reduce

_KNOTS, _REACH = 17, 3.0  # as published: the integral from 0 to 3, counted twice for its mirror image
_DIRECTIONS = 1024
_ROWS = 512  # our choice: a usual batch of views in its experiments


def sigreg(
    latents: Float[Tensor, "m d"], generator: Generator | None = None, directions: int = _DIRECTIONS
) -> Float[Tensor, ""]:
    """Return the Epps-Pulley statistic of latents, mean over random directions: the larger, the less Gaussian.

    It is m times the squared distance between the empirical characteristic function and that of a standard normal,
    exp(-t^2 / 2), weighted by the latter (Epps & Pulley 1983, DOI 10.1093/biomet/70.3.723).

    On several ranks the characteristic function is that of all their latents: its sums are exchanged together with
    their gradients, so that gradients averaged over the ranks are those of one process that holds everything. All ranks
    must draw the same directions, so give them generators of one seed.
    """
    direction = torch.randn(latents.shape[-1], directions, generator=generator).to(latents)
    projected = latents @ (direction / direction.norm(dim=0))
    knots = torch.linspace(0.0, _REACH, _KNOTS, device=latents.device, dtype=latents.dtype)
    normal = torch.exp(-0.5 * knots.square())
    angle = projected[..., None] * knots
    count = latents.new_tensor(float(latents.shape[0]))
    sums, count = _over_ranks(torch.stack([angle.cos().sum(0), angle.sin().sum(0)])), _over_ranks(count)
    real, imaginary = sums / count
    off = ((real - normal).square() + imaginary.square()) * normal
    return 2.0 * count * torch.trapezoid(off, knots, dim=-1).mean()


def sigreg_of_some(
    latents: Float[Tensor, "m d"], generator: Generator | None = None, rows: int = _ROWS
) -> Float[Tensor, ""]:
    """Return the statistic of at most so many latents, drawn anew each time.

    It grows with the number of latents. A clip has hundreds of tokens: all of them would outweigh what is predicted
    far more than the batches of single views did for which the trade-off was published, and cost as much more.
    """
    drawn = torch.randperm(latents.shape[0], generator=generator)[:rows]
    return sigreg(latents[drawn.to(latents.device)], generator)


def _over_ranks(value: Tensor) -> Tensor:
    """Return the sum over all ranks, or the value itself when there is one."""
    return all_reduce(value) if distributed.is_available() and distributed.is_initialized() else value

"""Moving pictures by a flow, and comparing them with their surroundings.

A flow (right, down, in pixels of its own grid) belongs to the later picture: what is seen at a pixel was at pixel minus
flow before, as in ``core.senses.Frames.flow_px``.

Shape letters: b pictures, c channels, y rows, x columns, k displacements.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


def warped(before: Float[Tensor, "b c y x"], flow: Float[Tensor, "b 2 y x"]) -> Float[Tensor, "b c y x"]:
    """Return the earlier picture as it would look after this flow: values between pixels are bilinear.

    What comes from outside of the picture is taken from its border.
    """
    rows, columns = before.shape[-2:]
    down, right = torch.meshgrid(
        torch.arange(rows, device=flow.device, dtype=flow.dtype),
        torch.arange(columns, device=flow.device, dtype=flow.dtype),
        indexing="ij",
    )
    from_x = 2.0 * (right - flow[:, 0]) / max(columns - 1, 1) - 1.0
    from_y = 2.0 * (down - flow[:, 1]) / max(rows - 1, 1) - 1.0
    grid = torch.stack([from_x, from_y], dim=-1)
    return functional.grid_sample(before, grid.to(before.dtype), padding_mode="border", align_corners=True)


def correlation(
    one: Float[Tensor, "b c y x"], other: Float[Tensor, "b c y x"], radius: int
) -> Float[Tensor, "b k y x"]:
    """Return how alike each pixel of one is to each within ``radius`` of it in the other: mean product of channels.

    The cost volume of PWC-Net, Sun et al. (2018), arXiv 1709.02371, section 3; outside of the picture it is 0.
    """
    rows, columns = one.shape[-2:]
    padded = functional.pad(other, (radius, radius, radius, radius))
    steps = range(2 * radius + 1)
    return torch.stack(
        [(one * padded[:, :, y : y + rows, x : x + columns]).mean(1) for y in steps for x in steps], dim=1
    )


def scaled_flow(flow: Float[Tensor, "b 2 y x"], rows: int, columns: int) -> Float[Tensor, "b 2 q p"]:
    """Return the same motion on another grid, in pixels of that grid."""
    ratio = flow.new_tensor([columns / flow.shape[-1], rows / flow.shape[-2]])[:, None, None]
    return functional.interpolate(flow, (rows, columns), mode="bilinear", align_corners=False) * ratio

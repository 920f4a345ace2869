"""Motion from coarse to fine: each level corrects what the coarser one has found.

PWC-Net, Sun et al. (2018), arXiv 1709.02371.

Shape letters: b pictures, c channels, y rows, x columns.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.flow.warping import correlation, scaled_flow, warped


class FlowEstimator(nn.Module):
    """One small network per level, from the likeness to shifted features to a correction of the flow."""

    def __init__(self, widths: tuple[int, ...], hidden: int, radius: int) -> None:
        super().__init__()
        self.radius = radius
        shifts = (2 * radius + 1) ** 2
        self.levels = nn.ModuleList(_corrector(shifts + width + 2, hidden) for width in widths)

    def forward(
        self, before: Sequence[Float[Tensor, "b _ _ _"]], now: Sequence[Float[Tensor, "b _ _ _"]]
    ) -> tuple[Float[Tensor, "b 2 _ _"], ...]:
        """Return the flow of every level, the finest first as in the pyramids, each in pixels of its level."""
        flow = now[-1].new_zeros(now[-1].shape[0], 2, *now[-1].shape[-2:])
        flows: list[Tensor] = []
        for level in reversed(range(len(now))):
            flow = scaled_flow(flow, *now[level].shape[-2:])
            alike = correlation(_unit(now[level]), warped(_unit(before[level]), flow), self.radius)
            flow = flow + self.levels[level](torch.cat([alike, now[level], flow], dim=1))
            flows.append(flow)
        return tuple(reversed(flows))


def _unit(features: Float[Tensor, "b c y x"]) -> Float[Tensor, "b c y x"]:
    """Return features of one size at every pixel, so that correlation compares kinds, not strengths (UFlow)."""
    return functional.layer_norm(features.movedim(1, -1), features.shape[1:2]).movedim(-1, 1)


def _corrector(coming: int, hidden: int) -> nn.Sequential:
    """Return a network that begins by correcting nothing."""
    leave = nn.Conv2d(hidden, 2, 3, padding=1)
    for parameter in leave.parameters():
        nn.init.zeros_(parameter)
    return nn.Sequential(
        nn.Conv2d(coming, hidden, 3, padding=1),
        nn.LeakyReLU(0.1),  # as in PWC-Net
        nn.Conv2d(hidden, hidden, 3, padding=1),
        nn.LeakyReLU(0.1),
        leave,
    )

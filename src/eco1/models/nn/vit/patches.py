"""From pictures, video and spectrograms to tokens.

Shape letters: b clips, t frames, c channels, y rows, x columns, n tokens, d width.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.core.errors import ConfigError


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """Vectors and where each lies: steps along time, down and across, counted in patches, or coordinates in space."""

    value: Float[Tensor, "b n d"]
    position: Float[Tensor, "b n 3"]

    def only(self, kept: Int[Tensor, "b k"]) -> "Tokens":
        """Return the tokens with these numbers, another choice for each clip."""
        return Tokens(value=gathered(self.value, kept), position=gathered(self.position, kept))


def gathered(rows: Float[Tensor, "b n d"], kept: Int[Tensor, "b k"]) -> Float[Tensor, "b k d"]:
    """Return the rows with these numbers."""
    return rows.gather(1, kept[..., None].expand(-1, -1, rows.shape[-1]))


def grid_of(size: tuple[int, int, int], patch: tuple[int, int, int]) -> tuple[int, int, int]:
    """Return how many patches lie along time, rows and columns of a clip.

    Raises:
        ConfigError: when the clip is smaller than a patch, or is not made of whole ones.
    """
    for name, length, step in zip(("frames", "rows", "columns"), size, patch, strict=True):
        if step < 1 or length < step or length % step:
            near = max(length // max(step, 1), 1) * max(step, 1)
            raise ConfigError(f"{length} {name} do not fall into patches of {step}. Cut or stretch them to {near}.")
    return size[0] // patch[0], size[1] // patch[1], size[2] // patch[2]


class Patches(nn.Module):
    """Cuts a clip into boxes of frames x rows x columns (a tubelet) and maps each to a vector.

    A picture is a clip of one frame, a spectrogram one of one channel.
    """

    def __init__(self, channels: int, patch: tuple[int, int, int], width: int) -> None:
        super().__init__()
        self.patch = patch
        self.weight = nn.Parameter(torch.empty(width, channels, *patch))
        self.bias = nn.Parameter(torch.zeros(width))
        nn.init.normal_(self.weight, std=self.weight[0].numel() ** -0.5)  # as large as the sines that may be added

    def forward(self, clip: Float[Tensor, "b t c y x"]) -> Tokens:
        """Return one token per patch, time first, then rows. One product of matrices; convolutions are slower here."""
        boxes = boxes_of(clip, self.patch)
        return Tokens(
            value=nn.functional.linear(boxes.value, self.weight.flatten(1), self.bias), position=boxes.position
        )


def boxes_of(clip: Float[Tensor, "b t c y x"], patch: tuple[int, int, int]) -> Tokens:
    """Return the pixels of each patch, channels first in it, and where it lies."""
    batch, frames, channels, rows, columns = clip.shape
    grid = grid_of((frames, rows, columns), patch)
    deep, high, wide = patch
    boxes = clip.reshape(batch, grid[0], deep, channels, grid[1], high, grid[2], wide)
    boxes = boxes.permute(0, 1, 4, 6, 3, 2, 5, 7).reshape(batch, grid[0] * grid[1] * grid[2], -1)
    return Tokens(value=boxes, position=grid_positions(grid, clip.device).expand(batch, -1, -1))


def grid_positions(grid: tuple[int, int, int], device: torch.device) -> Float[Tensor, "n 3"]:
    """Return the position of every patch of a grid, in the order of ``Patches``."""
    axes = [torch.arange(size, device=device, dtype=torch.float32) for size in grid]
    return torch.stack(torch.meshgrid(*axes, indexing="ij"), dim=-1).flatten(0, -2)

"""A convolutional encoder whose every level halves the picture.

Shape letters: b pictures, c channels, y rows, x columns.
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.norm import over_channels

_HIDDEN = 4


class Pyramid(nn.Module):
    """Features at several scales, the finest first; the coarsest know most of what is around them."""

    def __init__(self, channels: int, widths: tuple[int, ...]) -> None:
        super().__init__()
        pairs = zip((channels, *widths), widths, strict=False)
        self.halve = nn.ModuleList(nn.Conv2d(coming, width, 3, stride=2, padding=1) for coming, width in pairs)
        self.blocks = nn.ModuleList(ConvNextBlock(width) for width in widths)

    def forward(self, picture: Float[Tensor, "b c y x"]) -> tuple[Float[Tensor, "b _ _ _"], ...]:
        """Return the features of every level."""
        levels: list[Tensor] = []
        for halve, block in zip(self.halve, self.blocks, strict=True):
            picture = block(halve(picture))
            levels.append(picture)
        return tuple(levels)


class ConvNextBlock(nn.Module):
    """A convolution per channel over 7 x 7 pixels, then an MLP per pixel: Liu et al. (2022), arXiv 2201.03545."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.look = nn.Conv2d(width, width, 7, padding=3, groups=width)
        self.norm = nn.LayerNorm(width)
        self.widen = nn.Conv2d(width, _HIDDEN * width, 1)
        self.narrow = nn.Conv2d(_HIDDEN * width, width, 1)

    def forward(self, x: Float[Tensor, "b c y x"]) -> Float[Tensor, "b c y x"]:
        """Return the features one block further."""
        return x + self.narrow(functional.gelu(self.widen(over_channels(self.norm, self.look(x)))))

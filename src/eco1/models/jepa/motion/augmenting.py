"""Two views of one picture, to learn what stays the same.

Shape letters: b pictures, c channels, y rows, x columns.
"""

import torch
from jaxtyping import Float
from torch import Generator, Tensor
from torch.nn import functional

# After BYOL, arXiv 2006.07733, appendix B, which VICReg follows; ours are gentler, as small pictures bear less: crops
# keep 30 % of a picture or more (8 % there), and nothing is blurred or solarised.
_LEAST_AREA = 0.3
_BRIGHTNESS, _CONTRAST, _SATURATION = 0.4, 0.4, 0.2
_GREY_CHANCE = 0.2
_GREY = (0.299, 0.587, 0.114)  # luma, ITU-R BT.601


def random_view(picture: Float[Tensor, "b 3 y x"], generator: Generator | None) -> Float[Tensor, "b 3 y x"]:
    """Return pictures (0 to 1) cut, mirrored and tinted at random, each in another way. Chance is the CPU's."""
    chance = torch.rand(picture.shape[0], 8, generator=generator).to(picture)
    return _tinted(_cut(picture, chance[:, :4]), chance[:, 4:])


def _cut(picture: Float[Tensor, "b 3 y x"], chance: Float[Tensor, "b 4"]) -> Float[Tensor, "b 3 y x"]:
    side = (_LEAST_AREA + (1.0 - _LEAST_AREA) * chance[:, 0]).sqrt()
    mirrored = torch.where(chance[:, 1] < 0.5, -1.0, 1.0)
    right, down = ((2.0 * chance[:, axis] - 1.0) * (1.0 - side) for axis in (2, 3))
    none = torch.zeros_like(side)
    rows = torch.stack([side * mirrored, none, right], dim=1), torch.stack([none, side, down], dim=1)
    grid = functional.affine_grid(torch.stack(rows, dim=1), list(picture.shape), align_corners=False)
    return functional.grid_sample(picture, grid, padding_mode="border", align_corners=False)


def _tinted(picture: Float[Tensor, "b 3 y x"], chance: Float[Tensor, "b 4"]) -> Float[Tensor, "b 3 y x"]:
    weights = picture.new_tensor(_GREY)[:, None, None]
    brightness, contrast, saturation = (
        (1.0 + strength * (2.0 * chance[:, number] - 1.0))[:, None, None, None]
        for number, strength in enumerate((_BRIGHTNESS, _CONTRAST, _SATURATION))
    )
    saturation = torch.where(chance[:, 3, None, None, None] < _GREY_CHANCE, 0.0, saturation)
    picture = picture * brightness
    middle = picture.mean((1, 2, 3), keepdim=True)
    picture = middle + contrast * (picture - middle)
    grey = (picture * weights).sum(1, keepdim=True)
    return (grey + saturation * (picture - grey)).clamp(0.0, 1.0)

"""Random crops of pictures and video, resized to the size they had.

Shape letters: b clips, t frames, c channels, y rows, x columns.
"""

import math

import torch
from jaxtyping import Float
from torch import Generator, Tensor
from torch.nn import functional

#: Width by height of a crop: Szegedy et al. (2014), arXiv 1409.4842, section 6.
_SQUAREST, _FLATTEST = 3 / 4, 4 / 3


def random_crops(
    x: Float[Tensor, "b t c y x"], least_area: float, generator: Generator | None
) -> Float[Tensor, "b t c y x"]:
    """Return one crop of each clip, the same in all its frames, of between ``least_area`` and all of the picture."""
    batch, frames = x.shape[:2]
    lots = torch.rand(4, batch, generator=generator)
    area = least_area + (1.0 - least_area) * lots[0]
    shape = torch.exp(math.log(_SQUAREST) + (math.log(_FLATTEST) - math.log(_SQUAREST)) * lots[1])
    size = torch.stack([(area * shape).sqrt(), (area / shape).sqrt()]).clamp(max=1.0)  # across, down
    middle = (2.0 * lots[2:] - 1.0) * (1.0 - size)  # pictures reach from -1 to 1
    turn = torch.zeros(batch, 2, 3)
    turn[:, 0, 0], turn[:, 1, 1], turn[:, :, 2] = size[0], size[1], middle.T
    grid = functional.affine_grid(turn.to(x.device), [batch, 1, *x.shape[3:]], align_corners=False)
    grid = grid[:, None].expand(-1, frames, -1, -1, -1).flatten(0, 1).to(x.dtype)
    found = functional.grid_sample(x.flatten(0, 1), grid, padding_mode="border", align_corners=False)
    return found.unflatten(0, (batch, frames))

"""Crops show a part of the picture, as large as the whole was, and the same part in every frame."""

import torch

from eco1.models.nn.crops import random_crops


def ramp(batch: int) -> torch.Tensor:
    """Pictures whose first channel tells the column, whose second tells the row, from -1 to 1, all frames alike."""
    line = torch.linspace(-1, 1, 32)
    picture = torch.stack([line.expand(32, 32), line[:, None].expand(32, 32), torch.zeros(32, 32)])
    return picture.expand(batch, 3, -1, -1, -1)


def test_a_crop_is_a_box_of_the_picture_and_the_same_in_all_frames():
    x = ramp(200)
    found = random_crops(x, 0.25, torch.Generator().manual_seed(0))
    assert found.shape == x.shape
    assert torch.equal(found[:, 0], found[:, 2])
    across = (found[:, 0, 0, 0, -1] - found[:, 0, 0, 0, 0]) / 2
    down = (found[:, 0, 1, -1, 0] - found[:, 0, 1, 0, 0]) / 2
    area, shape = across * down, across / down
    assert 0.2 < area.min() < 0.4
    assert 0.85 < area.max() <= 1.0
    assert shape.min() > 0.7
    assert shape.max() < 1.4
    middle = found[:, 0, 0, 0].mean(-1)
    assert middle.min() < -0.2
    assert middle.max() > 0.2
    assert torch.allclose(found[:, 0, 0], found[:, 0, 0, :1].expand(-1, 32, -1), atol=1e-5)  # boxes are upright


def test_the_same_draw_gives_the_same_crops():
    x = torch.rand(4, 2, 3, 16, 16)
    one, other = (random_crops(x, 0.3, torch.Generator().manual_seed(5)) for _ in range(2))
    assert torch.equal(one, other)

"""What is shown and what is hidden."""

import pytest
import torch

from eco1.models.nn.masking import CurriculumMasks, PictureMasks, TubeMasks

GRID = (4, 8, 8)


def cells(numbers: torch.Tensor, grid=GRID) -> torch.Tensor:
    """Return which patches have these numbers, as (b, t, y, x)."""
    covered = torch.zeros(numbers.shape[0], grid[0] * grid[1] * grid[2], dtype=torch.bool)
    return covered.scatter(1, numbers, True).view(-1, *grid)


@pytest.mark.parametrize("masks", [PictureMasks(), TubeMasks(), CurriculumMasks()])
def test_nothing_is_asked_for_that_is_shown(masks):
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        for split in masks.draw(3, GRID, generator):
            shown = cells(split.shown)
            for hidden in split.hidden:
                assert not (shown & cells(hidden)).any()
                assert hidden.shape[1] > 0
            assert split.shown.shape[1] > 0


def test_picture_targets_are_blocks_of_the_published_size():
    generator = torch.Generator().manual_seed(1)
    (split,) = PictureMasks().draw(5, (1, 14, 14), generator)
    assert len(split.hidden) == 4
    for hidden in split.hidden:
        for block in cells(hidden, (1, 14, 14))[:, 0]:
            rows, columns = block.any(1).sum(), block.any(0).sum()
            assert rows * columns == block.sum(), "a full rectangle"
            assert 0.1 < block.float().mean() < 0.25
            assert 0.5 < rows / columns < 2.0


def test_tubes_go_through_all_frames_and_cover_most_of_a_clip():
    generator = torch.Generator().manual_seed(2)
    small, large = TubeMasks().draw(6, (4, 14, 14), generator)
    assert (small.kind, large.kind) == (0, 1)
    for split in (small, large):
        hidden = cells(split.hidden[0], (4, 14, 14)) | ~cells(split.shown, (4, 14, 14))
        assert torch.equal(hidden.any(1), hidden.all(1) | hidden.any(1))
        assert 0.6 < 1.0 - split.shown.shape[1] / (4 * 14 * 14) < 0.97


def test_the_curriculum_ends_with_stripes():
    (early,) = CurriculumMasks().draw(2, (1, 12, 8), torch.Generator().manual_seed(0), progress=0.0)
    (late,) = CurriculumMasks().draw(2, (1, 12, 8), torch.Generator().manual_seed(0), progress=1.0)

    def is_stripe(hidden: torch.Tensor) -> bool:
        block = cells(hidden, (1, 12, 8))[0, 0]
        return bool(block.any(0).all() or block.any(1).all())

    assert not any(is_stripe(hidden) for hidden in early.hidden)
    assert all(is_stripe(hidden) for hidden in late.hidden)


def test_masks_are_drawn_again_by_the_same_generator():
    draws = [TubeMasks().draw(2, GRID, torch.Generator().manual_seed(3)) for _ in range(2)]
    assert all(torch.equal(a.shown, b.shown) for a, b in zip(*draws, strict=True))


def test_on_the_smallest_grid_something_is_still_shown():
    for masks in (PictureMasks(), TubeMasks()):
        for split in masks.draw(2, (1, 2, 2), torch.Generator().manual_seed(0)):
            assert split.shown.shape[1] >= 1

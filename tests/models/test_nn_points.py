"""Clouds of points as tokens."""

import pytest
import torch

from eco1.models.nn.masking import BallMasks, RunMasks
from eco1.models.nn.points import PointTokens, farthest_points, nearest_order, nearest_points
from eco1.models.nn.vit.patches import gathered


def everything(position: torch.Tensor) -> torch.Tensor:
    return torch.ones(position.shape[:2], dtype=torch.bool)


def test_far_points_cover_a_cloud_whatever_its_order():
    torch.manual_seed(0)
    corners = torch.tensor([[x, y, z] for x in (0.0, 1.0) for y in (0.0, 1.0) for z in (0.0, 1.0)])
    cloud = torch.cat([0.5 + 0.1 * torch.randn(200, 3), corners])[None]
    chosen = gathered(cloud, farthest_points(cloud, everything(cloud), 8))[0]
    assert {tuple(point) for point in chosen.tolist()} == {tuple(corner) for corner in corners.tolist()}
    cloud = torch.randn(3, 100, 3)
    order = torch.randperm(100)
    first = gathered(cloud, farthest_points(cloud, everything(cloud), 16))
    again = gathered(cloud[:, order], farthest_points(cloud[:, order], everything(cloud), 16))
    assert torch.equal(first, again)


def test_all_points_are_taken_once_when_all_are_asked_for():
    cloud = torch.zeros(1, 5, 3)
    assert sorted(farthest_points(cloud, everything(cloud), 5)[0].tolist()) == [0, 1, 2, 3, 4]


def test_points_that_are_not_there_are_neither_centres_nor_neighbours():
    torch.manual_seed(0)
    cloud, there = torch.randn(2, 60, 3), torch.rand(2, 60) > 0.4
    cloud[~there] = 100.0
    centres = farthest_points(cloud, there, 8)
    assert there.gather(1, centres).all()
    near = nearest_points(gathered(cloud, centres), cloud, there, 6)
    assert there.gather(1, near.flatten(1)).all()
    assert torch.equal(near[:, :, 0], centres), "a centre is nearest to itself"


def test_neighbours_are_the_nearest():
    torch.manual_seed(0)
    cloud = torch.randn(2, 50, 3)
    near = nearest_points(cloud[:, :4], cloud, everything(cloud), 5)
    distance = (cloud[:, :4, None] - cloud[:, None]).norm(dim=-1)
    assert torch.equal(near, distance.argsort(dim=2)[:, :, :5])


def test_the_order_goes_from_neighbour_to_neighbour():
    line = torch.arange(12.0)[:, None] * torch.tensor([1.0, 0.5, 0.25])
    shuffled = line[torch.randperm(12, generator=torch.Generator().manual_seed(0))][None].repeat(2, 1, 1)
    assert torch.equal(gathered(shuffled, nearest_order(shuffled))[1], line)


def test_a_token_depends_on_its_group_not_on_the_order_of_points_or_the_batch():
    torch.manual_seed(0)
    tokens, cloud = PointTokens(8, 6, 24).eval(), torch.randn(3, 80, 3)
    made = tokens(cloud, everything(cloud))
    order = torch.randperm(80)
    again = tokens(cloud[:, order], everything(cloud))
    assert made.value.shape == (3, 8, 24)
    assert torch.equal(made.position, again.position)
    assert torch.allclose(made.value, again.value, atol=1e-5)
    assert torch.allclose(tokens(cloud[1:2], everything(cloud[1:2])).value, made.value[1:2], atol=1e-5)
    moved = tokens(cloud + 3.0, everything(cloud))
    assert torch.allclose(made.value, moved.value, atol=1e-4), "only the position says where a group lies"


@pytest.mark.parametrize("seed", range(10))
def test_runs_are_contiguous_and_nothing_is_asked_for_that_is_shown(seed):
    split = RunMasks().draw(torch.zeros(5, 64, 3), torch.Generator().manual_seed(seed))
    assert len(split.hidden) == 4
    taken = torch.zeros(5, 64, dtype=torch.bool)
    for hidden in split.hidden:
        assert (hidden.diff(dim=1) == 1).all()
        assert 10 <= hidden.shape[1] <= 13
        taken.scatter_(1, hidden, True)
    assert not taken.gather(1, split.shown).any()
    assert split.shown.min() >= 0
    fewest = int((~taken).sum(1).min())
    assert int(0.4 * fewest) <= split.shown.shape[1] <= 0.75 * fewest
    for clip in range(5):
        rank = (~taken[clip]).cumsum(0)[split.shown[clip]]
        assert (rank.diff() == 1).all(), "a run of those that are left"


def test_of_very_few_tokens_something_is_still_shown():
    for seed in range(20):
        split = RunMasks().draw(torch.zeros(2, 4, 3), torch.Generator().manual_seed(seed))
        assert split.shown.shape[1] >= 1
        assert int(split.shown.max()) < 4


@pytest.mark.parametrize("seed", range(3))
def test_blocks_in_space_are_neighbours_and_the_context_is_what_they_leave(seed):
    place = torch.rand(5, 64, 3, generator=torch.Generator().manual_seed(9))
    split = BallMasks().draw(place, torch.Generator().manual_seed(seed))
    assert len(split.hidden) == 4
    for block in split.hidden:
        assert 0.14 < block.shape[1] / 64 < 0.21
        for clip, numbers in zip(place, block, strict=True):
            apart = (clip - clip[numbers[0]]).norm(dim=-1)
            outside = torch.ones(64, dtype=torch.bool).scatter_(0, numbers, False)
            assert apart[numbers].max() <= apart[outside].min()
    for shown, *hidden in zip(split.shown, *split.hidden, strict=True):
        assert not set(shown.tolist()) & {number for block in hidden for number in block.tolist()}
    assert split.shown.shape[1] >= 8

"""From clouds of points to tokens.

Shape letters: b clouds, k points, c centres, s neighbours, d width, h hidden width.
"""

from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.points.choosing import farthest_points, nearest_order, nearest_points
from eco1.models.nn.vit.patches import Tokens, gathered


class PointTokens(nn.Module):
    """Groups of neighbours around far-away centres, a token for each, in an order that keeps neighbours together."""

    def __init__(self, centres: int, neighbours: int, width: int) -> None:
        super().__init__()
        self.centres, self.neighbours = centres, neighbours
        self.net = MiniPointNet(width)

    def forward(self, position: Float[Tensor, "b k 3"], there: Bool[Tensor, "b k"]) -> Tokens:
        """Return tokens whose positions are those of the centres; points that are not ``there`` are left out."""
        centre = gathered(position, farthest_points(position, there, self.centres))
        centre = gathered(centre, nearest_order(centre))
        near = nearest_points(centre, position, there, self.neighbours)
        group = gathered(position, near.flatten(1)).unflatten(1, near.shape[1:]) - centre[:, :, None]
        return Tokens(value=self.net(group), position=centre)


class MiniPointNet(nn.Module):
    """Makes one vector of a group of points, whatever their order: Point-BERT, arXiv 2111.14819, section 3.1.

    Hidden widths have the published ratio to the token's (128, 256 and 512 to 384). Offsets from a centre are small
    and alike, so it is batch normalisation that brings out how groups differ.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        narrow, middle, wide = (max(width * ratio // 3, 1) for ratio in (1, 2, 4))
        self.enter, self.enter_norm = nn.Linear(3, narrow), nn.BatchNorm1d(narrow)
        self.middle = nn.Linear(narrow, middle)
        self.own, self.shared = nn.Linear(middle, wide), nn.Linear(middle, wide, bias=False)
        self.norm = nn.BatchNorm1d(wide)
        self.leave = nn.Linear(wide, width)

    def forward(self, group: Float[Tensor, "b c s 3"]) -> Float[Tensor, "b c d"]:
        """Return the token of each group: all points hear what stands out among them, and of that what stands out."""
        x = self.middle(functional.relu(_over_points(self.enter_norm, self.enter(group))))
        most = x.amax(2, keepdim=True)
        x = functional.relu(_over_points(self.norm, self.own(x) + self.shared(most)))
        return self.leave(x).amax(2)


def _over_points(norm: nn.BatchNorm1d, x: Float[Tensor, "b c s h"]) -> Float[Tensor, "b c s h"]:
    return norm(x.flatten(0, 2)).view(x.shape)

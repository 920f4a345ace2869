"""What an animal has around itself, in its own axes, as one vector.

Shape letters: b clips, c moments, n animals, k neighbours, s species, o behaviours, d width, w width of a neighbour.
"""

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.neighbours import NeighbourAttention
from eco1.sensors.egocentric import NEIGHBOUR, OWN, Egocentric

_HEADS, _HEAD_DIM, _NARROW = 4, 32, 64  # those of the model of motion alone, of size nano


class Neighbourhood(nn.Module):
    """Own state and surroundings, then what neighbours are and do."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.own_in, self.own_out = nn.Linear(len(OWN), width), nn.Linear(width, width)
        self.other_in, self.other_out = nn.Linear(len(NEIGHBOUR), _NARROW), nn.Linear(_NARROW, _NARROW)
        self.kinds = nn.Linear(width, _NARROW, bias=False)
        self.listen = NeighbourAttention(width, _NARROW, _HEADS, _HEADS // 2, _HEAD_DIM)

    def narrowed(self, names: Float[Tensor, "s d"]) -> Float[Tensor, "s w"]:
        """Return the vectors of names as a neighbour's are read."""
        return functional.linear(names, self.kinds.weight)

    def forward(
        self,
        kinds: Float[Tensor, "b c n d"],
        view: Egocentric,
        species: Float[Tensor, "s w"],
        behaviors: Float[Tensor, "o w"],
    ) -> Float[Tensor, "b c n d"]:
        """Return a vector for every animal.

        Args:
            kinds: what each animal is and does.
            view: what it has around itself.
            species: a narrow vector for each, row 0 the unknown.
            behaviors: a narrow vector for each, row 0 the unknown.
        """
        x = self.own_out(functional.silu(self.own_in(view.own) + kinds))
        what = functional.embedding(view.neighbour_species, species)
        does = functional.embedding(view.neighbour_behavior, behaviors)
        others = self.other_out(functional.silu(self.other_in(view.neighbours) + what + does))
        heard = self.listen(x.flatten(0, 2), others.flatten(0, 2), view.neighbour_present.flatten(0, 2))
        return heard.view_as(x)

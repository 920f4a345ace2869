"""Mixture of SwiGLU experts with a top-k router, vectorised over experts.

Shape letters: m tokens, d width, h inner size of an expert (h2 twice that), e experts, k choices per token.
Router and balance as in Qwen3-MoE (arXiv 2505.09388): softmax over all experts, the chosen weights normalised to sum
to 1. Capacity as in Switch Transformers (Fedus et al. 2021, arXiv 2101.03961, section 2.2): each expert has
``capacity_factor * k * m / e`` places in training; a token that finds none passes by on the residual path.
Experts may be dealt to ranks (GShard, arXiv 2006.16668): each routes all tokens, serves those of its own, and sums.
"""

import math

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.dealt import copied, crew_of, own, summed
from eco1.models.nn.grouped import grouped_product, row_step
from eco1.models.nn.routing import Routing, choose


class Experts(nn.Module):
    """Feed-forward experts behind a router whose logits can be biased from outside.

    ``normalised`` says whether the weights of the chosen experts are scaled to sum to 1.
    """

    def __init__(
        self,
        width: int,
        hidden: int,
        experts: int,
        chosen: int,
        capacity_factor: float = 1.25,
        *,
        normalised: bool = True,
    ) -> None:
        super().__init__()
        self.experts, self.chosen, self.capacity_factor = experts, chosen, capacity_factor
        self.normalised = normalised
        self.router = nn.Linear(width, experts, bias=False)
        self.gate_up = nn.Parameter(torch.empty(experts, width, 2 * hidden))
        self.down = nn.Parameter(torch.empty(experts, hidden, width))
        nn.init.normal_(self.router.weight, std=0.02)
        nn.init.normal_(self.gate_up, std=width**-0.5)
        nn.init.normal_(self.down, std=hidden**-0.5)

    def forward(
        self,
        x: Float[Tensor, "m d"],
        bias: Float[Tensor, "m e"] | None = None,
        real: Bool[Tensor, " m"] | None = None,
        *,
        drop: bool = False,
    ) -> tuple[Float[Tensor, "m d"], Routing]:
        """Return the experts' output and the routing. Tokens that are not ``real`` take no place and get zeros.

        With ``drop`` each expert has a fixed capacity; without, every token is served.
        """
        logits = self.router(x).float()
        if bias is not None:
            logits = logits + bias
        everyone = real is None
        if real is None:
            real = torch.ones(x.shape[0], dtype=torch.bool, device=x.device)
        weight, choice = choose(logits, self.chosen, normalised=self.normalised)
        wish = torch.where(real[:, None], choice, self.experts).T.reshape(-1)
        order = wish.argsort(stable=True)  # by expert; within one, first choices before second ones
        counts = (wish[:, None] == torch.arange(self.experts + 1, device=x.device)).sum(0)
        rank = _rank(wish, order, counts)
        capacity = max(math.ceil(self.capacity_factor * self.chosen * x.shape[0] / self.experts), 1)
        seated = wish < self.experts
        if drop:
            seated = seated & (rank < capacity)
        routing = Routing(logits=logits, weight=weight, choice=choice, real=real, seated=seated.view(self.chosen, -1).T)
        crew = crew_of(self.gate_up)
        if crew is not None:
            x, weight = copied(x, crew), copied(weight, crew)
            wish, counts = self._own_wishes(wish, counts, crew.get_local_rank())
            everyone = False
        if drop:
            served = self._serve_seated(x, wish, rank, capacity)
        else:
            served = self._serve_all(x, wish, rank, counts, everyone=everyone)
        output = (served * weight.T.to(served.dtype)[..., None]).sum(0)
        return output if crew is None else summed(output, crew), routing

    def enter(self, line: Float[Tensor, "m d"], ends: Int[Tensor, " e"]) -> Float[Tensor, "m h2"]:
        """Return gates and values of tokens that stand in line by expert; ``ends`` is where the line of each ends."""
        return grouped_product(line, own(self.gate_up), ends)

    def leave(self, line: Float[Tensor, "m h"], ends: Int[Tensor, " e"]) -> Float[Tensor, "m d"]:
        """Return what experts say of tokens that stand in line."""
        return grouped_product(line, own(self.down), ends)

    def _own_wishes(
        self, wish: Int[Tensor, " km"], counts: Int[Tensor, " e1"], rank: int
    ) -> tuple[Int[Tensor, " km"], Int[Tensor, " h"]]:
        """Return wishes and counts among the experts dealt to this rank; any other's are as if nobody's."""
        held = own(self.gate_up).shape[0]
        mine = wish - rank * held
        return torch.where((mine >= 0) & (mine < held), mine, held), counts[rank * held : (rank + 1) * held]

    def _serve_all(
        self,
        x: Tensor,
        wish: Int[Tensor, " km"],
        rank: Int[Tensor, " km"],
        counts: Int[Tensor, " e1"],
        *,
        everyone: bool,
    ) -> Float[Tensor, "k m d"]:
        """Serve every wish: tokens in line by expert, each expert takes its stretch of the line."""
        tokens, width = x.shape
        step = row_step(x, wish.numel() / self.experts)
        ends = ((counts[: own(self.gate_up).shape[0]] + step - 1) // step * step).cumsum(0)
        length: int = wish.numel() if everyone and step == 1 else ends.tolist()[-1]  # asking waits for a GPU
        place = (functional.pad(ends, (1, 0))[wish] + rank).clamp(max=length)  # nobody stands behind the line
        number = torch.arange(wish.numel(), device=x.device)
        line = torch.zeros(length + 1, dtype=torch.long, device=x.device).scatter_(0, place, number % tokens)
        gate, up = self.enter(x.index_select(0, line[:length]), ends).chunk(2, dim=-1)
        served = self.leave(functional.silu(gate) * up, ends)
        if not everyone:
            served = functional.pad(served, (0, 0, 0, 1))
        return served.index_select(0, place).view(self.chosen, tokens, width)

    def _serve_seated(
        self, x: Tensor, wish: Int[Tensor, " km"], rank: Int[Tensor, " km"], capacity: int
    ) -> Float[Tensor, "k m d"]:
        """Seat wishes until an expert's places are taken, and serve all experts at once."""
        tokens, width = x.shape
        gate_up, down = own(self.gate_up), own(self.down)
        experts = gate_up.shape[0]
        number = torch.arange(wish.numel(), device=x.device)
        seats = experts * capacity
        seat = torch.where((rank < capacity) & (wish < experts), wish * capacity + rank, seats)
        guest = torch.full((seats + 1,), tokens, device=x.device).scatter_(0, seat, number % tokens)
        table = functional.pad(x, (0, 0, 0, 1)).index_select(0, guest[:seats]).view(experts, capacity, width)
        gate, up = torch.bmm(table, gate_up.to(table.dtype)).chunk(2, dim=-1)
        hidden = functional.silu(gate) * up
        served = torch.bmm(hidden, down.to(hidden.dtype)).view(seats, width)
        served = functional.pad(served, (0, 0, 0, 1)).index_select(0, seat)
        return served.view(self.chosen, tokens, width)


def _rank(wish: Int[Tensor, " km"], order: Int[Tensor, " km"], counts: Int[Tensor, " e1"]) -> Int[Tensor, " km"]:
    """Return how many came to the same expert before each."""
    number = torch.arange(wish.numel(), device=wish.device)
    return torch.empty_like(wish).scatter_(0, order, number - (counts.cumsum(0) - counts)[wish[order]])

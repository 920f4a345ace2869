"""Experts in few bits: only those that were chosen are touched.

Shape letters: m tokens, d width, h inner size, e experts, k choices per token.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

from eco1.core.errors import ConfigError
from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.packed import PackedMatrix
from eco1.models.nn.lowbit.product import Matrix, product
from eco1.models.nn.moe import Experts
from eco1.models.nn.routing import Routing, choose


@dataclass(frozen=True, kw_only=True)
class Expert:
    """The two matrices of one expert, (2h, d) and (d, h), wherever they lie."""

    gate_up: Matrix
    down: Matrix

    def __call__(self, x: Float[Tensor, "m d"]) -> Float[Tensor, "m d"]:
        """Return the output for its tokens."""
        gate, up = product(x, self.gate_up).chunk(2, dim=-1)
        return product(functional.silu(gate) * up, self.down)


class ChosenExperts(nn.Module, ABC):
    """Stands where ``Experts`` stood, for inference: the same call and routing; only chosen experts are touched."""

    def __init__(self, router: nn.Linear, chosen: int, *, normalised: bool) -> None:
        super().__init__()
        self.router, self.chosen, self.normalised = router, chosen, normalised

    @abstractmethod
    def bring(self, x: Float[Tensor, "m d"], numbers: list[int]) -> Iterable[Expert]:
        """Return the experts with these numbers, which serve the tokens ``x``, one after the other."""

    def forward(
        self,
        x: Float[Tensor, "m d"],
        bias: Float[Tensor, "m e"] | None = None,
        real: Bool[Tensor, " m"] | None = None,
        *,
        drop: bool = False,
    ) -> tuple[Float[Tensor, "m d"], Routing]:
        """Return the experts' output and the routing. Tokens that are not ``real`` get zeros.

        Raises:
            ConfigError: with ``drop``, which is for training.
        """
        if drop:
            raise ConfigError(
                "Experts for inference serve every token; call them without drop, or train the full ones."
            )
        logits = self.router(x).float()
        if bias is not None:
            logits = logits + bias
        if real is None:
            real = torch.ones(x.shape[0], dtype=torch.bool, device=x.device)
        weight, choice = choose(logits, self.chosen, normalised=self.normalised)
        seated = real[:, None].expand_as(choice)
        routing = Routing(logits=logits, weight=weight, choice=choice, real=real, seated=seated)
        return self._served(x, routing), routing

    def _served(self, x: Float[Tensor, "m d"], routing: Routing) -> Float[Tensor, "m d"]:
        out = torch.zeros_like(x)
        numbers: list[int] = routing.choice[routing.seated].unique().tolist()
        for number, expert in zip(numbers, self.bring(x, numbers), strict=True):
            token, rank = ((routing.choice == number) & routing.seated).nonzero(as_tuple=True)
            out.index_add_(0, token, expert(x[token]) * routing.weight[token, rank, None].to(x.dtype))
        return out


class LowBitExperts(ChosenExperts):
    """Experts in few bits, all in memory. A product restores no more of a matrix than its tokens are worth."""

    def __init__(
        self, router: nn.Linear, gate_up: PackedMatrix, down: PackedMatrix, chosen: int, *, normalised: bool
    ) -> None:
        super().__init__(router, chosen, normalised=normalised)
        self.gate_up, self.down = gate_up, down

    @classmethod
    def of(cls, layer: Experts, form: LowBitForm) -> Self:
        """Return the experts in few bits with the same router; of a layer on the meta device, only the room for them.

        Raises:
            ConfigError: when the inputs of a matrix do not fall into groups.
        """
        count, hidden, width = layer.down.shape
        with layer.down.device:
            gate_up = PackedMatrix(2 * hidden, width, form, stack=count)
            down = PackedMatrix(width, hidden, form, stack=count)
        if not layer.down.is_meta:
            for number in range(count):
                gate_up.put(layer.gate_up.detach()[number].mT, number=number)
                down.put(layer.down.detach()[number].mT, number=number)
        return cls(layer.router, gate_up, down, layer.chosen, normalised=layer.normalised)

    def bring(self, x: Float[Tensor, "m d"], numbers: list[int]) -> Iterable[Expert]:
        """Return the experts with these numbers, without copying them."""
        return (Expert(gate_up=self.gate_up.matrix(number), down=self.down.matrix(number)) for number in numbers)

"""A linear layer in few bits."""

from typing import Self

from jaxtyping import Float
from torch import Tensor, nn

from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.packed import PackedMatrix
from eco1.models.nn.lowbit.product import product


class LowBitLinear(nn.Module):
    """Stands where an ``nn.Linear`` stood, for inference. The bias is kept as it was."""

    def __init__(self, weight: PackedMatrix, bias: nn.Parameter | None) -> None:
        super().__init__()
        self.weight, self.bias = weight, bias

    @classmethod
    def of(cls, layer: nn.Linear, form: LowBitForm) -> Self:
        """Return the layer in few bits; of one on the meta device, only the room for it.

        Raises:
            ConfigError: when its inputs do not fall into groups.
        """
        with layer.weight.device:
            weight = PackedMatrix(layer.out_features, layer.in_features, form)
        if not layer.weight.is_meta:
            weight.put(layer.weight.detach())
        return cls(weight, layer.bias)

    def forward(self, x: Float[Tensor, "*b i"]) -> Float[Tensor, "*b o"]:
        """Return the transformed vectors, in the type of ``x``."""
        out = product(x.flatten(0, -2) if x.ndim > 1 else x[None], self.weight.matrix())
        out = out if self.bias is None else out + self.bias.to(out.dtype)
        return out.view(*x.shape[:-1], -1)

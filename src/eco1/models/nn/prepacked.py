"""Matrices laid out once as the CPU's kernels read them, for models that no longer learn.

A plain product lays its matrix out anew in every call, which takes as long as multiplying a few rows by it: 13 rows by
a matrix of 320 x 1024 that comes from memory take 80 us in bfloat16, laid out 55 (one core with AMX, torch 2.13).
"""

from collections.abc import Sequence
from typing import TypeVar

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.models.nn.grouped import stretches_of
from eco1.models.nn.moe import Experts

_ROWS, _ROWS_OF_AN_EXPERT = 64, 16  # for which the layout is chosen; any other number gives the same

M = TypeVar("M", bound=nn.Module)


class PrepackedLinear(nn.Linear):
    """Stands where a layer stored in bfloat16 stood; multiplies in bfloat16, whatever comes."""

    def __init__(self, layer: nn.Linear) -> None:
        super().__init__(layer.in_features, layer.out_features, bias=False, device="meta")
        self.weight, self.bias = layer.weight, layer.bias
        self._laid_out = _laid_out(layer.weight, _ROWS)

    def forward(self, input: Float[Tensor, "*b i"]) -> Float[Tensor, "*b o"]:
        """Return the transformed vectors."""
        return _product(input, self._laid_out, self.bias)


class PrepackedExperts(Experts):
    """Stand where experts stored in bfloat16 stood."""

    def __init__(self, layer: Experts) -> None:
        experts, hidden, width = layer.down.shape
        with torch.device("meta"):
            super().__init__(width, hidden, experts, layer.chosen, layer.capacity_factor, normalised=layer.normalised)
        self.router, self.gate_up, self.down = layer.router, layer.gate_up, layer.down
        self._entries, self._exits = (
            [_laid_out(matrix.mT, _ROWS_OF_AN_EXPERT) for matrix in matrices] for matrices in (self.gate_up, self.down)
        )

    def enter(self, line: Float[Tensor, "m d"], ends: Int[Tensor, " e"]) -> Float[Tensor, "m h2"]:
        """Return gates and values of tokens that stand in line by expert."""
        return _by_stretch(line, self._entries, ends)

    def leave(self, line: Float[Tensor, "m h"], ends: Int[Tensor, " e"]) -> Float[Tensor, "m d"]:
        """Return what experts say of tokens that stand in line."""
        return _by_stretch(line, self._exits, ends)


def can_prepack(device: torch.device) -> bool:
    """Return whether this build of torch has what its compiler calls for frozen layers, and this CPU can do it."""
    return (
        device.type == "cpu"
        and torch.backends.mkldnn.is_available()
        and hasattr(torch.ops.mkldnn, "_linear_pointwise")
        and torch.ops.mkldnn._is_mkldnn_bf16_supported()  # AVX-512 at least
    )


@torch.no_grad()
def prepacked(model: M) -> M:
    """Put layers that are laid out in place of all that are stored in bfloat16, and return the model.

    The matrices stay as well: memory holds them twice.
    """
    for name, layer in [*model.named_modules()]:
        if isinstance(layer, nn.Linear) and layer.weight.dtype == torch.bfloat16:
            model.set_submodule(name, PrepackedLinear(layer))
        elif isinstance(layer, Experts) and layer.down.dtype == torch.bfloat16:
            model.set_submodule(name, PrepackedExperts(layer))
    return model


def _laid_out(weight: Float[Tensor, "o i"], rows: int) -> Tensor:
    return torch.ops.mkldnn._reorder_linear_weight(weight.detach().contiguous(), rows)


def _product(x: Tensor, laid_out: Tensor, bias: Tensor | None) -> Tensor:
    return torch.ops.mkldnn._linear_pointwise(x.to(torch.bfloat16), laid_out, bias, "none", [], "")


def _by_stretch(line: Float[Tensor, "m i"], matrices: Sequence[Tensor], ends: Int[Tensor, " e"]) -> Tensor:
    stretches = zip(stretches_of(line, ends), matrices, strict=True)
    return torch.cat([_product(rows, matrix, None) for rows, matrix in stretches if rows.shape[0]])

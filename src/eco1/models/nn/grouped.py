"""Many matrix products in one: a line of rows, each stretch of it through a matrix of its own.

Shape letters: m rows, i in, o out, e matrices.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

_ALIGNED_BYTES = 16  # rows that the fused kernel takes begin at such multiples
_CPU_ROWS = 32  # two tiles of the matrix unit


def grouped_product(
    line: Float[Tensor, "m i"], matrices: Float[Tensor, "e i o"], ends: Int[Tensor, " e"]
) -> Float[Tensor, "m o"]:
    """Return each row's product with the matrix of its stretch. ``ends`` says before which row each stretch ends.

    One call where torch has one for these sizes: on a CPU it takes a tenth less time than the loop with 8 matrices and
    a third less with 64 (forward and backward, float32, torch 2.13), since no gradient is stacked.
    """
    dtype = _dtype(line)
    line, matrices = line.to(dtype), matrices.to(dtype)
    if _fits(line, matrices):
        return functional.grouped_mm(line, matrices, offs=ends.int())
    stretches = zip(stretches_of(line, ends), matrices.unbind(), strict=True)
    parts = [rows @ matrix for rows, matrix in stretches if rows.shape[0]]
    return torch.cat(parts) if parts else line @ matrices[0]  # no rows, yet the matrices have a gradient: 0


def stretches_of(line: Float[Tensor, "m i"], ends: Int[Tensor, " e"]) -> tuple[Tensor, ...]:
    """Return the stretches of a line, which may be empty; ``ends`` says before which row each ends."""
    sizes: list[int] = ends.diff(prepend=ends.new_zeros(1)).tolist()
    return line.split(sizes)


def row_step(x: Tensor, rows: float) -> int:
    """Return of how many rows a stretch, ``rows`` long on average, should be a multiple, filled up with any others.

    In bfloat16 a CPU's kernel is built anew for each number of rows, which takes it as long as dozens of products. Half
    empty tiles cost nothing beside that: few rows wait for the matrix to be read.
    """
    many_kernels = x.device.type == "cpu" and _dtype(x) == torch.bfloat16
    return _CPU_ROWS if many_kernels and 2 * rows >= _CPU_ROWS else 1


def _dtype(line: Tensor) -> torch.dtype:
    """The fused product is unknown to autocast."""
    device = line.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else line.dtype


def _fits(line: Tensor, matrices: Tensor) -> bool:
    """The fused product came with torch 2.10; a GPU and a compiler take it in bfloat16 alone (2.13)."""
    if line.shape[0] == 0 or torch.compiler.is_compiling() or not hasattr(functional, "grouped_mm"):
        return False
    if line.is_cuda and line.dtype != torch.bfloat16:
        return False
    return all(size * line.element_size() % _ALIGNED_BYTES == 0 for size in matrices.shape[1:])

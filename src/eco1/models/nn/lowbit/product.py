"""Rows times a matrix that is stored in few bits, or plainly.

Shape letters: m rows, i in, o out.
"""

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from eco1.core.threads import Threads
from eco1.models.nn.lowbit.kernels import multiply_rows
from eco1.models.nn.lowbit.packed import LowBit

#: Rows up to which codes are multiplied as they are; beyond, restoring the whole matrix once costs less.
_FEW = 32
_NONE = np.empty((0, 0), np.uint16)

Matrix = LowBit | Tensor


def product(x: Float[Tensor, "m i"], matrix: Matrix) -> Float[Tensor, "m o"]:
    """Return x times the transposed matrix (out, in), in the type of x."""
    if isinstance(matrix, Tensor):
        return functional.linear(x, matrix.to(x.dtype))
    if x.device.type == "cpu" and x.shape[0] <= _FEW and not (torch.is_grad_enabled() and x.requires_grad):
        return _few(x, matrix)
    return functional.linear(x, matrix.full().to(x.dtype))


def _few(x: Float[Tensor, "m i"], matrix: LowBit) -> Float[Tensor, "m o"]:
    wide = x.detach().float().contiguous()
    out = torch.empty(x.shape[0], matrix.shape[0])
    sums = wide.unflatten(1, (-1, matrix.form.group)).sum(-1)
    low = _NONE if matrix.low is None else _bits_of(matrix.low)
    codes, scale = matrix.codes.numpy(), _bits_of(matrix.scale)
    rows, columns, found = wide.numpy(), sums.numpy(), out.numpy()

    def work(first: int, last: int) -> None:
        multiply_rows(matrix.form.bits, codes, scale, low, rows, columns, found, first, last)

    fours = -(-matrix.shape[0] // 4)
    _threads(torch.get_num_threads()).each(fours, work)
    return out.to(x.dtype)


def _bits_of(numbers: Tensor) -> NDArray[np.uint16]:
    """NumPy has no bfloat16."""
    return numbers.view(torch.int16).numpy().view(np.uint16)


@lru_cache(maxsize=4)
def _threads(count: int) -> Threads:
    return Threads(count)

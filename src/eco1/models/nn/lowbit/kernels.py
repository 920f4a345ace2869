"""Products of few rows with a matrix in few bits on a CPU: codes are read once and never written out as weights.

Shape letters: m rows of x, o out, i in, n groups, y bytes of a group. bfloat16 comes as its 16 bits.
"""

from pathlib import Path
from typing import Any, no_type_check

import numpy as np

from eco1.core.compiling import Compiler

# A sum over a group may be taken in any order.
_COMPILER = Compiler("lowbit", Path(__file__).parent, fastmath={"contract", "reassoc", "arcp", "nsz"})
_F, _I = np.float32, np.int32


@_COMPILER.inlined
@no_type_check
def _wide(bits: Any) -> Any:
    """Return a bfloat16 as float32."""
    return np.uint32(np.uint32(bits) << np.uint32(16)).view(np.float32)


@_COMPILER.inlined
@no_type_check
def _dot_8(y: Any, x: Any, size: int) -> Any:
    total = _F(0)
    for j in range(size):
        total += _F(_I(y[j])) * x[j]
    return total


@_COMPILER.inlined
@no_type_check
def _dot_4(y: Any, x: Any, size: int) -> Any:
    total, n = _F(0), size // 2
    for j in range(n):
        b = _I(y[j])
        total += _F(b & _I(15)) * x[j] + _F(b >> _I(4)) * x[j + n]
    return total


@_COMPILER.inlined
@no_type_check
def _three(b: Any, top: Any, shift: int, number: int) -> Any:
    """Join two bits of the first plane and one of the second."""
    return _F(((b >> _I(shift)) & _I(3)) | (((top >> _I(number)) & _I(1)) << _I(2)))


@_COMPILER.inlined
@no_type_check
def _dot_3(y: Any, x: Any, size: int) -> Any:
    total, n = _F(0), size // 8
    for j in range(n):
        b, c, top = _I(y[j]), _I(y[j + n]), _I(y[j + 2 * n])
        total += _three(b, top, 0, 0) * x[j] + _three(c, top, 0, 1) * x[j + n]
        total += _three(b, top, 2, 2) * x[j + 2 * n] + _three(c, top, 2, 3) * x[j + 3 * n]
        total += _three(b, top, 4, 4) * x[j + 4 * n] + _three(c, top, 4, 5) * x[j + 5 * n]
        total += _three(b, top, 6, 6) * x[j + 6 * n] + _three(c, top, 6, 7) * x[j + 7 * n]
    return total


@_COMPILER.inlined
@no_type_check
def _dot_2(y: Any, x: Any, size: int) -> Any:
    total, n = _F(0), size // 4
    for j in range(n):
        b = _I(y[j])
        total += _F(b & _I(3)) * x[j] + _F((b >> _I(2)) & _I(3)) * x[j + n]
        total += _F((b >> _I(4)) & _I(3)) * x[j + 2 * n] + _F(b >> _I(6)) * x[j + 3 * n]
    return total


@_COMPILER.inlined
@no_type_check
def _dot(bits: int, y: Any, x: Any, size: int) -> Any:
    if bits == 8:
        return _dot_8(y, x, size)
    if bits == 4:
        return _dot_4(y, x, size)
    return _dot_3(y, x, size) if bits == 3 else _dot_2(y, x, size)


@_COMPILER.entry
@no_type_check
def multiply_rows(
    bits: int, codes: Any, scale: Any, low: Any, x: Any, sums: Any, out: Any, first: int, last: int
) -> None:
    """Fill columns ``first`` to ``last`` of ``out`` (m, o) with x (m, i) times the rows of a matrix.

    ``sums`` (m, n) are the sums of x over groups; ``low`` has no rows where groups are symmetric.
    """
    size, middle = x.shape[1] // codes.shape[1], _F(0.5) * _F((1 << bits) - 1)
    for row in range(first, last):
        for token in range(x.shape[0]):
            total = _F(0)
            for group in range(codes.shape[1]):
                step = _wide(scale[row, group])
                bottom = _wide(low[row, group]) if low.shape[0] else -middle * step
                start = group * size
                inner = _dot(bits, codes[row, group], x[token, start : start + size], size)
                total += step * inner + bottom * sums[token, group]
            out[token, row] = total

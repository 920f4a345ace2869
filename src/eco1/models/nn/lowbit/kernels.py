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
def _term_8(y: Any, j: int, n: int, x: Any) -> Any:
    total = _F(_I(y[j])) * x[j] + _F(_I(y[j + n])) * x[j + n]
    total += _F(_I(y[j + 2 * n])) * x[j + 2 * n] + _F(_I(y[j + 3 * n])) * x[j + 3 * n]
    total += _F(_I(y[j + 4 * n])) * x[j + 4 * n] + _F(_I(y[j + 5 * n])) * x[j + 5 * n]
    return total + _F(_I(y[j + 6 * n])) * x[j + 6 * n] + _F(_I(y[j + 7 * n])) * x[j + 7 * n]


@_COMPILER.inlined
@no_type_check
def _term_4(y: Any, j: int, n: int, x: Any) -> Any:
    b, c, d, e = _I(y[j]), _I(y[j + n]), _I(y[j + 2 * n]), _I(y[j + 3 * n])
    total = _F(b & _I(15)) * x[j] + _F(c & _I(15)) * x[j + n]
    total += _F(d & _I(15)) * x[j + 2 * n] + _F(e & _I(15)) * x[j + 3 * n]
    total += _F(b >> _I(4)) * x[j + 4 * n] + _F(c >> _I(4)) * x[j + 5 * n]
    return total + _F(d >> _I(4)) * x[j + 6 * n] + _F(e >> _I(4)) * x[j + 7 * n]


@_COMPILER.inlined
@no_type_check
def _three(b: Any, top: Any, shift: int, number: int) -> Any:
    """Join two bits of the first plane and one of the second."""
    return _F(((b >> _I(shift)) & _I(3)) | (((top >> _I(number)) & _I(1)) << _I(2)))


@_COMPILER.inlined
@no_type_check
def _term_3(y: Any, j: int, n: int, x: Any) -> Any:
    b, c, top = _I(y[j]), _I(y[j + n]), _I(y[j + 2 * n])
    total = _three(b, top, 0, 0) * x[j] + _three(c, top, 0, 1) * x[j + n]
    total += _three(b, top, 2, 2) * x[j + 2 * n] + _three(c, top, 2, 3) * x[j + 3 * n]
    total += _three(b, top, 4, 4) * x[j + 4 * n] + _three(c, top, 4, 5) * x[j + 5 * n]
    return total + _three(b, top, 6, 6) * x[j + 6 * n] + _three(c, top, 6, 7) * x[j + 7 * n]


@_COMPILER.inlined
@no_type_check
def _term_2(y: Any, j: int, n: int, x: Any) -> Any:
    b, c = _I(y[j]), _I(y[j + n])
    total = _F(b & _I(3)) * x[j] + _F(c & _I(3)) * x[j + n]
    total += _F((b >> _I(2)) & _I(3)) * x[j + 2 * n] + _F((c >> _I(2)) & _I(3)) * x[j + 3 * n]
    total += _F((b >> _I(4)) & _I(3)) * x[j + 4 * n] + _F((c >> _I(4)) & _I(3)) * x[j + 5 * n]
    return total + _F(b >> _I(6)) * x[j + 6 * n] + _F(c >> _I(6)) * x[j + 7 * n]


def _summed(term: Any) -> Any:
    """Return what sums a group of four rows at once: x is read once for them, and no row waits for another's sum."""

    @_COMPILER.inlined
    @no_type_check
    def four(p: Any, q: Any, r: Any, s: Any, x: Any) -> Any:
        a, b, c, d = _F(0), _F(0), _F(0), _F(0)
        n = x.shape[0] // 8
        for j in range(n):
            a += term(p, j, n, x)
            b += term(q, j, n, x)
            c += term(r, j, n, x)
            d += term(s, j, n, x)
        return a, b, c, d

    return four


_four_8, _four_4, _four_3, _four_2 = _summed(_term_8), _summed(_term_4), _summed(_term_3), _summed(_term_2)


@_COMPILER.inlined
@no_type_check
def _four(bits: int, p: Any, q: Any, r: Any, s: Any, x: Any) -> Any:
    if bits == 8:
        return _four_8(p, q, r, s, x)
    if bits == 4:
        return _four_4(p, q, r, s, x)
    return _four_3(p, q, r, s, x) if bits == 3 else _four_2(p, q, r, s, x)


@_COMPILER.inlined
@no_type_check
def _bottom(low: Any, row: int, group: int, step: Any, middle: Any) -> Any:
    return _wide(low[row, group]) if low.shape[0] else -middle * step


@_COMPILER.entry
@no_type_check
def multiply_rows(
    bits: int, codes: Any, scale: Any, low: Any, x: Any, sums: Any, out: Any, first: int, last: int
) -> None:
    """Fill ``out`` (m, o) with x (m, i) times the rows of a matrix, of which it takes the fours ``first`` to ``last``.

    ``sums`` (m, n) are the sums of x over groups; ``low`` has no rows where groups are symmetric. Where the last rows
    are no four, the last one is taken again.
    """
    size, middle, end = x.shape[1] // codes.shape[1], _F(0.5) * _F((1 << bits) - 1), codes.shape[0] - 1
    for p in range(4 * first, min(4 * last, end + 1), 4):
        q, r, s = min(p + 1, end), min(p + 2, end), min(p + 3, end)
        for token in range(x.shape[0]):
            at_p, at_q, at_r, at_s = _F(0), _F(0), _F(0), _F(0)
            for g in range(codes.shape[1]):
                part, whole = x[token, g * size : g * size + size], sums[token, g]
                a, b, c, d = _four(bits, codes[p, g], codes[q, g], codes[r, g], codes[s, g], part)
                steps = _wide(scale[p, g]), _wide(scale[q, g]), _wide(scale[r, g]), _wide(scale[s, g])
                at_p += steps[0] * a + _bottom(low, p, g, steps[0], middle) * whole
                at_q += steps[1] * b + _bottom(low, q, g, steps[1], middle) * whole
                at_r += steps[2] * c + _bottom(low, r, g, steps[2], middle) * whole
                at_s += steps[3] * d + _bottom(low, s, g, steps[3], middle) * whole
            out[token, p], out[token, q], out[token, r], out[token, s] = at_p, at_q, at_r, at_s

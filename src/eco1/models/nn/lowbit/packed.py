"""A matrix, or a stack of them, in few bits.

Shape letters: e matrices, o out, i in, n groups along the input, y bytes of a group.
"""

from dataclasses import dataclass

import torch
from jaxtyping import BFloat16, Float, UInt8
from torch import Tensor, nn

from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.packing import pack, unpack
from eco1.models.nn.lowbit.rounding import restored, rounded

_AT_ONCE = 2**21  # weights that are rounded at a time


@dataclass(frozen=True, kw_only=True)
class LowBit:
    """One matrix, as views of wherever its bytes lie. ``low`` is None where groups are symmetric."""

    form: LowBitForm
    codes: UInt8[Tensor, "o n y"]
    scale: BFloat16[Tensor, "o n"]
    low: BFloat16[Tensor, "o n"] | None

    @property
    def shape(self) -> tuple[int, int]:
        """Return (out, in)."""
        return self.codes.shape[0], self.codes.shape[1] * self.form.group

    def full(self) -> Float[Tensor, "o i"]:
        """Return the matrix in float32."""
        return restored(unpack(self.codes, self.form), self.scale, self.low, self.form).flatten(1)


class PackedMatrix(nn.Module):
    """Storage of a matrix (out, in), or of a stack of them. Its parameters take no gradient.

    Raises:
        ConfigError: when the inputs do not fall into groups.
    """

    def __init__(self, rows: int, inputs: int, form: LowBitForm, *, stack: int | None = None) -> None:
        super().__init__()
        self.form = form
        shape = (rows, form.groups_of(inputs)) if stack is None else (stack, rows, form.groups_of(inputs))
        self.codes = _fixed(torch.empty(*shape, form.group_bytes, dtype=torch.uint8))
        self.scale = _fixed(torch.empty(shape, dtype=torch.bfloat16))
        self.low = None if form.symmetric else _fixed(torch.empty(shape, dtype=torch.bfloat16))

    @torch.no_grad()
    def put(self, weight: Float[Tensor, "o i"], rows: slice | None = None, number: int | None = None) -> None:
        """Round a matrix, or some rows of it, to what is stored; ``number`` says which one of a stack.

        Rows are taken a few at a time, so that what is needed meanwhile stays small.
        """
        matrix = self.matrix(number)
        start, step = (rows.start if rows else 0), max(_AT_ONCE // weight.shape[1], 1)
        for part in weight.split(step):
            groups = part.to(self.codes.device).unflatten(-1, (-1, self.form.group))
            found, place = rounded(groups, self.form), slice(start, start + part.shape[0])
            matrix.codes[place] = pack(found.codes, self.form)
            matrix.scale[place] = found.scale
            if matrix.low is not None and found.low is not None:
                matrix.low[place] = found.low
            start = place.stop

    def matrix(self, number: int | None = None) -> LowBit:
        """Return the matrix, or one of a stack, without copying it."""

        def one(own: Tensor) -> Tensor:
            return own.detach() if number is None else own.detach()[number]

        low = None if self.low is None else one(self.low).bfloat16()  # a model may have been cast
        return LowBit(form=self.form, codes=one(self.codes), scale=one(self.scale).bfloat16(), low=low)

    def extra_repr(self) -> str:
        """Return what printing a model says of it."""
        return f"{tuple(self.codes.shape[:-1])}, {self.form}"


def _fixed(tensor: Tensor) -> nn.Parameter:
    return nn.Parameter(tensor, requires_grad=False)

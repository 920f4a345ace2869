"""Codes of few bits in whole bytes.

A code is cut into planes of 8, 4, 2 or 1 bits. In a plane of w bits byte j of a group holds, from its lowest bits up,
the codes number j, j + n, j + 2n ... of the group, with n the bytes of the plane: so neighbouring bytes hold
neighbours, and vector units unpack them without shuffling.

Shape letters: g codes of a group, y bytes of a group.
"""

import torch
from jaxtyping import UInt8
from torch import Tensor

from eco1.models.nn.lowbit.form import LowBitForm


def pack(codes: UInt8[Tensor, "*b g"], form: LowBitForm) -> UInt8[Tensor, "*b y"]:
    """Return the bytes of groups of codes."""
    planes: list[Tensor] = []
    taken = 0
    for width in form.planes:
        plane = (codes >> taken) & (2**width - 1)
        parts = plane.unflatten(-1, (8 // width, -1)).unbind(-2)
        packed = parts[0].clone()
        for number, part in enumerate(parts[1:], start=1):
            packed |= part << (number * width)
        planes.append(packed)
        taken += width
    return torch.cat(planes, dim=-1)


def unpack(packed: UInt8[Tensor, "*b y"], form: LowBitForm) -> UInt8[Tensor, "*b g"]:
    """Return the codes of groups."""
    planes = packed.split([form.group * width // 8 for width in form.planes], dim=-1)
    codes, taken = torch.zeros((), dtype=torch.uint8, device=packed.device), 0
    for width, plane in zip(form.planes, planes, strict=True):
        parts = [(plane >> (number * width)) & (2**width - 1) for number in range(8 // width)]
        codes = codes | (torch.cat(parts, dim=-1) << taken)
        taken += width
    return codes

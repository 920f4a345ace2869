"""Models whose matrices are kept in bfloat16, so that autocast need not round all of them anew in every call."""

import copy
from typing import TypeVar

import torch
from torch import nn

from eco1.models.nn.moe import Experts
from eco1.models.nn.vit import Patches

_ROUNDED = (nn.Linear, Experts, Patches)  # whose products autocast takes in bfloat16

M = TypeVar("M", bound=nn.Module)


def stored_in_bfloat16(model: M) -> M:
    """Return a copy with the matrices of linear layers, experts and patches rounded; the rest stays as it is.

    Under autocast it gives, bit for bit, what the model gives: only when weights are rounded differs.
    """
    rounded = copy.deepcopy(model)
    for module in rounded.modules():
        if isinstance(module, _ROUNDED):
            for parameter in module.parameters(recurse=False):
                parameter.data = parameter.data.to(torch.bfloat16)
    return rounded

"""Which layers of a model are stored in few bits, and putting them in place of those that were there."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

import torch
from torch import nn

from eco1.models.nn.lowbit.experts import LowBitExperts
from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.linear import LowBitLinear
from eco1.models.nn.moe import Experts


@dataclass(frozen=True, kw_only=True)
class LowBitRule:
    """How experts are stored, and how all other linear layers are (None: as they are).

    ``kept`` are patterns of names, such as ``head`` or ``blocks.0.*``, of layers that stay as they are. Routers always
    do: they are small, and a token sent elsewhere is a coarse mistake.
    """

    experts: LowBitForm | None = None
    matrices: LowBitForm | None = None
    kept: tuple[str, ...] = ()

    def form_of(self, name: str, layer: Experts | nn.Linear) -> LowBitForm | None:
        """Return how a layer is stored; None when it stays."""
        if any(fnmatchcase(name, pattern) for pattern in self.kept):
            return None
        return self.experts if isinstance(layer, Experts) else self.matrices


@torch.no_grad()
def swap(model: nn.Module, rule: LowBitRule) -> list[str]:
    """Put layers in few bits in place of those that a rule names, one after the other, and return their names.

    Memory holds the model and one layer. The code of the model stays as it is. On the meta device only room is made.

    Raises:
        ConfigError: when a layer does not fall into groups; then none was touched.
    """
    named = list(_chosen(model, rule))
    for name, layer, form in named:
        for inputs in layer.down.shape[1:] if isinstance(layer, Experts) else (layer.in_features,):
            form.groups_of(inputs, name)
    names: list[str] = []
    while named:
        name, layer, form = named.pop()  # so that nobody holds the old one
        small = LowBitExperts.of(layer, form) if isinstance(layer, Experts) else LowBitLinear.of(layer, form)
        model.set_submodule(name, small)
        names.append(name)
    return names[::-1]


def _chosen(model: nn.Module, rule: LowBitRule) -> Iterator[tuple[str, Experts | nn.Linear, LowBitForm]]:
    routers = {id(layer.router) for layer in model.modules() if isinstance(layer, Experts)}
    for name, layer in model.named_modules():
        if isinstance(layer, Experts | nn.Linear) and id(layer) not in routers and name:
            form = rule.form_of(name, layer)
            if form is not None:
                yield name, layer, form

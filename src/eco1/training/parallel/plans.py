"""Who holds which part of which layer: experts dealt out, heads and hidden units divided."""

from collections.abc import Iterator

import torch
from jaxtyping import Int
from torch import Tensor, nn
from torch.distributed.device_mesh import DeviceMesh
from torch.distributed.tensor import Placement, Replicate, Shard, distribute_tensor
from torch.distributed.tensor.parallel import ColwiseParallel, ParallelStyle, RowwiseParallel, parallelize_module

from eco1.core.errors import ConfigError
from eco1.models.nn.attention import CausalAttention
from eco1.models.nn.mlp import SwiGLU
from eco1.models.nn.moe import Experts
from eco1.training.parallel.config import ParallelConfig

#: The order of a parameter's rows on the ranks, where it is not that of the model, by the parameter's name.
Orders = dict[str, Int[Tensor, " rows"]]


def check_fit(model: nn.Module, config: ParallelConfig) -> None:
    """Refuse to divide what cannot be divided evenly.

    Raises:
        ConfigError: naming the layer and what is allowed.
    """
    for name, layer in model.named_modules():
        if isinstance(layer, Experts):
            _divisible(name, {"experts": layer.experts}, "experts", config.experts)
        if isinstance(layer, CausalAttention):
            _divisible(name, {"heads": layer.heads, "kv_heads": layer.kv_heads}, "tensor", config.tensor)
        if isinstance(layer, SwiGLU):
            _divisible(name, {"hidden units": layer.down.in_features}, "tensor", config.tensor)
    for setting, kind in (("experts", Experts), ("tensor", CausalAttention)):
        if getattr(config, setting) > 1 and not any(isinstance(layer, kind) for layer in model.modules()):
            raise ConfigError(f"{type(model).__name__} has no {kind.__name__} layer to divide; leave {setting} at 1.")


def joined_rows(model: nn.Module) -> dict[str, list[int]]:
    """Return the parameters in which several matrices stand below each other, and the rows of each.

    Query, key and value stand in one matrix, gate and up in another.
    """
    joined: dict[str, list[int]] = {}
    for name, layer in model.named_modules():
        if isinstance(layer, CausalAttention):
            sizes = [heads * layer.head_dim for heads in (layer.heads, layer.kv_heads, layer.kv_heads)]
            joined |= {f"{name}.qkv.{parameter}": sizes for parameter, _ in layer.qkv.named_parameters()}
        elif isinstance(layer, SwiGLU):
            joined[f"{name}.gate_up.weight"] = [layer.down.in_features] * 2
    return joined


def row_orders(joined: dict[str, list[int]], ranks: int) -> Orders:
    """Return the orders in which joined matrices are divided, so that each rank gets its rows of every part.

    Cut as they are, one rank would get all queries or all gates.
    """
    return {name: _by_rank(sizes, ranks) for name, sizes in joined.items()} if ranks > 1 else {}


def divide(model: nn.Module, crew: DeviceMesh, config: ParallelConfig, orders: Orders) -> None:
    """Leave this rank its part of every layer that is divided. Nothing else changes: inputs and outputs are whole."""
    with torch.no_grad():
        for name, order in orders.items():
            parameter = model.get_parameter(name)
            parameter.copy_(parameter[order.to(parameter.device)])
    for layer in list(model.modules()):
        if isinstance(layer, Experts) and config.experts > 1:
            parallelize_module(layer, crew, DealtExperts())
        elif isinstance(layer, CausalAttention) and config.tensor > 1:
            gains = {"query_norm": HeldByAll(), "key_norm": HeldByAll()}
            parallelize_module(layer, crew, {"qkv": ColwiseParallel(), "out": RowwiseParallel(), **gains})
            layer.heads //= config.tensor
            layer.kv_heads //= config.tensor
        elif isinstance(layer, SwiGLU) and config.tensor > 1:
            parallelize_module(layer, crew, {"gate_up": ColwiseParallel(), "down": RowwiseParallel()})


class DealtExperts(ParallelStyle):
    """Each rank holds as many experts, in order; the router is whole on all."""

    def _apply(self, module: nn.Module, device_mesh: DeviceMesh) -> nn.Module:
        _place(module, ("gate_up", "down"), device_mesh, Shard(0))
        return module


class HeldByAll(ParallelStyle):
    """Every rank holds all of it and applies it to its own heads only, so gradients are summed."""

    def _apply(self, module: nn.Module, device_mesh: DeviceMesh) -> nn.Module:
        _place(module, ("weight",), device_mesh, Replicate())
        return module


def _place(module: nn.Module, names: tuple[str, ...], mesh: DeviceMesh, place: Placement) -> None:
    for name in names:
        whole = module.get_parameter(name)
        placed = nn.Parameter(distribute_tensor(whole.detach(), mesh, [place]), requires_grad=whole.requires_grad)
        module.register_parameter(name, placed)


def _by_rank(sizes: list[int], ranks: int) -> Int[Tensor, " rows"]:
    """Return the rows of the first rank's share of every part, then those of the second's, and so on."""
    return torch.cat(list(_shares(sizes, ranks)))


def _shares(sizes: list[int], ranks: int) -> Iterator[Tensor]:
    parts = torch.arange(sum(sizes)).split(sizes)
    for rank in range(ranks):
        yield from (part.chunk(ranks)[rank] for part in parts)


def _divisible(name: str, numbers: dict[str, int], setting: str, ranks: int) -> None:
    for what, number in numbers.items():
        if number % ranks:
            allowed = ", ".join(str(n) for n in range(1, number + 1) if number % n == 0)
            raise ConfigError(
                f"The {number} {what} of {name} cannot be divided evenly among {ranks} ranks ({setting}={ranks}). "
                f"Allowed: {allowed}."
            )

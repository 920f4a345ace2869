"""Where experts lie that are not in memory: files that are mapped, so that nothing is read before it is asked for."""

from abc import ABC, abstractmethod
from pathlib import Path

import torch
from torch import Tensor

from eco1.core.errors import ConfigError
from eco1.models.nn.lowbit.experts import Expert
from eco1.models.nn.lowbit.form import LowBitForm
from eco1.models.nn.lowbit.packed import LowBit
from eco1.models.nn.public.shards import Shards
from eco1.models.nn.qwen3 import Qwen3Config
from eco1.models.nn.qwen3.public_names import fused_layers


class ExpertSource(ABC):
    """The experts of a folder, all of one size. ``expert_bytes`` is that size in memory."""

    expert_bytes: int

    @abstractmethod
    def load(self, layer: int, number: int, device: str) -> Expert:
        """Return an expert in memory of its own on the device."""


class PackedSource(ExpertSource):
    """Experts as ``save_low_bit`` writes them: a stack per layer, of which one slice is read."""

    def __init__(self, shards: Shards, config: Qwen3Config, form: LowBitForm) -> None:
        self._shards, self._form = shards, form
        self.expert_bytes = form.packed_bytes(3 * config.width * config.expert_hidden)

    def load(self, layer: int, number: int, device: str) -> Expert:
        """Return an expert in few bits."""
        gate_up, down = (self._matrix(f"blocks.{layer}.feed.{name}", number, device) for name in ("gate_up", "down"))
        return Expert(gate_up=gate_up, down=down)

    def _matrix(self, name: str, number: int, device: str) -> LowBit:
        def one(part: str) -> Tensor:
            return _moved(self._shards.slice(f"{name}.{part}", number), device)

        low = None if self._form.symmetric else one("low")
        return LowBit(form=self._form, codes=one("codes"), scale=one("scale"), low=low)


class PublicSource(ExpertSource):
    """Experts as they are published, each matrix a tensor of its own, in the type in which they are stored.

    Raises:
        ConfigError: when the experts are stacked, as transformers holds them in memory.
    """

    def __init__(self, folder: Path, shards: Shards, config: Qwen3Config) -> None:
        if fused_layers(config, shards.shapes):
            raise ConfigError(f"{folder} stores experts stacked. Save it with save_public, then bring them from there.")
        self._shards = shards
        first = next(layer for layer in range(config.layers) if config.is_sparse(layer))
        self.expert_bytes = 3 * shards.tensor(_public(first, 0, "gate")).nbytes

    def load(self, layer: int, number: int, device: str) -> Expert:
        """Return an expert in full."""
        gate, up, down = (self._shards.tensor(_public(layer, number, name)) for name in ("gate", "up", "down"))
        return Expert(gate_up=torch.cat([gate, up]).to(device), down=_moved(down, device))


def _public(layer: int, number: int, name: str) -> str:
    return f"model.layers.{layer}.mlp.experts.{number}.{name}_proj.weight"


def _moved(mapped: Tensor, device: str) -> Tensor:
    """Return a copy; the mapped pages are the system's to drop."""
    return mapped.to(device, copy=True)

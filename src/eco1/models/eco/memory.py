"""What Eco-1 remembers between two steps of a world."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import torch
from jaxtyping import Float, Int
from torch import Tensor

from eco1.core.records import SURROUNDINGS, ArrayRecord
from eco1.models.eco.config import EcoConfig
from eco1.models.nn.attention import KeyValue
from eco1.sensors.egocentric import CUES, OWN
from eco1.sensors.scene import Scene
from eco1.sensors.trace import Trace, no_trace


@dataclass(frozen=True, kw_only=True)
class EcoMemory:
    """Batch first throughout; caches hold the animals of a world side by side (b * n first).

    ``token``, ``latent``, ``cues`` and ``recent`` are those of the last scene (``network.Reading``);
    ``velocity_history`` (m/s, world axes, oldest first) feeds the autoregressive path; ``routing`` is each expert's
    mean weight over the layers at the last step.
    """

    scene: Scene
    past: Trace
    velocity_history: Float[Tensor, "b n p 3"]
    cache: tuple[KeyValue, ...]
    frame: Int[Tensor, " b"]
    token: Float[Tensor, "b n d"]
    latent: Float[Tensor, "b n d"]
    cues: Float[Tensor, "b n c"]
    recent: Int[Tensor, "b n 2 f"]
    routing: Float[Tensor, "b n e"]

    @property
    def batch(self) -> int:
        """Return the number of worlds."""
        return self.frame.shape[0]

    @property
    def animals(self) -> int:
        """Return the number of rows per world."""
        return self.latent.shape[1]

    def repeat(self, times: int) -> "EcoMemory":
        """Return a memory in which every world stands ``times`` times in a row."""
        worlds, animals = self.batch, self.animals

        def repeated(value: Tensor) -> Tensor:
            if value.shape[0] == worlds:
                return value.repeat_interleave(times, dim=0)
            split = value.unflatten(0, (worlds, animals)).repeat_interleave(times, dim=0)
            return split.flatten(0, 1)

        return tree_map(repeated, self)


def tree_map(function: Callable[[Tensor], Tensor], tree: Any) -> Any:
    """Return a tree of dataclasses and tuples with ``function`` applied to every tensor."""
    if isinstance(tree, Tensor):
        return function(tree)
    if isinstance(tree, tuple):
        return tuple(tree_map(function, branch) for branch in tree)
    if isinstance(tree, ArrayRecord):
        return tree.map(function)
    return type(tree)(**{f.name: tree_map(function, getattr(tree, f.name)) for f in fields(tree)})


def empty_memory(config: EcoConfig, batch: int, animals: int, device: torch.device) -> EcoMemory:
    """Return the memory before anything was seen. With 0 animals it takes the number of the first scene."""
    shape = (batch, animals)
    zeros = torch.zeros(shape, device=device)
    counts = zeros.long()
    cached = torch.zeros(batch * animals, config.kv_heads, config.window_frames - 1, config.head_dim, device=device)
    return EcoMemory(
        scene=Scene(
            position_m=torch.zeros(*shape, 3, device=device),
            velocity_mps=torch.zeros(*shape, 3, device=device),
            heading_rad=zeros,
            alive=zeros.bool(),
            carcass=zeros.bool(),
            identity=counts,
            species=counts,
            behavior=counts - 1,
            body_length_m=torch.ones_like(zeros),
            surroundings=torch.zeros(*shape, len(SURROUNDINGS), device=device),
        ),
        past=no_trace(batch, animals, device),
        velocity_history=torch.zeros(*shape, config.history_frames, 3, device=device),
        cache=tuple(KeyValue(key=cached, value=cached) for _ in range(config.layers)),
        frame=torch.zeros(batch, dtype=torch.long, device=device),
        token=torch.zeros(*shape, config.width, device=device),
        latent=torch.zeros(*shape, config.width, device=device),
        cues=torch.zeros(*shape, len(OWN[CUES]), device=device),
        recent=torch.full((*shape, 2, config.motion_factors), config.motion_states - 1, device=device),
        routing=torch.zeros(*shape, len(config.expert_names), device=device),
    )

"""The backbone: a causal Qwen3-style mixture-of-experts decoder over the frames of each animal.

Shape letters: b worlds, n animals, t new frames, s frames that can be seen, d width, e experts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from eco1.models.eco.config import EcoConfig
from eco1.models.nn.attention import CausalAttention, KeyValue, sliding_mask
from eco1.models.nn.moe import Experts
from eco1.models.nn.norm import RMSNorm
from eco1.models.nn.rope import Rotation, rotation_at
from eco1.models.nn.routing import Routing
from eco1.sensors.egocentric import CUES, OWN, Egocentric


class RouterBias(nn.Module):
    """What leans the router before it has looked: species, behaviour and what is around (the biome as it is felt)."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        experts = len(config.expert_names)
        self.species = nn.Embedding(len(config.species_names) + 1, experts)
        self.behavior = nn.Embedding(len(config.behavior_names) + 1, experts)
        self.around = nn.Linear(len(OWN[CUES]), experts, bias=False)
        for table in (self.species, self.behavior, self.around):
            nn.init.zeros_(table.weight)
        with torch.no_grad():
            if config.species_expert_bias:
                self.species.weight[1:] = torch.tensor(config.species_expert_bias)
            for behavior, expert in enumerate(config.behavior_expert):
                self.behavior.weight[behavior + 1, expert] = config.behavior_expert_bias

    def forward(self, view: Egocentric) -> Float[Tensor, "*b n e"]:
        """Return what is added to the router's logits."""
        return self.species(view.species) + self.behavior(view.behavior) + self.around(view.own[..., CUES])


class Block(nn.Module):
    """Attention over time, then experts; pre-norm residuals."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(config.width)
        self.attention = CausalAttention(config.width, config.heads, config.kv_heads, config.head_dim)
        self.experts_norm = RMSNorm(config.width)
        self.experts = Experts(
            config.width,
            config.expert_hidden,
            len(config.expert_names),
            config.experts_per_token,
            config.capacity_factor,
        )

    def forward(
        self,
        x: Float[Tensor, "m t d"],
        rotation: Rotation,
        allowed: Bool[Tensor, "m t s"],
        bias: Float[Tensor, "mt e"],
        alive: Bool[Tensor, " mt"],
        *,
        cache: KeyValue | None,
        keep: int,
        drop: bool,
    ) -> tuple[Float[Tensor, "m t d"], KeyValue | None, Routing]:
        """Return the tokens, what to remember of them, and how they were routed."""
        mixed, kept = self.attention(self.attention_norm(x), rotation, allowed, cache, keep)
        x = x + mixed
        served, routing = self.experts(self.experts_norm(x).flatten(0, 1), bias, alive, drop=drop)
        return x + served.view_as(x), kept, routing


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """Latents (b, n, t, d), the cache to go on from, and how each layer routed its tokens."""

    latent: Float[Tensor, "b n t d"]
    cache: tuple[KeyValue, ...]
    routing: tuple[Routing, ...]


class Decoder(nn.Module):
    """Blocks with sliding-window attention, so a cache of ``window_frames - 1`` frames is exact."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        self.window, self.head_dim, self.theta = config.window_frames, config.head_dim, config.rope_theta
        self.kv_heads = config.kv_heads
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = RMSNorm(config.width)

    def forward(
        self,
        token: Float[Tensor, "b n t d"],
        bias: Float[Tensor, "b n t e"],
        alive: Bool[Tensor, "b n t"],
        age: Int[Tensor, "b n t"],
        *,
        frame: Int[Tensor, " b"],
        cache: Sequence[KeyValue] = (),
        remember: bool = False,
        drop: bool = False,
    ) -> Decoded:
        """Return the latents.

        Args:
            token: what each animal sees in each frame.
            bias: leaning of the router.
            alive: rows that are animals; the others take no expert's place.
            age: frames before each that belong to the same animal.
            frame: number of frames each world has seen before these.
            cache: keys and values of the last frames, one entry per layer; empty at the start.
            remember: whether to return a cache.
            drop: whether experts have a fixed capacity (training).
        """
        worlds, animals, frames, width = token.shape
        cached = cache[0].key.shape[2] if cache else 0
        allowed = sliding_mask(age.reshape(-1, frames), self.window, cached)
        position = frame[:, None] + torch.arange(frames, device=token.device)
        rotation = _per_animal(rotation_at(position, self.head_dim, self.theta), animals)
        x = token.reshape(worlds * animals, frames, width)
        flat_bias, flat_alive = bias.reshape(-1, bias.shape[-1]), alive.reshape(-1)
        keep = self.window - 1 if remember else 0
        kept: list[KeyValue] = []
        routing: list[Routing] = []
        for layer, block in enumerate(self.blocks):
            past = cache[layer] if cache else None
            x, memory, sent = block(x, rotation, allowed, flat_bias, flat_alive, cache=past, keep=keep, drop=drop)
            routing.append(sent)
            if memory is not None:
                kept.append(memory)
        latent = self.norm(x).view(worlds, animals, frames, width)
        return Decoded(latent=latent, cache=tuple(kept), routing=tuple(routing))


def _per_animal(rotation: Rotation, animals: int) -> Rotation:
    """Repeat a world's rotation (b, t, h) for its animals, with an axis for heads: (b * n, 1, t, h)."""
    return Rotation(
        cos=rotation.cos.repeat_interleave(animals, dim=0)[:, None],
        sin=rotation.sin.repeat_interleave(animals, dim=0)[:, None],
    )

"""Causal grouped-query attention with q/k-norm and a bounded cache, as in Qwen3 (arXiv 2505.09388, section 2).

Shape letters: m sequences, t new frames, s frames that can be seen (cached and new), d width, h size of a head.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.nn.dealt import own
from eco1.models.nn.norm import RMSNorm, rms_normalised
from eco1.models.nn.rope import Rotation, rotate

_SHORT = 512  # tokens up to which all weights of attention are held at once in training


@dataclass(frozen=True, kw_only=True)
class KeyValue:
    """Keys (already rotated) and values of the frames seen last, oldest first."""

    key: Float[Tensor, "m g s h"]
    value: Float[Tensor, "m g s h"]


def sliding_mask(age: Int[Tensor, "m t"], window: int, cached: int) -> Bool[Tensor, "m t s"]:
    """Return which frames each new frame may see: itself and up to ``window - 1`` before it, of the same animal only.

    Args:
        age: number of frames before each new frame that belong to the same animal without a break.
        window: longest reach, the frame itself included.
        cached: frames in the cache, which come before the new ones.
    """
    frames = age.shape[1]
    new = torch.arange(frames, device=age.device)
    seen = torch.arange(-cached, frames, device=age.device)
    lag = new[:, None] - seen[None, :]
    return (lag >= 0) & (lag < window) & (lag <= age[..., None])


class CausalAttention(nn.Module):
    """Grouped-query attention (arXiv 2305.13245): the layer's weights, and how a scene model attends with them."""

    def __init__(
        self, width: int, heads: int, kv_heads: int, head_dim: int, *, eps: float = 1e-6, bias: bool = False
    ) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = heads, kv_heads, head_dim
        self.qkv = nn.Linear(width, (heads + 2 * kv_heads) * head_dim, bias=bias)
        self.out = nn.Linear(heads * head_dim, width, bias=bias)
        self.query_norm = RMSNorm(head_dim, eps)
        self.key_norm = RMSNorm(head_dim, eps)

    def forward(
        self,
        x: Float[Tensor, "m t d"],
        rotation: Rotation,
        allowed: Bool[Tensor, "m t s"],
        cache: KeyValue | None,
        keep: int,
    ) -> tuple[Float[Tensor, "m t d"], KeyValue | None]:
        """Return what each frame gathers, and a cache of the last ``keep`` frames (None when 0)."""
        query, key, value = self.project(x, rotation)
        if cache is not None:
            key = torch.cat([cache.key, key], dim=2)
            value = torch.cat([cache.value, value], dim=2)
        mixed = self._attend(query, key, value, allowed)
        return self.out(mixed), _last(key, value, keep)

    def project(
        self, x: Float[Tensor, "m t d"], rotation: Rotation
    ) -> tuple[Float[Tensor, "m heads t h"], Float[Tensor, "m g t h"], Float[Tensor, "m g t h"]]:
        """Return queries and keys, normalised and turned, and values."""
        sequences, frames, _ = x.shape
        parts = self.qkv(x).view(sequences, frames, -1, self.head_dim).transpose(1, 2)
        turning, value = parts.split([self.heads + self.kv_heads, self.kv_heads], dim=1)
        turning = rotate(rms_normalised(turning, self._gains(), self.query_norm.eps), rotation)
        query, key = turning.split([self.heads, self.kv_heads], dim=1)
        return query, key, value

    def _gains(self) -> Float[Tensor, "heads 1 h"]:
        """Queries and keys are normalised and turned in one go, each head by the gain of its kind."""
        query = own(self.query_norm.weight).expand(self.heads, 1, -1)
        key = own(self.key_norm.weight).expand(self.kv_heads, 1, -1)
        return torch.cat([query, key])

    def _attend(self, query: Tensor, key: Tensor, value: Tensor, allowed: Tensor) -> Tensor:
        """Heads of one group share their keys, so they stand in line as further queries and nothing is copied."""
        sequences, _, frames, _ = query.shape
        group = self.heads // self.kv_heads
        query = query.reshape(sequences, self.kv_heads, group * frames, self.head_dim)
        mask = allowed[:, None].expand(-1, group, -1, -1).reshape(sequences, 1, group * frames, -1)
        mixed = _attention(query, key, value, mask)
        mixed = mixed.reshape(sequences, self.heads, frames, self.head_dim)
        return mixed.transpose(1, 2).reshape(sequences, frames, -1)


def _attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor) -> Tensor:
    """In full on a CPU, where the fused kernel's bfloat16 gradient takes seven times as long (torch 2.13)."""
    if query.is_cuda:
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
    return attention_in_full(query, key, value, mask)


def fused_is_slow(query: Float[Tensor, "b n t h"]) -> bool:
    """Return whether attention is better done in full.

    On a CPU the fused kernel's bfloat16 gradient takes up to four times as long for short sequences (torch 2.13).
    """
    learning = query.requires_grad and torch.is_grad_enabled()
    return learning and query.device.type == "cpu" and query.dtype == torch.bfloat16 and query.shape[2] <= _SHORT


def attention_in_full(
    query: Float[Tensor, "*b t h"],
    key: Float[Tensor, "*b s h"],
    value: Float[Tensor, "*b s h"],
    mask: Bool[Tensor, "*m t s"] | None,
) -> Float[Tensor, "*b t h"]:
    """Return what each query gathers from where the mask lets it look (None: all), with all weights held in memory."""
    logits = (query * query.shape[-1] ** -0.5) @ key.transpose(-1, -2)
    if mask is not None:
        logits = logits.masked_fill(~mask, -torch.inf)
    return logits.softmax(-1).to(value.dtype) @ value


def _last(key: Tensor, value: Tensor, keep: int) -> KeyValue | None:
    if keep == 0:
        return None
    short = max(keep - key.shape[2], 0)
    pad = (0, 0, short, 0)
    key, value = key[:, :, -keep:], value[:, :, -keep:]
    return (
        KeyValue(key=functional.pad(key, pad), value=functional.pad(value, pad))
        if short
        else KeyValue(key=key, value=value)
    )

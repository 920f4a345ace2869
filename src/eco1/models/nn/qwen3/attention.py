"""Causal attention over whole sequences and over cached ones.

Shape letters: b sequences, n query heads, g key heads, t new tokens, s tokens so far with the new, h size of a head.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional

from eco1.models.nn.attention import KeyValue, attention_in_full, fused_is_slow
from eco1.models.nn.qwen3.cache import LayerCache


def attend(
    query: Float[Tensor, "b n t h"],
    key: Float[Tensor, "b g s h"],
    value: Float[Tensor, "b g s h"],
    may_see: Bool[Tensor, "b 1 t s"] | None = None,
) -> Float[Tensor, "b n t h"]:
    """Return what each token, or the last one alone, gathers from where it may look.

    That is itself and those before it, when not said.
    """
    if query.shape[2] == 1 and may_see is None:
        return _attend_one(query, KeyValue(key=key, value=value))
    if fused_is_slow(query):
        return _attend_in_full(query, key, value, may_see)
    return functional.scaled_dot_product_attention(
        query, key, value, attn_mask=may_see, is_causal=may_see is None, enable_gqa=True
    )


def _attend_in_full(query: Tensor, key: Tensor, value: Tensor, may_see: Tensor | None) -> Float[Tensor, "b n t h"]:
    """Heads of a group stand in line as queries, so that no key is repeated."""
    batch, heads, new, size = query.shape
    groups = key.shape[1]
    line = query.reshape(batch, groups, -1, size)
    mask = (_may_see(new, new, query.device)[None, None] if may_see is None else may_see).repeat(
        1, 1, heads // groups, 1
    )
    return attention_in_full(line, key, value, mask).reshape(query.shape)


def attend_cached(query: Float[Tensor, "b n t h"], cache: LayerCache) -> Float[Tensor, "b n t h"]:
    """Return what the last tokens of a cache, to which they were added before, gather from all of it."""
    *shared, own = cache.stretches()
    if shared:
        return _attend_parts(query, shared, own)
    if query.shape[2] == own.key.shape[2]:
        return attend(query, own.key, own.value)
    if query.shape[2] == 1:
        return _attend_one(query, own)
    mask = _may_see(query.shape[2], own.key.shape[2], query.device)
    return functional.scaled_dot_product_attention(query, own.key, own.value, attn_mask=mask, enable_gqa=True)


def _attend_one(query: Float[Tensor, "b n 1 h"], own: KeyValue) -> Float[Tensor, "b n 1 h"]:
    """One new token sees everything; heads of a group stand in line as queries, so that no key is repeated."""
    line = query.view(query.shape[0], own.key.shape[1], -1, query.shape[-1])
    return functional.scaled_dot_product_attention(line, own.key, own.value).reshape(query.shape)


def _may_see(new: int, seen: int, device: torch.device) -> Bool[Tensor, "t s"]:
    return torch.ones(new, seen, dtype=torch.bool, device=device).tril(seen - new)


def _attend_parts(query: Float[Tensor, "b n t h"], shared: list[KeyValue], own: KeyValue) -> Float[Tensor, "b n t h"]:
    """Attend to each stretch by itself and weigh the results by their share of the softmax.

    Sequences that share a stretch stand in line as its queries, so that it is read once for all of them: Juravsky et
    al. (2024), "Hydragen", arXiv 2402.05099, section 3.
    """
    parts = [_attend_part(query, part, None) for part in shared]
    parts.append(_attend_part(query, own, _may_see(query.shape[2], own.key.shape[2], query.device)))
    mass = torch.stack([lse for _, lse in parts]).softmax(0)
    return (torch.stack([mixed for mixed, _ in parts]) * mass).sum(0).to(query.dtype)


def _attend_part(
    query: Float[Tensor, "b n t h"], part: KeyValue, allowed: Bool[Tensor, "t s"] | None
) -> tuple[Float[Tensor, "b n t h"], Float[Tensor, "b n t 1"]]:
    """Return what a stretch gives, and the log of the sum of its exponentials."""
    owners, groups, seen, size = part.key.shape
    batch, heads, new, _ = query.shape
    line = query.view(owners, batch // owners, groups, heads // groups, new, size).transpose(1, 2)
    logits = (line.reshape(owners, groups, -1, size) @ part.key.mT).float() * size**-0.5
    if allowed is not None:
        logits = logits.view(owners, groups, -1, new, seen).masked_fill(~allowed, -torch.inf).flatten(2, 3)
    mixed = logits.softmax(-1).to(part.value.dtype) @ part.value
    return _back(mixed, line.shape, query.shape), _back(logits.logsumexp(-1, keepdim=True), line.shape, query.shape)


def _back(x: Tensor, line: torch.Size, query: torch.Size) -> Tensor:
    return x.view(*line[:-1], x.shape[-1]).transpose(1, 2).reshape(*query[:-1], x.shape[-1])

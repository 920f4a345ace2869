"""Slow copies: the targets of joint-embedding models (BYOL, arXiv 2006.07733, section 3.1)."""

import torch
from torch import nn


@torch.no_grad()
def follow(slow: nn.Module, learned: nn.Module, momentum: float) -> None:
    """Move a copy towards what it is a copy of, slow = momentum * slow + (1 - momentum) * learned; take its buffers."""
    for kept, new in zip(slow.parameters(), learned.parameters(), strict=True):
        kept.lerp_(new.to(kept.dtype), 1.0 - momentum)
    for kept, new in zip(slow.buffers(), learned.buffers(), strict=True):
        kept.copy_(new)

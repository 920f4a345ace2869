"""The blocks of any model, found by one rule, and computed twice to save memory."""

from collections.abc import Callable, Iterator
from typing import Any

from torch import nn
from torch.utils.checkpoint import checkpoint

from eco1.training.compiling import CompiledPart


def blocks_of(model: nn.Module) -> Iterator[nn.Module]:
    """Yield the outermost modules of every ``ModuleList`` that have parts of their own: layers in a stack.

    Lists of single layers (a linear map for each of some things) are no stacks.
    """
    for child in model.children():
        if not isinstance(child, nn.ModuleList):
            yield from blocks_of(child)
            continue
        for block in child:
            if any(True for _ in block.children()):
                yield block


def recomputed_blocks(model: nn.Module) -> tuple[CompiledPart, ...]:
    """Return stand-ins that keep only what goes into each learned block; the inside is computed again for the gradient.

    Chen et al. (2016), arXiv 1604.06174. Random numbers of torch's global stream are the same both times. Slow copies
    that are not learned need none.
    """
    learned = (block for block in blocks_of(model) if any(p.requires_grad for p in block.parameters()))
    return tuple(CompiledPart(block, "forward", _computed_twice(block.forward)) for block in learned)


def _computed_twice(forward: Callable[..., Any]) -> Callable[..., Any]:
    def twice(*arguments: Any, **named: Any) -> Any:
        return checkpoint(forward, *arguments, use_reentrant=False, **named)

    return twice

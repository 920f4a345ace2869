"""What a decoder's matrices are before it has learned anything.

Shape letters: g key heads, n query heads, h size of a head, d width.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from eco1.models.nn.attention import CausalAttention

_OF_EMBEDDING = 0.02  # ``initializer_range`` of the released configs
_LIKENESS = 0.7  # Trockman & Kolter (2023), arXiv 2305.09828, section 4: of queries to keys; ours also of outputs


def initialise(module: nn.Module) -> None:
    """Draw a module's own matrices; to be applied to parts before wholes (``nn.Module.apply``).

    What leaves a matrix is as large as what came: 0.0156 at a width of 4,096, where 0.02 was released. With 0.02 at a
    width of 128, heads would add a sixteenth of what experts do, and nothing would be copied from afar.
    """
    if isinstance(module, nn.Linear | nn.Embedding):
        for name, parameter in module.named_parameters(recurse=False):
            std = _OF_EMBEDDING if isinstance(module, nn.Embedding) else parameter.shape[-1] ** -0.5
            nn.init.zeros_(parameter) if name == "bias" else nn.init.normal_(parameter, std=std)
    if isinstance(module, CausalAttention):
        _look_for_likeness(module)


@torch.no_grad()
def _look_for_likeness(attention: CausalAttention) -> None:
    """Let tokens look at those that are like them, and take over what these are, as trained language models do.

    So an animal is found by words that are part of its vector, and its other words are told, before anything is
    learned. Queries are partly their keys, outputs their values turned back; the rest is drawn, so that heads differ.
    """
    heads, groups, size = attention.heads, attention.kv_heads, attention.head_dim
    query, key, value = attention.qkv.weight.split([heads * size, groups * size, groups * size])
    _mix(query, _of_each_head(key, heads // groups, size))
    _mix(attention.out.weight, _of_each_head(value, heads // groups, size).T)


def _of_each_head(weight: Float[Tensor, "gh d"], repeats: int, size: int) -> Float[Tensor, "nh d"]:
    return weight.unflatten(0, (-1, size)).repeat_interleave(repeats, 0).flatten(0, 1)


def _mix(drawn: Float[Tensor, "x y"], wanted: Float[Tensor, "x y"]) -> None:
    drawn.mul_((1.0 - _LIKENESS**2) ** 0.5).add_(wanted, alpha=_LIKENESS)

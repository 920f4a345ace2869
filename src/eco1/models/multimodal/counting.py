"""What a size is made of: parameters and arithmetic, counted on the meta device, where weights take no room.

What is counted is the decoder and the encoders of four senses. What joins them (patches, neighbours, predictor, maps
into the decoder's width, what finds and weighs, how moves are spread) adds 35 % to ``nano``, 8 % to ``base``, 3 % to
``7b``, 1 % to ``32b`` and 0.5 % to ``70b``. The vocabularies of 10,000 species and 5,000 environments, the
encoder of words and the slow copies of all encoders come on top.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from eco1.models.multimodal.ladder import Rung
from eco1.models.nn.moe import Experts
from eco1.models.nn.qwen3 import Qwen3
from eco1.models.nn.vit import Encoder


@dataclass(frozen=True, kw_only=True)
class Part:
    """Parameters of one part of a model: all, those that one of its tokens is multiplied with, and all in matrices."""

    name: str
    total: int
    active: int
    in_matrices: int


@dataclass(frozen=True, kw_only=True)
class Counted:
    """The parts of a size: those of the decoder, and an encoder for each sense."""

    decoder: tuple[Part, ...]
    senses: tuple[Part, ...]

    @property
    def total(self) -> int:
        """Return the number of all parameters."""
        return sum(part.total for part in (*self.decoder, *self.senses))

    @property
    def active(self) -> int:
        """Return the parameters that a word is multiplied with: the decoder with the chosen experts only.

        The embedding is looked up, not multiplied with; a token of a sense takes its encoder besides.
        """
        return sum(part.active for part in self.decoder)


def count(size: Rung) -> Counted:
    """Return the parameters of a size, part by part."""
    with torch.device("meta"):
        decoder = Qwen3(size.language)
        encoders = {sense: Encoder(config) for sense, config in size.senses.items()}
    return Counted(
        decoder=tuple(_decoder_parts(decoder)),
        senses=tuple(_whole(name, encoder) for name, encoder in encoders.items()),
    )


def flops_per_token(size: Rung, length: int) -> int:
    """Return the floating-point operations of one more token behind ``length - 1`` others, forward.

    2 per active weight, and 4 per layer, head, channel and token attended to: a third of what PaLM (Chowdhery et al.
    2022, arXiv 2204.02311, appendix B) counts for forward and backward.
    """
    config = size.language
    attention = 4 * config.layers * config.heads * config.head_dim * length
    return 2 * count(size).active + attention


def _decoder_parts(decoder: Qwen3) -> Iterator[Part]:
    blocks: list[nn.Module] = list(decoder.blocks)
    embedding = _whole("embedding", decoder.embedding)
    if decoder.head is None:
        yield Part(
            name="embedding and head", total=embedding.total, active=embedding.total, in_matrices=embedding.total
        )
    else:
        yield Part(name="embedding", total=embedding.total, active=0, in_matrices=embedding.total)
        yield _whole("head", decoder.head)
    yield _whole("attention", *(block.get_submodule("attention") for block in blocks))
    feeds = [block.get_submodule("feed") for block in blocks]
    sparse = [feed for feed in feeds if isinstance(feed, Experts)]
    if sparse:
        yield _whole("routers", *(feed.router for feed in sparse))
        yield _experts(sparse)
    if len(sparse) < len(feeds):
        yield _whole("dense feed-forward", *(feed for feed in feeds if not isinstance(feed, Experts)))
    norms = [
        norm for block in blocks for norm in (block.get_submodule("attention_norm"), block.get_submodule("feed_norm"))
    ]
    yield _whole("norms", decoder.norm, *norms)


def _whole(name: str, *modules: nn.Module) -> Part:
    """Return a part of which every parameter meets every token."""
    parameters = [parameter for module in modules for parameter in module.parameters()]
    total = sum(parameter.numel() for parameter in parameters)
    matrices = sum(parameter.numel() for parameter in parameters if parameter.ndim > 1)
    return Part(name=name, total=total, active=total, in_matrices=matrices)


def _experts(layers: list[Experts]) -> Part:
    total = sum(layer.gate_up.numel() + layer.down.numel() for layer in layers)
    active = sum((layer.gate_up.numel() + layer.down.numel()) // layer.experts * layer.chosen for layer in layers)
    return Part(name="experts", total=total, active=active, in_matrices=total)

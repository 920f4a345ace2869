"""Opening a folder as a model whose experts stay on disk."""

from collections.abc import Collection
from itertools import pairwise
from pathlib import Path

import torch

from eco1.core.errors import ConfigError
from eco1.models.nn.lowbit.experts import LowBitExperts
from eco1.models.nn.lowbit.files import as_they_are, is_low_bit, read_low_bit_config
from eco1.models.nn.lowbit.offload import HotExperts, OffloadedExperts
from eco1.models.nn.lowbit.sources import ExpertSource, PackedSource, PublicSource
from eco1.models.nn.lowbit.swap import LowBitRule, swap
from eco1.models.nn.moe import Experts
from eco1.models.nn.public import CONFIG, Piece, load_weights, read_public_json
from eco1.models.nn.public.shards import Shards
from eco1.models.nn.qwen3 import Qwen3, Qwen3Config
from eco1.models.nn.qwen3.public_names import pieces


def load_offloaded(folder: Path, *, hot_bytes: int, device: str = "cpu", look_ahead: bool = True) -> Qwen3:
    """Return a model, in evaluation mode, whose experts come from mapped files when they are chosen.

    Everything else is loaded. ``model.blocks[n].feed.hot``, one for all layers, counts what was brought.

    Args:
        folder: written by ``save_low_bit``, or public with an expert a tensor.
        hot_bytes: room for the experts that were used last.
        device: where the model computes.
        look_ahead: whether the next layer's likely experts come early. It helps where reading takes longer than a layer
            and leaves the processor free, as from a disk or over a bus to a GPU.

    Raises:
        CheckpointError: when a file is missing or damaged, or the tensors are not those of the config.
        ConfigError: when the model has no experts, they are stored otherwise, or none fits into ``hot_bytes``.
    """
    if is_low_bit(folder):
        config, rule = read_low_bit_config(folder)
    else:
        config, rule = Qwen3Config.from_public(read_public_json(folder / CONFIG)), LowBitRule()
    if not any(config.is_sparse(layer) for layer in range(config.layers)):
        raise ConfigError(f"The model in {folder} has no experts that could be offloaded. Load it as a whole.")
    hot = HotExperts(_source(folder, config, rule), hot_bytes, device)
    with torch.device("meta"):
        whole = Qwen3(config)
        swap(whole, rule)
    plan = as_they_are(whole) if is_low_bit(folder) else list(pieces(config))

    def build() -> Qwen3:
        model = Qwen3(config)
        swap(model, rule)
        _offload(model, hot, look_ahead=look_ahead)
        return model

    with torch.device("meta"):
        resident = {name for name, _ in build().named_parameters()}
    kept = [piece for piece in plan if piece.parameter in resident]
    waiting = {piece.public for piece in plan if piece.parameter not in resident}

    def planned(_names: Collection[str]) -> list[Piece]:
        return kept

    ignored = waiting | ({"lm_head.weight"} if config.tied else set[str]())
    return load_weights(folder, build, planned, ignored=ignored, device=device)


def _source(folder: Path, config: Qwen3Config, rule: LowBitRule) -> ExpertSource:
    shards = Shards(folder).open()
    if not is_low_bit(folder):
        return PublicSource(folder, shards, config)
    if rule.experts is None:
        raise ConfigError(
            f"The experts in {folder} are not in few bits. Offload them from the public folder they are from."
        )
    return PackedSource(shards, config, rule.experts)


def _offload(model: Qwen3, hot: HotExperts, *, look_ahead: bool) -> None:
    """Put experts that are brought in place of those that a model has."""
    feeds = {layer: block.get_submodule("feed") for layer, block in enumerate(model.blocks)}
    sparse = {layer: feed for layer, feed in feeds.items() if isinstance(feed, Experts | LowBitExperts)}
    following = {layer: (after, sparse[after].router) for layer, after in pairwise(sparse)} if look_ahead else {}
    for layer, feed in sparse.items():
        waiting = OffloadedExperts(
            feed.router, hot, layer, feed.chosen, normalised=feed.normalised, following=following.get(layer)
        )
        model.set_submodule(f"blocks.{layer}.feed", waiting)

"""The public folders of Qwen3 and Qwen3-MoE."""

from collections.abc import Collection
from pathlib import Path

import torch

from eco1.models.nn.public import CONFIG, SHARD_BYTES, Piece, load_weights, read_public_json, save_weights
from eco1.models.nn.qwen3.config import Qwen3Config
from eco1.models.nn.qwen3.decoder import Qwen3
from eco1.models.nn.qwen3.public_names import fused_layers, pieces


def load_public(folder: Path, *, dtype: torch.dtype | None = None, device: str = "cpu") -> Qwen3:
    """Return the model of a folder in the public layout, in evaluation mode. Experts may be stored singly or stacked.

    Args:
        folder: holds ``config.json`` and ``model.safetensors``, or shards with their index.
        dtype: type of all weights; None keeps each as it is stored.
        device: where the weights go.

    Raises:
        CheckpointError: when a file is missing or damaged, or the tensors are not those of the config.
        ConfigError: when the config is of another model or asks for something this decoder cannot do.
    """
    config = Qwen3Config.from_public(read_public_json(folder / CONFIG))

    def plan(names: Collection[str]) -> list[Piece]:
        return list(pieces(config, fused_layers(config, names)))

    ignored = {"lm_head.weight"} if config.tied else set[str]()  # some store the tied matrix twice
    return load_weights(folder, lambda: Qwen3(config), plan, ignored=ignored, dtype=dtype, device=device)


def save_public(model: Qwen3, folder: Path, *, shard_bytes: int = SHARD_BYTES) -> Path:
    """Write ``config.json`` and the weights; see ``save_weights``."""
    plan = list(pieces(model.config))
    return save_weights(model, folder, model.config.to_public(), plan, shard_bytes=shard_bytes)

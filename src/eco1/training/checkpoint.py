"""Reading checkpoints: folders of safetensors and JSON, named by a manifest that is written last.

Nothing is pickled, so opening a stranger's checkpoint runs none of their code.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from eco1.core.errors import CheckpointError, Eco1Error
from eco1.training.config import TrainConfig
from eco1.training.device import torch_device
from eco1.training.manifest import Manifest, Progress, read_manifest, verify

#: Rebuilds a model from its config as read from JSON, such as ``eco1.models.registry.build_model``.
Build = Callable[[dict[str, Any]], nn.Module]


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """What a checkpoint folder holds. ``model`` is in evaluation mode; ``train_config`` says how it was trained."""

    folder: Path
    model: nn.Module
    model_config: dict[str, Any]
    train_config: TrainConfig | None
    progress: Progress


def load_checkpoint(folder: Path, build: Build, device: str = "cpu") -> Checkpoint:
    """Rebuild a model and fill in its weights.

    Raises:
        CheckpointError: when the checkpoint is missing, cut short, damaged, of a newer version, or of another model.
    """
    manifest = read_manifest(folder)
    config = read_config(folder, manifest)
    try:
        model = build(config["model"])
        train_config = None if config["train"] is None else TrainConfig.from_json(config["train"])
    except (Eco1Error, KeyError, TypeError, ValueError) as error:
        raise CheckpointError(f"{folder} cannot be built by this version of eco1: {error}") from error
    load_weights(folder, manifest, model)
    return Checkpoint(
        folder=folder,
        model=model.to(torch_device(device)).eval(),
        model_config=config["model"],
        train_config=train_config,
        progress=manifest.progress,
    )


def load_weights(folder: Path, manifest: Manifest, model: nn.Module) -> None:
    """Fill in a model's weights, every one of them.

    Raises:
        CheckpointError: when the file is damaged or the weights belong to another model.
    """
    try:
        model.load_state_dict(read_tensors(folder, manifest, "weights"), strict=True)
    except RuntimeError as error:
        detail = " ".join(str(error).split())
        raise CheckpointError(f"{folder} holds the weights of another model. {detail[:400]}") from error


def read_tensors(folder: Path, manifest: Manifest, name: str) -> dict[str, Tensor]:
    """Return the named tensors of one file of a checkpoint, after checking that it is whole.

    Raises:
        CheckpointError: when the file is missing, damaged or was never part of this checkpoint.
    """
    path = verify(folder, manifest, name)
    try:
        return load_file(path)
    except SafetensorError as error:
        raise CheckpointError(f"{path} cannot be read: {error}.") from error


def read_config(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """Return the resolved config: keys ``model``, ``train`` and ``versions``.

    Raises:
        CheckpointError: when the file is missing or damaged.
    """
    path = verify(folder, manifest, "config")
    config = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(config, dict) or not {"model", "train", "versions"} <= config.keys():
        raise CheckpointError(f"{path} lacks 'model', 'train' or 'versions'.")
    return config


def read_guard(folder: Path, manifest: Manifest) -> dict[str, Any]:
    """Return what the guard remembered; empty when it had nothing to remember.

    Raises:
        CheckpointError: when the file is missing or damaged.
    """
    if "guard" not in manifest.files:
        return {}
    return json.loads(verify(folder, manifest, "guard").read_text(encoding="utf-8"))


def kind_at(folder: Path) -> str:
    """Return the kind of the model in a checkpoint folder, "" when there is no such folder.

    Raises:
        CheckpointError: when the folder holds no checkpoint, or a damaged one.
    """
    return str(read_config(folder, read_manifest(folder))["model"].get("kind", "")) if folder.exists() else ""

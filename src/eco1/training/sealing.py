"""Writing a checkpoint, so that a kill at any moment leaves the old one or the new one, whole.

A save writes new files beside the old ones, brings them to the disk, then replaces the manifest in one step; only
after that are the old files removed.
"""

import json
import platform
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from eco1 import __version__
from eco1.core.errors import CheckpointError
from eco1.core.files import PART, replace_durably, sha256, write_durably
from eco1.training.config import TrainConfig
from eco1.training.manifest import MANIFEST, Manifest, Progress, StoredFile

#: How the index of a checkpoint in shards begins, and the folder of the shards.
SHARDS = "shards-"


def save_checkpoint(
    folder: Path,
    model: nn.Module,
    *,
    train_config: TrainConfig | None = None,
    progress: Progress | None = None,
    optimizer: dict[str, Tensor] | None = None,
    guard: dict[str, Any] | None = None,
    weights: dict[str, Tensor] | None = None,
) -> Path:
    """Write the model and, to go on training from it, the optimiser's named tensors. Returns the folder.

    ``guard`` is what the guard remembers; ``weights`` are those of a model that no process holds in whole.

    Raises:
        CheckpointError: when the disk is full or cannot be written to; an older checkpoint there stays whole.
    """
    progress = progress or Progress()
    stamp = f"{progress.step:08d}"
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        whole = model.state_dict() if weights is None else weights
        files = {"weights": _save_tensors(folder / f"weights-{stamp}.safetensors", whole)}
        if optimizer is not None:
            files["optimizer"] = _save_tensors(folder / f"optimizer-{stamp}.safetensors", optimizer)
    return seal(folder, model, files, train_config=train_config, progress=progress, guard=guard)


def seal(
    folder: Path,
    model: nn.Module,
    files: dict[str, StoredFile],
    *,
    train_config: TrainConfig | None,
    progress: Progress,
    guard: dict[str, Any] | None,
) -> Path:
    """Make a checkpoint of files that lie in the folder: config and manifest beside them, older files removed.

    Raises:
        CheckpointError: when the disk is full or cannot be written to; an older checkpoint there stays whole.
    """
    stamp = f"{progress.step:08d}"
    with _explained(folder):
        if guard:
            files = {**files, "guard": save_json(folder / f"guard-{stamp}.json", guard)}
        files = {**files, "config": save_json(folder / f"config-{stamp}.json", _resolved_config(model, train_config))}
        write_durably(folder / MANIFEST, Manifest(progress=progress, files=files).encode())
        _sweep(folder, {MANIFEST, *(stored.name for stored in files.values())})
    return folder


@contextmanager
def _explained(folder: Path) -> Generator[None, None, None]:
    try:
        yield
    except OSError as error:
        raise CheckpointError(
            f"Could not write a checkpoint to {folder}: {error.strerror or error}. An older one there is still whole. "
            "Make room, then resume the run."
        ) from error


def model_config_json(model: nn.Module) -> dict[str, Any]:
    """Return the model's config as it reads once it went through JSON.

    Raises:
        CheckpointError: when the model has no dataclass ``config``.
    """
    config = getattr(model, "config", None)
    if config is None or not is_dataclass(config) or isinstance(config, type):
        raise CheckpointError(f"{type(model).__name__} cannot be saved: its 'config' is no dataclass.")
    return json.loads(json.dumps(asdict(config)))


def _resolved_config(model: nn.Module, train_config: TrainConfig | None) -> dict[str, Any]:
    versions = {
        "eco1": __version__,
        "python": platform.python_version(),
        "torch": torch.__version__,
        "numpy": np.__version__,
    }
    train = None if train_config is None else train_config.to_json()
    return {"model": model_config_json(model), "train": train, "versions": versions}


def _save_tensors(path: Path, tensors: dict[str, Tensor]) -> StoredFile:
    plain = {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()}  # unties shared ones
    replace_durably(path, lambda part: save_file(plain, part))
    return StoredFile(name=path.name, size=path.stat().st_size, sha256=sha256(path))


def save_json(path: Path, content: dict[str, Any]) -> StoredFile:
    """Write a small file of a checkpoint."""
    write_durably(path, (json.dumps(content, indent=2) + "\n").encode())
    return StoredFile(name=path.name, size=path.stat().st_size, sha256=sha256(path))


def _sweep(folder: Path, keep: set[str]) -> None:
    """Remove older files of ours and what an interrupted save left. Shards lie in a folder named as their index."""
    ours = ("weights-", "optimizer-", "config-", "guard-", SHARDS, MANIFEST + PART)
    kept = keep | {Path(name).stem for name in keep}
    for path in folder.iterdir():
        if path.name not in kept and path.name.startswith(ours):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

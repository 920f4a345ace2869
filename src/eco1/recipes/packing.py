"""How weights are made ready to come with the package."""

from pathlib import Path

import torch

from eco1.core.errors import CheckpointError
from eco1.models.registry import build_model
from eco1.training.checkpoint import load_checkpoint
from eco1.training.sealing import save_checkpoint

_BIG = 10_000  # numbers in a tensor from which half precision saves room worth having


def pack(checkpoint: Path, folder: Path) -> Path:
    """Write a checkpoint as it is shipped: without optimiser, big tensors in half precision. Returns ``folder``.

    Raises:
        CheckpointError: when it cannot be read or written, or a number is too large for half precision.
    """
    loaded = load_checkpoint(checkpoint, build_model)
    for name, tensor in [*loaded.model.named_parameters(), *loaded.model.named_buffers()]:
        if tensor.is_floating_point() and tensor.numel() >= _BIG:
            tensor.data = tensor.data.half()
            if not torch.isfinite(tensor).all():
                raise CheckpointError(f"{checkpoint}: {name} holds numbers too large for half precision.")
    return save_checkpoint(folder, loaded.model, train_config=loaded.train_config, progress=loaded.progress)

"""What a run writes and takes up again: an ordinary checkpoint, or shards while no rank holds the whole model."""

from pathlib import Path

import torch
from torch import Tensor, nn

from eco1.training.checkpoint import load_weights, read_guard, read_tensors
from eco1.training.manifest import Manifest, Progress, read_manifest
from eco1.training.optimizer import optimizer_tensors, restore_optimizer
from eco1.training.parallel.shards import (
    read_shards,
    stored_names,
    tensor_ranks,
    whole_of_shards,
    write_shards,
)
from eco1.training.parallel.state import dealt_moments, gathered, load_whole, parameter_of
from eco1.training.sealing import save_checkpoint, seal
from eco1.training.step import Trainer

_WEIGHTS, _OPTIMIZER = "weights/", "optimizer/"


def save_last(folder: Path, trainer: Trainer, progress: Progress) -> None:
    """Write all that is needed to go on exactly. All ranks must come; a finished run leaves an ordinary checkpoint.

    Raises:
        CheckpointError: when the disk is full or cannot be written to.
    """
    team, model, config, guard = trainer.team, trainer.model, trainer.config, trainer.guard.state()
    moments = optimizer_tensors(model, trainer.optimizer)
    if not team.divides_weights:
        if team.is_first:
            save_checkpoint(folder, model, train_config=config, progress=progress, optimizer=moments, guard=guard)
        return team.wait()
    tensors = _prefixed(model.state_dict(), moments)
    index = write_shards(folder, progress.step, tensors, team)
    if team.is_first:
        seal(folder, model, index, train_config=config, progress=progress, guard=guard)
        if progress.step == config.steps:
            _join_shards(folder, trainer)
    return team.wait()


def save_best(folder: Path, trainer: Trainer, progress: Progress) -> None:
    """Write the weights alone, always as an ordinary checkpoint. All ranks must come.

    Raises:
        CheckpointError: when the disk is full or cannot be written to.
    """
    team = trainer.team
    weights = gathered(trainer.model.state_dict(), trainer.spread.orders, keep=team.is_first)
    if team.is_first:
        save_checkpoint(folder, trainer.model, train_config=trainer.config, progress=progress, weights=weights)
    team.wait()


def take_up(folder: Path, trainer: Trainer) -> Progress:
    """Fill a trainer from its last checkpoint, whoever wrote it, and return how far that run had come.

    Raises:
        CheckpointError: when the checkpoint is damaged or another model's.
    """
    manifest, model, orders = read_manifest(folder), trainer.model, trainer.spread.orders
    if "shards" in manifest.files:
        moments = _empty_moments(model, folder, manifest)
        stored_orders = trainer.spread.orders_for(tensor_ranks(folder, manifest))
        read_shards(folder, manifest, _prefixed(model.state_dict(), moments), orders, stored_orders)
    elif trainer.team.divides_weights:
        load_whole(model, read_tensors(folder, manifest, "weights"), orders)
        moments = dealt_moments(model, read_tensors(folder, manifest, "optimizer"), orders)
    else:
        load_weights(folder, manifest, model)
        moments = read_tensors(folder, manifest, "optimizer")
    restore_optimizer(model, trainer.optimizer, moments)
    trainer.guard.restore(read_guard(folder, manifest))
    return manifest.progress


def _join_shards(folder: Path, trainer: Trainer) -> None:
    """Turn shards into one file each for weights and optimiser, as any process can read them."""
    manifest = read_manifest(folder)
    whole = whole_of_shards(folder, manifest, trainer.spread.orders)
    save_checkpoint(
        folder,
        trainer.model,
        train_config=trainer.config,
        progress=manifest.progress,
        optimizer=_under(_OPTIMIZER, whole),
        guard=trainer.guard.state(),
        weights=_under(_WEIGHTS, whole),
    )


def _empty_moments(model: nn.Module, folder: Path, manifest: Manifest) -> dict[str, Tensor]:
    """Return room for the stored moments, divided as their parameters are."""
    parameters = dict(model.named_parameters())
    return {
        name.removeprefix(_OPTIMIZER): torch.zeros_like(parameters[parameter_of(name)], requires_grad=False)
        if size
        else torch.zeros(())
        for name, size in stored_names(folder, manifest).items()
        if name.startswith(_OPTIMIZER) and parameter_of(name) in parameters
    }


def _prefixed(weights: dict[str, Tensor], moments: dict[str, Tensor]) -> dict[str, Tensor]:
    named = {_WEIGHTS + name: tensor for name, tensor in weights.items()}
    return named | {_OPTIMIZER + name: tensor for name, tensor in moments.items()}


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}

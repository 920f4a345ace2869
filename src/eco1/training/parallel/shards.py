"""Checkpoints of models that no rank holds in whole: each rank writes its part (torch.distributed.checkpoint, DCP).

They are read by any number of ranks, divided in any way, and end as an ordinary checkpoint. DCP keeps its index as a
pickle, so shards are read only to go on with one's own run; ``load_checkpoint`` never touches them.
"""

import json
import shutil
import warnings
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, distributed
from torch.distributed.checkpoint.api import CheckpointException
from torch.distributed.checkpoint.filesystem import FileSystemReader
from torch.distributed.checkpoint.metadata import TensorStorageMetadata
from torch.distributed.checkpoint.state_dict_loader import load
from torch.distributed.checkpoint.state_dict_saver import save

from eco1.core.errors import CheckpointError
from eco1.core.files import sha256
from eco1.training.manifest import Manifest, StoredFile, verify
from eco1.training.parallel.gradients import local
from eco1.training.parallel.plans import Orders
from eco1.training.parallel.state import dealt, in_model_order, parameter_of
from eco1.training.parallel.team import Team
from eco1.training.sealing import SHARDS, save_json


def write_shards(folder: Path, step: int, tensors: Mapping[str, Tensor], team: Team) -> dict[str, StoredFile]:
    """Write this rank's part of all tensors beside the older checkpoint; the first rank returns the index for ``seal``.

    Raises:
        CheckpointError: when the disk is full or cannot be written to.
    """
    place = folder / f"{SHARDS}{step:08d}"
    if team.is_first:
        shutil.rmtree(place, ignore_errors=True)  # of a save that was cut short
        place.mkdir(parents=True, exist_ok=True)
    team.wait()
    try:
        save(dict(tensors), checkpoint_id=place)
    except (OSError, CheckpointException) as error:
        raise CheckpointError(
            f"Could not write shards to {place}: {error}. The older checkpoint is whole. Make room on what all ranks "
            "can reach, then resume the run."
        ) from error
    team.wait()
    if not team.is_first:
        return {}
    files = [StoredFile(name=p.name, size=p.stat().st_size, sha256=sha256(p)) for p in sorted(place.iterdir())]
    index = {"tensor": team.config.tensor, "files": [asdict(file) for file in files]}
    return {"shards": save_json(folder / f"{place.name}.json", index)}


@torch.no_grad()
def read_shards(
    folder: Path, manifest: Manifest, own: Mapping[str, Tensor], orders: Orders, stored_orders: Orders
) -> None:
    """Fill this rank's tensors from a checkpoint in shards, however it was divided when it was written.

    Args:
        folder: of the checkpoint.
        manifest: of the checkpoint.
        own: tensors to fill, by name.
        orders: in which order of rows this team divides joined matrices.
        stored_orders: in which order they were written: ``row_orders(model, tensor_ranks(folder, manifest))``.

    Raises:
        CheckpointError: when a shard is missing or damaged, or they are another model's.
    """
    place = _verified(folder, manifest)
    _refuse_strangers(place, own)
    moved = {n for n in own if not _same(orders.get(parameter_of(n)), stored_orders.get(parameter_of(n)))}
    as_stored: dict[str, Any] = {
        name: torch.empty(tensor.shape, dtype=tensor.dtype) if name in moved else tensor for name, tensor in own.items()
    }
    _load(as_stored, place, alone=not distributed.is_initialized())
    for name in moved:
        parameter = parameter_of(name)
        whole = in_model_order(as_stored[name], stored_orders.get(parameter))
        local(own[name]).copy_(local(dealt(whole, own[name], orders.get(parameter))))


def whole_of_shards(folder: Path, manifest: Manifest, stored_orders: Orders) -> dict[str, Tensor]:
    """Return all tensors of a checkpoint in shards, whole and in the model's order. Needs no other rank.

    Raises:
        CheckpointError: when a shard is missing or damaged.
    """
    place = _verified(folder, manifest)
    whole: dict[str, Any] = {
        name: torch.empty(tensor.size, dtype=tensor.properties.dtype) for name, tensor in _stored(place).items()
    }
    _load(whole, place, alone=True)
    return {name: in_model_order(tensor, stored_orders.get(parameter_of(name))) for name, tensor in whole.items()}


def tensor_ranks(folder: Path, manifest: Manifest) -> int:
    """Return among how many ranks joined matrices were divided when the shards were written."""
    return int(_index(folder, manifest)["tensor"])


def stored_names(folder: Path, manifest: Manifest) -> dict[str, tuple[int, ...]]:
    """Return the shapes of all tensors in the shards of a checkpoint, by name."""
    return {name: tuple(entry.size) for name, entry in _stored(_verified(folder, manifest)).items()}


def _load(tensors: dict[str, Any], place: Path, *, alone: bool) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*load in a single process")  # which is what is meant
        load(tensors, checkpoint_id=place, no_dist=alone)


def _index(folder: Path, manifest: Manifest) -> dict[str, Any]:
    return json.loads(verify(folder, manifest, "shards").read_text(encoding="utf-8"))


def _verified(folder: Path, manifest: Manifest) -> Path:
    place = verify(folder, manifest, "shards").with_suffix("")
    for stored in _index(folder, manifest)["files"]:
        path = place / Path(stored["name"]).name
        if not path.is_file() or path.stat().st_size != stored["size"] or sha256(path) != stored["sha256"]:
            raise CheckpointError(f"{path} is missing or damaged. Copy the whole folder {folder} again.")
    return place


def _stored(place: Path) -> dict[str, TensorStorageMetadata]:
    found = FileSystemReader(place).read_metadata().state_dict_metadata
    return {name: entry for name, entry in found.items() if isinstance(entry, TensorStorageMetadata)}


def _refuse_strangers(place: Path, own: Mapping[str, Tensor]) -> None:
    stored = {name: tuple(entry.size) for name, entry in _stored(place).items()}
    asked = {name: tuple(tensor.shape) for name, tensor in own.items()}
    odd = [name for name in sorted(stored.keys() | asked.keys()) if stored.get(name) != asked.get(name)]
    if odd:
        raise CheckpointError(f"{place} holds the shards of another model: {', '.join(odd[:5])} differ.")


def _same(one: Tensor | None, other: Tensor | None) -> bool:
    return one is other if one is None or other is None else torch.equal(one, other)

"""Files as users have them: a small recording, a small checkpoint, tracks, and ways in which each goes bad."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import torch

from eco1.models.eco import EcoConfig, EcoModel
from eco1.recipes.record import RecordConfig, record
from eco1.training.sealing import save_checkpoint

Damage = Callable[[Path], object]


def small_recording(out: Path) -> Path:
    record(RecordConfig(out=out, episodes=2, seconds=1, animals=16, burn_in_s=0), quiet=True)
    return out


def small_checkpoint(folder: Path) -> Path:
    torch.manual_seed(0)
    narrow = {"layers": 1, "width": 32, "heads": 2, "kv_heads": 1, "expert_hidden": 16}
    config = EcoConfig.nano(species_names=("walker",), behavior_names=("stand", "walk"), dt_s=0.1, **narrow)
    return save_checkpoint(folder, EcoModel(config))


def tracks(path: Path, *rows: str, header: str = "time,id,x,y") -> Path:
    path.write_text("\n".join((header, *rows)) + "\n")
    return path


def contents(folder: Path) -> dict[str, str]:
    """Return the checksum of every file, to show that none was lost or changed."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def _chunk(episode: Path) -> Path:
    return next(
        path for path in (episode / "animals" / "position_m").rglob("*") if path.is_file() and path.name != "zarr.json"
    )


def _flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x10
    path.write_bytes(data)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def _newer(manifest: Path) -> None:
    content = json.loads(manifest.read_text())
    content.get("attributes", content)["version"] = 99
    manifest.write_text(json.dumps(content))


def _weights(checkpoint: Path) -> Path:
    return next(checkpoint.glob("weights-*"))


EPISODE_DAMAGES: dict[str, tuple[Damage, str]] = {
    "a flipped byte": (lambda episode: _flip(_chunk(episode)), "damaged"),
    "cut short": (lambda episode: _cut(_chunk(episode)), "damaged"),
    "a missing chunk": (lambda episode: _chunk(episode).unlink(), "damaged"),
    "a broken manifest": (lambda episode: _cut(episode / "zarr.json"), "damaged"),
    "an empty manifest": (lambda episode: (episode / "zarr.json").write_text(""), "damaged"),
    "a newer version": (lambda episode: _newer(episode / "zarr.json"), "version 99"),
    "unfinished": (lambda episode: episode.rename(f"{episode}.partial"), "interrupted"),
}
CHECKPOINT_DAMAGES: dict[str, tuple[Damage, str]] = {
    "a flipped byte": (lambda folder: _flip(_weights(folder)), "damaged"),
    "cut short": (lambda folder: _cut(_weights(folder)), "bytes"),
    "no weights": (lambda folder: _weights(folder).unlink(), "missing"),
    "a broken manifest": (lambda folder: _cut(folder / "manifest.json"), "damaged"),
    "no manifest": (lambda folder: (folder / "manifest.json").unlink(), "No checkpoint"),
    "a newer version": (lambda folder: _newer(folder / "manifest.json"), "Upgrade eco1"),
}

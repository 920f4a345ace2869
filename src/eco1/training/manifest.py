"""The manifest of a checkpoint: which files belong to it, how long they are and how far training had come."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eco1.core.errors import CheckpointError
from eco1.core.files import sha256

MANIFEST = "manifest.json"
FORMAT = "eco1-checkpoint"
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a run has come. ``best`` is the lowest value of the watched number so far, found at ``best_step``."""

    step: int = 0
    best: float | None = None
    best_step: int = 0
    evaluations_since_best: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class StoredFile:
    """One file of a checkpoint: its name in the folder, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What makes a folder a checkpoint."""

    progress: Progress
    files: dict[str, StoredFile]

    def encode(self) -> bytes:
        """Return the manifest as JSON."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        return (json.dumps(content, indent=2) + "\n").encode()


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a checkpoint folder.

    Raises:
        CheckpointError: when there is none, or it is damaged or of a newer version.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise CheckpointError(f"No checkpoint in {folder}: {_what_is_there(folder)}.")
    try:
        return _decode(json.loads(path.read_text(encoding="utf-8")), folder)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(f"{path} is damaged ({type(error).__name__}: {error}).") from error
    except OSError as error:
        raise CheckpointError(f"{path} cannot be read: {error.strerror}.") from error


def verify(folder: Path, manifest: Manifest, name: str) -> Path:
    """Return the path of one file of a checkpoint after checking that it is the one that was written.

    Raises:
        CheckpointError: when it is missing, cut short or changed, or the checkpoint never had it.
    """
    if name not in manifest.files:
        has = f"it has {', '.join(sorted(manifest.files))}"
        if "shards" in manifest.files:
            has = (
                "it is in shards, as several ranks wrote it. A run that ends makes one file of them: resume it "
                "(eco1 train --resume, on any number of ranks)"
            )
        raise CheckpointError(f"{folder} has no {name} file; {has}.")
    stored = manifest.files[name]
    path = folder / Path(stored.name).name  # a manifest may not point outside its folder
    if not path.is_file():
        raise CheckpointError(f"{path} is missing from the checkpoint.")
    size = path.stat().st_size
    if size != stored.size:
        raise CheckpointError(f"{path} has {size} bytes; {stored.size} were written. Copy the checkpoint again.")
    if sha256(path) != stored.sha256:
        raise CheckpointError(f"{path} is damaged: its SHA-256 is not the one that was written.")
    return path


def _decode(content: dict[str, Any], folder: Path) -> Manifest:
    if content["format"] != FORMAT:
        raise CheckpointError(f"{folder} holds a {content['format']!r}, not an {FORMAT!r}.")
    if content["version"] > VERSION:
        raise CheckpointError(
            f"{folder} was written in checkpoint version {content['version']}; this eco1 reads up to {VERSION}. "
            "Upgrade eco1."
        )
    files = {name: StoredFile(**stored) for name, stored in content["files"].items()}
    return Manifest(progress=Progress(**content["progress"]), files=files)


def _what_is_there(folder: Path) -> str:
    if not folder.exists():
        return "the folder does not exist"
    nested = sorted(path.parent.name for path in folder.glob(f"*/{MANIFEST}"))
    return f"did you mean {folder / nested[0]}" if nested else f"there is no {MANIFEST}"

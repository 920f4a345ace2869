"""The safetensors files of a public folder, opened lazily: names and shapes first, tensors one at a time."""

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from safetensors import SafetensorError, safe_open
from torch import Tensor

from eco1.core.errors import CheckpointError

CONFIG = "config.json"
SINGLE = "model.safetensors"
INDEX = "model.safetensors.index.json"


def read_public_json(path: Path) -> dict[str, Any]:
    """Return the content of a JSON file of the folder.

    Raises:
        CheckpointError: when it is missing or damaged.
    """
    if not path.is_file():
        raise CheckpointError(f"{path.parent} has no {path.name}, so it is not a public model folder.")
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise CheckpointError(f"{path} is damaged ({error}). Copy the folder again.") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{path} holds a {type(content).__name__}; an object was expected.")
    return content


class Shards:
    """The tensors of a folder by name, whichever file they lie in. A context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._open = folder, ExitStack()
        self._where: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Open the files; see ``open``."""
        return self.open()

    def open(self) -> Self:
        """Open every file and read what it holds, but no tensor. Left open, files close when nobody holds the shards.

        Raises:
            CheckpointError: when a file is missing or cut short.
        """
        try:
            for name in _file_names(self._folder):
                handle = self._open.enter_context(self._opened(self._folder / name))
                self._where |= dict.fromkeys(handle.keys(), handle)
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the files."""
        self._open.close()

    @property
    def shapes(self) -> Mapping[str, tuple[int, ...]]:
        """Shape of every tensor, by its name."""
        return {name: tuple(handle.get_slice(name).get_shape()) for name, handle in self._where.items()}

    def tensor(self, name: str) -> Tensor:
        """Return one tensor."""
        return self._where[name].get_tensor(name)

    def slice(self, name: str, number: int) -> Tensor:
        """Return one entry of a tensor along its first axis; the others are not read."""
        return self._where[name].get_slice(name)[number]

    def _opened(self, path: Path) -> Any:
        if not path.is_file():
            raise CheckpointError(f"Shard {path.name} is missing from {self._folder}. Copy the folder again.")
        try:
            return safe_open(path, framework="pt")
        except SafetensorError as error:
            raise CheckpointError(f"{path} is cut short or damaged: {error}. Copy it again.") from error


def _file_names(folder: Path) -> list[str]:
    if (folder / SINGLE).is_file():
        return [SINGLE]
    if not (folder / INDEX).is_file():
        raise CheckpointError(f"{folder} has neither {SINGLE} nor {INDEX}: it holds no whole set of weights.")
    places = read_public_json(folder / INDEX).get("weight_map")
    if not isinstance(places, dict) or not places:
        raise CheckpointError(f"{folder / INDEX} has no 'weight_map' that names its shards.")
    return sorted({Path(str(name)).name for name in places.values()})  # an index may not point outside its folder

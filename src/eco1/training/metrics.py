"""Numbers of a run, one JSON object a line, readable while the run goes on."""

import json
import math
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eco1.core.errors import Eco1Error
from eco1.core.files import write_durably

#: What a line may hold. NaN and infinity become null: JSON has no words for them.
Value = float | int | str | bool | None


class Means:
    """Means of numbers over the steps since they were last taken, each over those that had it.

    Batches of several kinds come in turn, so a single step may tell of one kind for ever.
    """

    def __init__(self) -> None:
        self._seen: dict[str, list[float]] = {}

    def add(self, numbers: Mapping[str, float]) -> None:
        """Take notice of one step."""
        for name, value in numbers.items():
            self._seen.setdefault(name, []).append(value)

    def take(self) -> dict[str, float]:
        """Return the means and begin anew."""
        means = {name: math.fsum(values) / len(values) for name, values in self._seen.items()}
        self._seen = {}
        return means


class MetricsLog:
    """Appends to ``metrics.jsonl``; every line is on its way to the disk when ``append`` returns."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, values: Mapping[str, Value]) -> None:
        """Write one line.

        Raises:
            Eco1Error: when the disk is full or cannot be written to.
        """
        line = json.dumps({name: _plain(value) for name, value in values.items()}, allow_nan=False)
        with self._explained(), self.path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def forget_after(self, step: int) -> None:
        """Drop lines later than ``step``, and a line cut off by a kill: they will be written again.

        Raises:
            Eco1Error: when the file is damaged, or the disk is full or cannot be written to.
        """
        kept = [json.dumps(line) + "\n" for line in read_metrics(self.path) if line["step"] <= step]
        with self._explained():
            write_durably(self.path, "".join(kept).encode())

    @contextmanager
    def _explained(self) -> Generator[None, None, None]:
        try:
            yield
        except OSError as error:
            raise Eco1Error(
                f"Could not write {self.path}: {error.strerror}. Make room, then resume the run."
            ) from error


def read_metrics(path: Path) -> list[dict[str, Any]]:
    """Return all whole lines of a metrics file; a missing file has none.

    Raises:
        Eco1Error: when a whole line cannot be read.
    """
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]  # what follows was cut off by a kill
    try:
        return [json.loads(line) for line in lines]
    except ValueError as error:
        raise Eco1Error(f"{path} is damaged: {error}. Delete it; the checkpoints do not need it.") from error


def _plain(value: Value) -> Value:
    return None if isinstance(value, float) and not math.isfinite(value) else value

"""A mirror of the metrics for TensorBoard: ``pip install 'eco1[tensorboard]'``."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from eco1.core.extras import require


class Writer(Protocol):
    """The part of torch's ``SummaryWriter`` that is used."""

    def add_scalar(self, tag: str, scalar_value: float, global_step: int) -> None:
        """Write one number of one step."""
        ...

    def flush(self) -> None:
        """Bring everything to the disk."""
        ...


class Mirror:
    """Numbers of a run as TensorBoard shows them, each under ``<split>/<name>``. A resumed run replaces what it redoes.

    Raises:
        MissingExtraError: when the package is not installed.
    """

    def __init__(self, folder: Path, done: int) -> None:
        require("tensorboard", "Mirroring the metrics for TensorBoard")
        from torch.utils.tensorboard import SummaryWriter

        self._writer: Writer = SummaryWriter(str(folder), purge_step=done + 1)

    def append(self, line: Mapping[str, Any]) -> None:
        """Write the numbers of one line of metrics."""
        for name, value in line.items():
            if isinstance(value, float):
                self._writer.add_scalar(f"{line['split']}/{name}", value, line["step"])
        self._writer.flush()

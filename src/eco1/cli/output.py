"""How the command line speaks: tables, JSON, and a last line with the path written and the next command."""

import json
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

OUT, ERR = Console(), Console(stderr=True)
#: Exit code of every error that a user caused.
USER_ERROR = 2


def print_json(value: object) -> None:
    """Print records, paths and plain values as JSON."""
    sys.stdout.write(json.dumps(value, default=_plain, indent=2) + "\n")


def print_table(title: str, rows: Sequence[dict[str, Any]]) -> None:
    """Print rows under the keys of the first."""
    table = Table(title=title, title_justify="left")
    for index, heading in enumerate(rows[0] if rows else ()):
        table.add_column(heading, no_wrap=index == 0)
    for row in rows:
        table.add_row(*(str(cell) for cell in row.values()))
    OUT.print(table)


def command(*words: object) -> str:
    """Return an eco1 command as it can be typed into a shell, whatever its paths are called."""
    return shlex.join(["eco1", *map(str, words)])


def done(next_command: str, written: object = None) -> None:
    """End the output with the path written and the next command."""
    if written is not None:
        OUT.print(f"Wrote: {written}", soft_wrap=True, highlight=False)
    OUT.print(f"Next:  {next_command}", soft_wrap=True, highlight=False)


def _plain(value: object) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")

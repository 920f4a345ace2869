"""A TOML file that knows on which line each of its keys stands, so that errors can point at it."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from eco1.core.errors import CatalogError

KeyPath = tuple[str, ...]

_HEADER = re.compile(r"^\s*\[(\[)?\s*([A-Za-z0-9_\-.\s]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"^\s*([A-Za-z0-9_\-.]+|\"[^\"]*\")\s*=")
_AT_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, kw_only=True)
class Document:
    """The parsed ``table`` of a file, and the ``lines`` of its keys by path; tables in arrays carry their index."""

    path: Path
    table: dict[str, object]
    lines: dict[KeyPath, int]

    def where(self, *keys: str) -> str:
        """Return ``file:line`` of the key, or of the nearest table around it."""
        for end in range(len(keys), 0, -1):
            if keys[:end] in self.lines:
                return f"{self.path.name}:{self.lines[keys[:end]]}"
        return f"{self.path.name}:1"

    def error(self, message: str, *keys: str) -> CatalogError:
        """Return an error that opens with the file and line of the key."""
        return CatalogError(f"{self.where(*keys)}: {message}")


def _line_of_error(error: tomllib.TOMLDecodeError, text: str) -> int:
    found = _AT_LINE.search(str(error))
    return int(found.group(1)) if found else len(text.splitlines())


def find_lines(text: str) -> dict[KeyPath, int]:
    """Return the line (from 1) of every table header and key of TOML ``text``, keyed by path.

    The k-th table of an array of tables has ``str(k)`` in its path. Keys inside inline tables are not listed: they
    stand on the line of the inline table.
    """
    lines: dict[KeyPath, int] = {}
    counts: dict[str, int] = {}
    section: KeyPath = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        key = _KEY.match(line)
        if header:
            name = header.group(2)
            section = tuple(part.strip() for part in name.split("."))
            if header.group(1):
                index = counts.get(name, 0)
                counts[name] = index + 1
                lines.setdefault(section, number)
                section = (*section, str(index))
            lines.setdefault(section, number)
        elif key:
            lines.setdefault((*section, *key.group(1).strip('"').split(".")), number)
    return lines


def read_document(path: Path) -> Document:
    """Read and parse a TOML file.

    Raises:
        CatalogError: the file cannot be read, is not UTF-8 or is not TOML; with file and line.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read ({error.strerror}).") from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise CatalogError(
            f"{path.name}:{line}: not UTF-8 text (byte {error.start}). Save the file as UTF-8."
        ) from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise CatalogError(f"{path.name}:{_line_of_error(error, text)}: not valid TOML: {error}.") from error
    return Document(path=path, table=table, lines=find_lines(text))

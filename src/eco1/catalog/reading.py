"""From TOML tables to records: closed sets of keys, typed values, and numbers with unit, range and source."""

import math
import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Any, TypeVar, cast, get_type_hints

from eco1.catalog.document import Document
from eco1.catalog.records import Quantity
from eco1.catalog.schema import Limits
from eco1.core.errors import UnknownNameError, unknown_name
from eco1.core.units import UNITS, UnitError, from_si, to_si

R = TypeVar("R")
Table = dict[str, Any]
QUANTITY_KEYS = ("value", "unit", "range", "source")
_YEAR = re.compile(r"\b(1[6-9]|20)\d\d\b")
_ESTIMATE = "estimate: "


def check_keys(document: Document, table: Table, expected: Iterable[str], *path: str) -> None:
    """Refuse unknown keys first (with the nearest match), then missing ones."""
    names = tuple(expected)
    for key in table:
        if key not in names:
            raise unknown_name("key", key, names, where=document.where(*path, key))
    missing = [name for name in names if name not in table]
    if missing:
        place = f"[{'.'.join(path)}]" if path else "the file"
        raise document.error(f"{place} lacks {', '.join(repr(name) for name in missing)}.", *path)


def read_table(document: Document, value: object, *path: str) -> Table:
    """Return ``value`` if it is a table."""
    if not isinstance(value, dict):
        raise document.error(f"{'.'.join(path)} must be a table, got {value!r}.", *path)
    return cast(Table, value)


def read_text(document: Document, value: object, *path: str) -> str:
    """Return ``value`` if it is text with something in it."""
    if not isinstance(value, str) or not value.strip():
        raise document.error(f"{'.'.join(path)} must be text, got {value!r}.", *path)
    return value


def read_choice(document: Document, value: object, kind: str, allowed: Iterable[str], *path: str) -> str:
    """Return ``value`` if it is one of ``allowed``."""
    text = read_text(document, value, *path)
    names = tuple(allowed)
    if text not in names:
        raise unknown_name(kind, text, names, where=document.where(*path))
    return text


def read_flag(document: Document, value: object, *path: str) -> bool:
    """Return ``value`` if it is true or false."""
    if not isinstance(value, bool):
        raise document.error(f"{'.'.join(path)} must be true or false, got {value!r}.", *path)
    return value


def read_names(document: Document, value: object, *path: str) -> tuple[str, ...]:
    """Return ``value`` as a tuple if it is a list of different texts."""
    if not isinstance(value, list):
        raise document.error(f"{'.'.join(path)} must be a list of names, got {value!r}.", *path)
    names = tuple(read_text(document, name, *path) for name in cast(list[object], value))
    if len(set(names)) < len(names):
        raise document.error(f"{'.'.join(path)} names something twice: {', '.join(names)}.", *path)
    return names


def read_number(document: Document, value: object, *path: str) -> float:
    """Return ``value`` as a float if it is a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise document.error(f"{'.'.join(path)} must be a finite number, got {value!r}.", *path)
    return float(value)


def _read_range(document: Document, value: object, *path: str) -> tuple[float, float]:
    pair = cast(list[object], value) if isinstance(value, list) else []
    if len(pair) != 2:
        raise document.error(f"range of {'.'.join(path)} must be [low, high], got {value!r}.", *path)
    low, high = (read_number(document, bound, *path, "range") for bound in pair)
    return low, high


def read_source(document: Document, value: object, *path: str) -> str:
    """Return the source of the table at ``path``: a publication and its year, or ``estimate: <from what>``."""
    source = read_text(document, value, *path, "source")
    estimated = source.startswith(_ESTIMATE) and source[len(_ESTIMATE) :].strip()
    if not estimated and (source.startswith("estimate") or not _YEAR.search(source)):
        message = f"source of {'.'.join(path)} must name a publication and its year, or say 'estimate: <from what>'"
        raise document.error(f"{message}, got {source!r}.", *path)
    return source


def read_sourced_table(document: Document, name: str) -> tuple[Table, str]:
    """Return the rows of a table whose numbers share one source, and that source."""
    table = read_table(document, document.table[name], name)
    if "source" not in table:
        raise document.error(f"[{name}] lacks 'source'. Write: source = \"estimate: <from what>\".", name)
    source = read_source(document, table["source"], name)
    return {key: value for key, value in table.items() if key != "source"}, source


def _convert(document: Document, value: float, unit: str, limits: Limits, *path: str) -> float:
    try:
        return to_si(value, unit, limits.si)
    except UnknownNameError:
        raise unknown_name("unit", unit, UNITS, where=document.where(*path)) from None
    except UnitError as error:
        raise document.error(f"{'.'.join(path)}: {error}", *path) from None


def read_quantity(document: Document, value: object, limits: Limits, *path: str) -> Quantity:
    """Read ``{value, unit, range, source}`` and return it in SI units.

    Raises:
        CatalogError: a part is missing or of the wrong kind, the unit measures something else, the value lies outside
            its range, or the range outside what is possible.
        UnknownNameError: an unknown key or unit.
    """
    name = ".".join(path)
    table = read_table(document, value, *path)
    check_keys(document, table, QUANTITY_KEYS, *path)
    number = read_number(document, table["value"], *path)
    low, high = _read_range(document, table["range"], *path)
    unit = read_text(document, table["unit"], *path, "unit")
    source = read_source(document, table["source"], *path)
    value_si, low_si, high_si = (_convert(document, x, unit, limits, *path) for x in (number, low, high))
    if not low <= number <= high:
        raise document.error(f"{name} is {number:g} {unit}, outside its range [{low:g}, {high:g}].", *path)
    slack = 1e-9 * max(abs(limits.low), abs(limits.high))
    if low_si < limits.low - slack or high_si > limits.high + slack:
        possible = f"[{from_si(limits.low, unit):g}, {from_si(limits.high, unit):g}] {unit}"
        got = f"{number:g} {unit} with range [{low:g}, {high:g}]"
        raise document.error(f"{name} is impossible: {got}. Possible: {possible}.", *path)
    return Quantity(value=value_si, low=low_si, high=high_si, unit=unit, source=source)


def read_section(
    document: Document, record: type[R], limits: dict[str, Limits], choices: dict[str, tuple[str, ...]], *path: str
) -> R:
    """Read the table at ``path`` into the dataclass ``record``, field by field, by the type of each field.

    Args:
        document: the file.
        record: a dataclass whose fields are Quantity, bool, tuple of names, or str.
        limits: SI unit and possible values of each Quantity, by dotted path.
        choices: allowed names of each closed str field or list of names, by dotted path.
        path: where the table stands.
    """
    table = read_table(document, _descend(document.table, path), *path)
    names = [field.name for field in fields(cast(Any, record))]
    check_keys(document, table, names, *path)
    hints = get_type_hints(record)
    values: dict[str, object] = {}
    for name in names:
        where = (*path, name)
        dotted = ".".join(where)
        if hints[name] is Quantity:
            values[name] = read_quantity(document, table[name], limits[dotted], *where)
        elif hints[name] is bool:
            values[name] = read_flag(document, table[name], *where)
        elif hints[name] is str and dotted in choices:
            values[name] = read_choice(document, table[name], name, choices[dotted], *where)
        elif hints[name] is str:
            values[name] = read_text(document, table[name], *where)
        else:
            values[name] = read_names(document, table[name], *where)
            for one in read_names(document, table[name], *where) if dotted in choices else ():
                read_choice(document, one, name, choices[dotted], *where)
    return record(**values)


def _descend(table: dict[str, object], path: tuple[str, ...]) -> object:
    value: object = table
    for key in path:
        value = cast(Table, value)[key]
    return value

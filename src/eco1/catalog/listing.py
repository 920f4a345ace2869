"""The catalog as plain tables: every value with its unit and source, ready for JSON."""

from dataclasses import fields
from pathlib import Path
from typing import Any, cast

from eco1.catalog.loader import SHIPPED, biome_names, load_biome, load_ethogram, load_species, species_names
from eco1.catalog.records import Biome, Quantity, Resident, Species
from eco1.core.units import from_si


def _rounded(value: float) -> float:
    """Undo the last bits that a conversion to SI and back costs, so that a file's own number is shown."""
    return float(f"{value:.10g}")


def _quantity_row(quantity: Quantity) -> dict[str, object]:
    low, value, high = (_rounded(from_si(x, quantity.unit)) for x in (quantity.low, quantity.value, quantity.high))
    return {"value": value, "unit": quantity.unit, "range": [low, high], "source": quantity.source}


def _plain(value: object) -> object:
    if isinstance(value, Quantity):
        return _quantity_row(value)
    if isinstance(value, Resident):
        return {"species": value.species, "count": value.count}
    if isinstance(value, tuple):
        return [_plain(item) for item in cast(tuple[object, ...], value)]
    if isinstance(value, dict):
        return dict(cast(dict[str, object], value))
    if hasattr(value, "__dataclass_fields__"):
        return _record_row(value)
    return value


def _record_row(record: object) -> dict[str, object]:
    return {field.name: _plain(getattr(record, field.name)) for field in fields(cast(Any, record))}


def species_row(species: Species) -> dict[str, object]:
    """Return one species as nested dictionaries; numbers as ``{value, unit, range, source}`` in their written unit."""
    return _record_row(species)


def biome_row(biome: Biome) -> dict[str, object]:
    """Return one biome as nested dictionaries; numbers as ``{value, unit, range, source}`` in their written unit."""
    return _record_row(biome)


def species_table(root: Path = SHIPPED) -> list[dict[str, object]]:
    """Return every species of the catalog as a row, in the order of :func:`species_names`.

    Raises:
        CatalogError: a file is malformed, incomplete or says something impossible.
        UnknownNameError: a file holds an unknown name or key.
    """
    return [species_row(load_species(name, root)) for name in species_names(root)]


def biome_table(root: Path = SHIPPED) -> list[dict[str, object]]:
    """Return every biome of the catalog as a row.

    Raises:
        CatalogError: a file is malformed, incomplete or says something impossible.
        UnknownNameError: a file holds an unknown name or key.
    """
    return [biome_row(load_biome(name, root)) for name in biome_names(root)]


def behavior_table(root: Path = SHIPPED) -> list[dict[str, object]]:
    """Return every behaviour of the ethogram as a row, in the order of their indices.

    Raises:
        CatalogError: the file is malformed or incomplete.
        UnknownNameError: the file holds an unknown key or family.
    """
    return [_record_row(behavior) for behavior in load_ethogram(root).behaviors]

"""Load species, biomes and the ethogram. ``root`` replaces the shipped catalog by another folder of the same layout."""

from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from eco1.catalog.document import Document, read_document
from eco1.catalog.food_web import check_food_web, check_room
from eco1.catalog.reading import (
    check_keys,
    read_choice,
    read_quantity,
    read_section,
    read_sourced_table,
    read_table,
    read_text,
)
from eco1.catalog.records import FAMILIES, Behavior, Biome, Canopy, City, Ethogram, Ice, Resident, Sea, Species
from eco1.catalog.schema import BIOME_LIMITS, FEATURE_LIMITS, FORMAT
from eco1.catalog.species_reading import read_species
from eco1.core.errors import CatalogError, unknown_name

R = TypeVar("R")
SHIPPED = Path(__file__).parent
_LISTED = {"species": "eco1 list species", "biome": "eco1 list biomes"}
_FEATURES = ("sea", "canopy", "ice", "city")
_BEHAVIOR_KEYS = ("name", "family", "definition")


def _names_in(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in folder.glob("*.toml")))


@lru_cache(maxsize=64)
def species_names(root: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of all species in alphabetical order; the place is the index in ``Observation.species``.

    A new species shifts the indices, so whatever is stored keeps the names beside them.
    """
    return _names_in(root / "species")


@lru_cache(maxsize=64)
def actor_names(root: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of all actors in alphabetical order: who lives among the species without being studied."""
    return _names_in(root / "actors")


def inhabitant_names(root: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of all species, then of all actors."""
    return species_names(root) + actor_names(root)


@lru_cache(maxsize=64)
def biome_names(root: Path = SHIPPED) -> tuple[str, ...]:
    """Return the names of all biomes in alphabetical order."""
    return _names_in(root / "biomes")


def _open(kind: str, folder: str, name: str, names: tuple[str, ...], root: Path) -> Document:
    if name not in names:
        raise unknown_name(kind, name, names, see=_LISTED[kind])
    document = read_document(root / folder / f"{name}.toml")
    _check_format(document)
    return document


def _check_format(document: Document) -> None:
    found = document.table.get("format")
    if found is None:
        raise document.error(f"the file lacks 'format'. Write: format = {FORMAT}.", "format")
    if found != FORMAT:
        raise document.error(f"format {found!r} is not known; this version reads format {FORMAT}.", "format")


@lru_cache(maxsize=1024)
def load_species(name: str, root: Path = SHIPPED) -> Species:
    """Load one species or actor, every number in SI units.

    Raises:
        UnknownNameError: no such species, or an unknown name or key in its file.
        CatalogError: the file is malformed, incomplete or says something impossible.
    """
    names = inhabitant_names(root)
    folder = "actors" if name in actor_names(root) else "species"
    return read_species(_open("species", folder, name, names, root), names)


def _read_residents(document: Document, names: tuple[str, ...]) -> tuple[tuple[Resident, ...], str]:
    counts, source = read_sourced_table(document, "residents")
    residents: list[Resident] = []
    for name, count in counts.items():
        where = ("residents", name)
        if name not in names:
            raise unknown_name("species", name, names, where=document.where(*where), see="eco1 list species")
        if isinstance(count, bool) or not isinstance(count, int) or count < 1:
            raise document.error(f"residents.{name} must be a whole number above 0, got {count!r}.", *where)
        residents.append(Resident(species=name, count=count))
    total = sum(resident.count for resident in residents)
    if not 1 <= total <= 64:
        raise document.error(f"residents are {total} per 64 rows; allowed are 1 to 64.", "residents")
    return tuple(residents), source


def _read_feature(document: Document, key: str, record: type[R]) -> R | None:
    return read_section(document, record, FEATURE_LIMITS, {}, key) if key in document.table else None


@lru_cache(maxsize=64)
def load_biome(name: str, root: Path = SHIPPED) -> Biome:
    """Load one biome, every number in SI units.

    Raises:
        UnknownNameError: no such biome, or an unknown name or key in its file.
        CatalogError: the file is malformed, incomplete or says something impossible; an inhabitant has nothing to
            eat, or they have no room.
    """
    document = _open("biome", "biomes", name, biome_names(root), root)
    there = tuple(key for key in _FEATURES if key in document.table)
    check_keys(document, document.table, ("format", "name", "title", *BIOME_LIMITS, "residents", *there))
    if document.table["name"] != name:
        raise document.error(f"name is {document.table['name']!r} but the file is {document.path.name}.", "name")
    residents, source = _read_residents(document, inhabitant_names(root))
    biome = Biome(
        name=name,
        title=read_text(document, document.table["title"], "title"),
        residents=residents,
        residents_source=source,
        sea=_read_feature(document, "sea", Sea),
        canopy=_read_feature(document, "canopy", Canopy),
        ice=_read_feature(document, "ice", Ice),
        city=_read_feature(document, "city", City),
        **{key: read_quantity(document, document.table[key], limits, key) for key, limits in BIOME_LIMITS.items()},
    )
    species = {resident.species: load_species(resident.species, root) for resident in residents}
    check_food_web(document, biome, species)
    check_room(document, biome, species)
    return biome


def _read_behavior(document: Document, index: int, value: object) -> Behavior:
    where = ("behavior", str(index))
    table = read_table(document, value, *where)
    check_keys(document, table, _BEHAVIOR_KEYS, *where)
    return Behavior(
        name=read_text(document, table["name"], *where, "name"),
        family=read_choice(document, table["family"], "family", FAMILIES, *where, "family"),
        definition=read_text(document, table["definition"], *where, "definition"),
    )


@lru_cache(maxsize=64)
def load_ethogram(root: Path = SHIPPED) -> Ethogram:
    """Load the ethogram in the order of its file.

    Raises:
        UnknownNameError: an unknown key or family.
        CatalogError: the file is malformed, incomplete, or names a behaviour twice.
    """
    document = read_document(root / "ethogram.toml")
    _check_format(document)
    check_keys(document, document.table, ("format", "behavior"))
    entries = document.table["behavior"]
    if not isinstance(entries, list):
        raise CatalogError(f"{document.where('behavior')}: behavior must be an array of tables ([[behavior]]).")
    behaviors = tuple(_read_behavior(document, i, entry) for i, entry in enumerate(cast(list[object], entries)))
    seen: set[str] = set()
    for index, behavior in enumerate(behaviors):
        if behavior.name in seen:
            raise document.error(f"behavior {behavior.name!r} stands here twice.", "behavior", str(index), "name")
        seen.add(behavior.name)
    return Ethogram(behaviors=behaviors)

"""One species file to one :class:`~eco1.catalog.records.Species`, with the checks that involve more than one key."""

import re
from typing import cast

from eco1.catalog.document import Document
from eco1.catalog.reading import check_keys, read_number, read_section, read_sourced_table, read_text
from eco1.catalog.records import (
    ACTIVITY_PATTERNS,
    BODY_PLANS,
    COAT_PATTERNS,
    FAMILIES,
    FOODS,
    GROUPINGS,
    MODES,
    VOICE_KINDS,
    WINTERS,
    Activity,
    Body,
    Diet,
    Life,
    Locomotion,
    Quantity,
    Senses,
    Sociality,
    Species,
    Voice,
)
from eco1.catalog.schema import HUNTING_STYLES, ORDERED, SPECIES_LIMITS
from eco1.core.errors import unknown_name

_SECTIONS = ("body", "locomotion", "senses", "diet", "sociality", "activity", "life")
_TEXTS = ("name", "common_name", "scientific_name")
_CHOICES: dict[str, tuple[str, ...]] = {
    "body.plan": BODY_PLANS,
    "body.pattern": COAT_PATTERNS,
    "locomotion.modes": MODES,
    "diet.eats": FOODS,
    "diet.hunting_style": HUNTING_STYLES,
    "sociality.grouping": GROUPINGS,
    "activity.pattern": ACTIVITY_PATTERNS,
    "activity.winter": WINTERS,
    "voice.kind": VOICE_KINDS,
}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


def _read_experts(document: Document) -> tuple[dict[str, float], str]:
    weights, source = read_sourced_table(document, "experts")
    experts: dict[str, float] = {}
    for family, weight in weights.items():
        if family not in FAMILIES:
            raise unknown_name("family", family, FAMILIES, where=document.where("experts", family))
        experts[family] = read_number(document, weight, "experts", family)
        if experts[family] < 0:
            raise document.error(f"experts.{family} is {weight!r}; a weight is 0 or more.", "experts", family)
    return experts, source


def _check_order(document: Document, species: Species) -> None:
    for smaller, larger in ORDERED:
        low, high = (cast(Quantity, _lookup(species, dotted)) for dotted in (smaller, larger))
        if low.value > high.value:
            message = f"{smaller} ({low.value:g} in SI units) exceeds {larger} ({high.value:g})."
            raise document.error(message, *smaller.split("."))


def _lookup(species: Species, dotted: str) -> object:
    section, name = dotted.split(".")
    return getattr(getattr(species, section), name)


def _check_body(document: Document, species: Species) -> None:
    for key, colour in (("coat", species.body.coat), ("accent", species.body.accent)):
        if not _COLOUR.fullmatch(colour):
            raise document.error(f"body.{key} must be a colour such as #c8a060, got {colour!r}.", "body", key)


def _check_diet(document: Document, species: Species, names: tuple[str, ...]) -> None:
    diet = species.diet
    for key, listed in (("prey", diet.prey), ("threats", diet.threats)):
        for other in listed:
            if other not in names:
                raise unknown_name("species", other, names, where=document.where("diet", key), see="eco1 list species")
            if other == species.name:
                raise document.error(f"diet.{key} names the species itself.", "diet", key)
    if ("flesh" in diet.eats) != bool(diet.prey):
        raise document.error(f"prey is {list(diet.prey)} but eats {list(diet.eats)}; prey is 'flesh'.", "diet", "eats")
    hunts = diet.hunting_style != "none"
    if hunts != bool(diet.prey):
        message = f"hunting_style is {diet.hunting_style!r} but prey is {list(diet.prey)}; 'none' goes with no prey."
        raise document.error(message, "diet", "hunting_style")
    for key, needed in (("strike_distance", hunts), ("hunt_success", hunts), ("flight_distance", bool(diet.threats))):
        value = float(getattr(diet, key))
        if needed != (value > 0):
            wanted = "above 0" if needed else "0"
            raise document.error(
                f"diet.{key} is {value:g}; with these prey and threats it must be {wanted}.", "diet", key
            )


def _check_locomotion(document: Document, species: Species) -> None:
    legs = species.locomotion
    if not legs.modes:
        raise document.error(f"locomotion.modes is empty; allowed are {', '.join(MODES)}.", "locomotion", "modes")
    rises = legs.modes != ("walk",)
    if rises != (legs.climb_speed.value > 0):
        wanted = "above 0" if rises else "0"
        message = f"climb_speed is {legs.climb_speed.value:g}; with modes {list(legs.modes)} it must be {wanted}."
        raise document.error(message, "locomotion", "climb_speed")
    if legs.level.value > 0 and not rises:
        raise document.error("locomotion.level is above 0 but it can only walk.", "locomotion", "level")


def _check_time_and_space(document: Document, species: Species) -> None:
    busy = species.activity.rest_fraction.value + species.activity.feeding_fraction.value
    if busy > 1:
        message = f"rest_fraction and feeding_fraction add up to {busy:g}, more than a day."
        raise document.error(message, "activity", "feeding_fraction")
    sociality = species.sociality
    if sociality.territorial != (sociality.territory_radius.value > 0):
        message = (
            f"territorial is {sociality.territorial} but territory_radius is {sociality.territory_radius.value:g}."
        )
        raise document.error(message, "sociality", "territory_radius")


def read_species(document: Document, names: tuple[str, ...]) -> Species:
    """Return the species a document describes.

    Args:
        document: the parsed file.
        names: all species that prey and threats may name.

    Raises:
        UnknownNameError: an unknown key, unit, species, family, plan or kind.
        CatalogError: something missing, of the wrong kind, or impossible.
    """
    spoken = ("voice",) if "voice" in document.table else ()
    check_keys(document, document.table, ("format", *_TEXTS, *_SECTIONS, *spoken, "experts"))
    name, common_name, scientific_name = (read_text(document, document.table[key], key) for key in _TEXTS)
    if name != document.path.stem:
        raise document.error(f"name is {name!r} but the file is {document.path.name}.", "name")
    experts, source = _read_experts(document)
    species = Species(
        name=name,
        common_name=common_name,
        scientific_name=scientific_name,
        body=read_section(document, Body, SPECIES_LIMITS, _CHOICES, "body"),
        locomotion=read_section(document, Locomotion, SPECIES_LIMITS, _CHOICES, "locomotion"),
        senses=read_section(document, Senses, SPECIES_LIMITS, _CHOICES, "senses"),
        diet=read_section(document, Diet, SPECIES_LIMITS, _CHOICES, "diet"),
        sociality=read_section(document, Sociality, SPECIES_LIMITS, _CHOICES, "sociality"),
        activity=read_section(document, Activity, SPECIES_LIMITS, _CHOICES, "activity"),
        life=read_section(document, Life, SPECIES_LIMITS, _CHOICES, "life"),
        voice=read_section(document, Voice, SPECIES_LIMITS, _CHOICES, "voice") if spoken else None,
        experts_source=source,
        experts=experts,
    )
    _check_order(document, species)
    _check_body(document, species)
    _check_locomotion(document, species)
    _check_diet(document, species, names)
    _check_time_and_space(document, species)
    return species

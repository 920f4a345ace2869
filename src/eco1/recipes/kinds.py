"""What a model is told of the kinds of animals it is made for, from the catalog."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from eco1.catalog.loader import inhabitant_names, load_ethogram, load_species
from eco1.catalog.records import (
    ACTIVITY_PATTERNS,
    FAMILIES,
    FOODS,
    GROUPINGS,
    MODES,
    Species,
)
from eco1.catalog.schema import HUNTING_STYLES

#: What a model is to learn without when transfer is measured: a runner on hooves, a bird, a fish and a climber.
UNSEEN = ("thomsons_gazelle", "feral_pigeon", "bullethead_parrotfish", "spider_monkey")


def all_species(lists: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return the one list that recordings share, or all names of several lists in alphabetical order."""
    different = set(lists)
    if len(different) == 1:
        return different.pop()
    return tuple(sorted({name for names in different for name in names}))


def router_prior(species: tuple[str, ...], behaviors: tuple[str, ...]) -> dict[str, Any]:
    """Return where the router leans at first: the catalog's experts of each species, each behaviour's family."""
    known = set(inhabitant_names())
    rows = tuple(
        tuple(float(load_species(name).experts.get(family, 0.0)) if name in known else 0.0 for family in FAMILIES)
        for name in species
    )
    families = {entry.name: FAMILIES.index(entry.family) for entry in load_ethogram().behaviors}
    experts = tuple(families[name] for name in behaviors) if set(behaviors) <= families.keys() else ()
    return {"species_expert_bias": rows, "behavior_expert": experts}


def species_traits(species: tuple[str, ...]) -> dict[str, Any]:
    """Return what distinguishes the species, one row each, so that a model may know one it never saw by its like.

    Columns are standardised over the whole catalog, so that they mean the same to every model. Empty when a species
    (such as a real recording's) is not in the catalog.
    """
    known = inhabitant_names()
    if not set(species) <= set(known):
        return {}
    everyone = np.array([_numbers(load_species(name)) for name in known])
    mean, spread = everyone.mean(0), everyone.std(0)
    rows = (np.array([_numbers(load_species(name)) for name in species]) - mean) / np.where(spread > 0, spread, 1.0)
    return {"species_traits": tuple(tuple(round(float(value), 4) for value in row) for row in rows)}


def _numbers(one: Species) -> list[float]:
    """Return size, speeds (body lengths/s), senses, company and diet of a species."""
    body, legs, senses, group, day = one.body, one.locomotion, one.senses, one.sociality, one.activity
    length = float(body.length)
    return [
        math.log10(float(body.mass)),
        math.log10(length),
        float(body.height) / length,
        *(math.log10(float(speed) / length) for speed in (legs.cruise_speed, legs.max_speed, legs.acceleration)),
        math.log10(float(legs.turn_rate)),
        math.log10(float(legs.sprint_duration)),
        math.log10(1 + float(legs.climb_speed) / length),
        math.log10(1 + float(legs.level)),
        math.log10(float(senses.sight_range) / length),
        float(senses.field_of_view) / (2 * math.pi),
        float(senses.night_vision),
        math.log10(1 + float(one.diet.flight_distance) / length),
        math.log10(1 + float(one.diet.strike_distance) / length),
        float(one.diet.hunt_success),
        math.log10(float(group.group_size)),
        *(math.log10(float(far) / length) for far in (group.spacing, group.alignment_range, group.attraction_range)),
        float(group.alignment_weight),
        float(group.territorial),
        float(group.uses_shelter),
        float(day.rest_fraction),
        float(day.feeding_fraction),
        *_marked(legs.modes, MODES),
        *_marked(one.diet.eats, FOODS),
        *_marked((one.diet.hunting_style,), HUNTING_STYLES),
        *_marked((group.grouping,), GROUPINGS),
        *_marked((day.pattern,), ACTIVITY_PATTERNS),
    ]


def _marked(which: Iterable[str], among: tuple[str, ...]) -> list[float]:
    chosen = set(which)
    return [float(word in chosen) for word in among]

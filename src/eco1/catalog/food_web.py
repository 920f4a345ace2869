"""Can the inhabitants of a biome live on what is there, and is there room for them?"""

import math
from collections.abc import Mapping

from eco1.catalog.document import Document
from eco1.catalog.records import Biome, Species

_LEAST_SHARE_FREE = 0.5  # of the area, once every animal has kept its distance from its own kind: an estimate


def foods_of(biome: Biome) -> dict[str, bool]:
    """Return which foods a biome offers that are not the bodies of its inhabitants."""
    return {
        "ground_plants": float(biome.vegetation_capacity) > 0,
        "leaves": float(biome.tree_density) > 0,
        "fruit": biome.canopy is not None or biome.city is not None,
        "nectar": biome.canopy is not None or biome.city is not None,
        "invertebrates": True,
        "plankton": biome.sea is not None or biome.ice is not None,
        "refuse": biome.city is not None,
    }


def check_food_web(document: Document, biome: Biome, species: Mapping[str, Species]) -> None:
    """Check that every inhabitant finds food that in the end comes from plants, plankton, small fry or refuse.

    Raises:
        CatalogError: when one does not; it points at the line of that resident.
    """
    offered = {food for food, there in foods_of(biome).items() if there}
    fed = {name for name, kind in species.items() if offered & set(kind.diet.eats)}
    while True:
        more = {name for name, kind in species.items() if _lives_on(kind, fed, set(species))} - fed
        if not more:
            break
        fed |= more
    for name in sorted(species.keys() - fed):
        diet = species[name].diet
        here = sorted(set(diet.prey) & set(species))
        if "flesh" in diet.eats and here:
            web = "; ".join(
                f"{one} eats {', '.join(sorted(set(species[one].diet.prey) & set(species)))}" for one in here
            )
            message = f"{name} eats only {', '.join(here)}, and nobody along that way lives on plants ({web})."
        else:
            wants = ", ".join((*(food for food in diet.eats if food != "flesh"), *diet.prey))
            message = f"{name} finds nothing to eat in {biome.name}: it wants {wants}."
        message += f" Offered: {', '.join(sorted(offered))}; inhabitants: {', '.join(sorted(species))}."
        raise document.error(message, "residents", name)


def check_room(document: Document, biome: Biome, species: Mapping[str, Species]) -> None:
    """Check that all residents can keep the distance from their own kind that the catalog gives them.

    Raises:
        CatalogError: when half of the ground would not be left free.
    """
    kept = sum(
        resident.count * math.pi * (float(species[resident.species].sociality.spacing) / 2) ** 2
        for resident in biome.residents
    )
    size, least = float(biome.size), math.sqrt(kept / _LEAST_SHARE_FREE)
    if size < least:
        animals = sum(resident.count for resident in biome.residents)
        message = (
            f"size is {size:g} m, too small: {animals} animals that keep their distance need at least {least:.0f} m."
        )
        raise document.error(message, "size")


def _lives_on(kind: Species, fed: set[str], there: set[str]) -> bool:
    """Return whether its prey is fed; what dies of those that are fed feeds those that scavenge."""
    hunts = "flesh" in kind.diet.eats and bool(set(kind.diet.prey) & fed)
    return hunts or ("carrion" in kind.diet.eats and bool(there & fed - {kind.name}))

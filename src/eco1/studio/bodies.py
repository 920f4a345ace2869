"""From a species of the catalog to a body one can see."""

from functools import lru_cache

from eco1.catalog.loader import load_species
from eco1.catalog.records import Species
from eco1.core.errors import unknown_name
from eco1.studio.birds import BIRDS, build_bird
from eco1.studio.body import Body
from eco1.studio.plans import QUADRUPEDS
from eco1.studio.quadrupeds import build_quadruped


def build_body(species: Species) -> Body:
    """Return the articulated low-poly body of a species, in metres, sized by its mass, length and height.

    Raises:
        UnknownNameError: when the species names a body plan that cannot be drawn.
    """
    if species.body.plan in QUADRUPEDS:
        return build_quadruped(species)
    if species.body.plan in BIRDS:
        return build_bird(species)
    raise unknown_name("body plan", species.body.plan, (*QUADRUPEDS, *BIRDS), where=f"{species.name}.toml")


@lru_cache(maxsize=256)
def body_of(name: str) -> Body:
    """Return the body of a catalog species, built once.

    Raises:
        UnknownNameError: when there is no such species.
    """
    return build_body(load_species(name))

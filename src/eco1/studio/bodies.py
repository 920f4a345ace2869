"""From a species of the catalog to a body one can see."""

from collections.abc import Callable
from functools import lru_cache

from eco1.catalog.loader import load_species
from eco1.catalog.records import Species
from eco1.core.errors import unknown_name
from eco1.studio.birds import BIRDS, build_bird
from eco1.studio.body import Body
from eco1.studio.insects import INSECTS, build_insect
from eco1.studio.people import build_person
from eco1.studio.plans import QUADRUPEDS
from eco1.studio.quadrupeds import build_quadruped
from eco1.studio.soft_bodies import build_octopus, build_snake
from eco1.studio.swimmers import SWIMMERS, build_swimmer
from eco1.studio.turtles_and_rays import build_ray, build_turtle

#: Who builds each body plan.
BUILDERS: dict[str, Callable[[Species], Body]] = {
    **dict.fromkeys(QUADRUPEDS, build_quadruped),
    **dict.fromkeys(BIRDS, build_bird),
    **dict.fromkeys(SWIMMERS, build_swimmer),
    **dict.fromkeys(INSECTS, build_insect),
    "turtle": build_turtle,
    "ray": build_ray,
    "octopus": build_octopus,
    "snake": build_snake,
    "person": build_person,
}


def build_body(species: Species) -> Body:
    """Return the articulated low-poly body of a species, in metres, sized by its mass, length and height.

    Raises:
        UnknownNameError: when the species names a body plan that cannot be drawn.
    """
    if species.body.plan not in BUILDERS:
        raise unknown_name("body plan", species.body.plan, tuple(BUILDERS), where=f"{species.name}.toml")
    return BUILDERS[species.body.plan](species)


@lru_cache(maxsize=256)
def body_of(name: str) -> Body:
    """Return the body of a catalog species, built once.

    Raises:
        UnknownNameError: when there is no such species.
    """
    return build_body(load_species(name))

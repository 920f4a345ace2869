"""What the captioner knows of a kind of animal: its names, its body, whom it hunts and whom it fears."""

from dataclasses import dataclass
from functools import lru_cache

from eco1.catalog.loader import inhabitant_names, load_species
from eco1.sensors.captioner.grammar.nouns import common_noun, short_noun

_HIGH_LEVEL_M = 2.0  # climbers that go higher than this are at home in trees
#: How those who live together are called; None where nobody would say so.
_COMPANY = {
    "herd": "herd", "pack": "pack", "troop": "troop", "flock": "flock", "school": "school", "colony": "colony",
    "family": "family", "pair": "mate",
}  # fmt: skip
_INSECTS = frozenset(("ant", "bee", "butterfly"))
_HATCH = frozenset(
    (
        *("ostrich", "vulture", "raptor", "parrot", "toucan", "owl", "goose", "pigeon", "songbird", "crow"),
        *("fish", "barracuda", "eel", "octopus", "turtle", "ant", "butterfly", "bee"),
    )
)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of animal, as far as words need it. Sets are empty and lengths 0 where the catalog lacks it."""

    name: str
    full: str  # "plains zebra"
    short: str  # "zebra"
    plan: str = ""
    element: str = ""  # where it is at home: land, water, air or trees
    swims: bool = False
    company: str = "group"  # what it calls those it lives with: herd, pack ...
    eats: frozenset[str] = frozenset()
    prey: frozenset[str] = frozenset()
    threats: frozenset[str] = frozenset()
    length_m: float = 0.0
    flight_m: float = 0.0
    cruise_mps: float = 0.0

    @property
    def is_person(self) -> bool:
        """Whether this is people rather than animals."""
        return self.plan == "person"

    @property
    def is_insect(self) -> bool:
        """Whether its young look nothing like it, so that size says nothing of age."""
        return self.plan in _INSECTS

    @property
    def hatches(self) -> bool:
        """Whether its young come out of eggs. Judged by the body plan."""
        return self.plan in _HATCH


def _element(modes: tuple[str, ...], highest_m: float) -> str:
    if modes[0] == "swim":
        return "water"
    if "fly" in modes:
        return "air"
    return "trees" if "climb" in modes and highest_m > _HIGH_LEVEL_M else "land"


@lru_cache(maxsize=1024)
def kind_of(name: str) -> Kind:
    """Return what is known of a species; one that the catalog lacks (real tracks) is called by its own name."""
    if name not in inhabitant_names():
        noun = common_noun(name.replace("_", " "))
        return Kind(name=name, full=noun, short=short_noun(noun))
    species = load_species(name)
    noun = common_noun(species.common_name)
    return Kind(
        name=name,
        full=noun,
        short=short_noun(noun),
        plan=species.body.plan,
        element=_element(species.locomotion.modes, species.locomotion.level.high),
        swims="swim" in species.locomotion.modes,
        company=_COMPANY.get(species.sociality.grouping, "group"),
        eats=frozenset(species.diet.eats),
        prey=frozenset(species.diet.prey),
        threats=frozenset(species.diet.threats),
        length_m=float(species.body.length),
        flight_m=float(species.diet.flight_distance),
        cruise_mps=float(species.locomotion.cruise_speed),
    )

"""The catalog as one table, species first, in seconds of the world's own clock."""

import numpy as np

from eco1.catalog.loader import load_species
from eco1.catalog.records import ACTIVITY_PATTERNS, Biome, Species
from eco1.sim.fields import F32, trait

_FOOD = {
    "ground_plants": trait.GRASS,
    "leaves": trait.LEAVES,
    "flesh": trait.FLESH,
    "carrion": trait.CARRION,
    "invertebrates": trait.INSECTS,
}
STYLES = ("none", "stalk", "ambush", "pursuit")
# A body cannot lean more than its feet hold; a catalog value below this is a limit of muscle, not of grip: estimate.
_LEAST_GRIP_MPS2 = 4.0


def _food(one: Species) -> int:
    return sum(_FOOD[food] for food in one.diet.eats)


def _relations(one: Species, names: tuple[str, ...]) -> list[int]:
    relation = dict.fromkeys(names, trait.NONE)
    relation[one.name] = trait.KIN
    relation |= dict.fromkeys(one.diet.prey, trait.PREY)
    relation |= dict.fromkeys(one.diet.threats, trait.THREAT)
    return [relation[name] for name in names]  # those that do not live here do not matter


def _row(one: Species, names: tuple[str, ...], body_clock: float, life_clock: float) -> list[float]:
    body, legs, senses, diet = one.body, one.locomotion, one.senses, one.diet
    group, day, life = one.sociality, one.activity, one.life
    row = {
        trait.MASS: body.mass,
        trait.BIRTH_MASS: body.birth_mass,
        trait.LENGTH: body.length,
        trait.HEIGHT: body.height,
        trait.FLIES: legs.flies,
        trait.WALK: legs.cruise_speed,
        trait.TOP: legs.max_speed,
        trait.ACCELERATION: legs.acceleration,
        trait.DECELERATION: legs.deceleration,
        trait.TURN: legs.turn_rate,
        trait.GRIP: max(float(legs.acceleration), _LEAST_GRIP_MPS2),
        trait.SPRINT: legs.sprint_duration,
        trait.SIGHT: senses.sight_range,
        trait.COS_FIELD: np.cos(float(senses.field_of_view) / 2),
        trait.HEARING: senses.hearing_range,
        trait.SMELL: senses.smell_range,
        trait.NIGHT_VISION: senses.night_vision,
        trait.FOOD: _food(one),
        trait.STYLE: STYLES.index(diet.hunting_style),
        trait.FLIGHT: diet.flight_distance,
        trait.STRIKE: diet.strike_distance,
        trait.SUCCESS: diet.hunt_success,
        trait.GROUP: group.group_size,
        trait.SPACING: group.spacing,
        trait.ALIGN_RANGE: group.alignment_range,
        trait.ATTRACT_RANGE: group.attraction_range,
        trait.ALIGN_WEIGHT: group.alignment_weight,
        trait.TERRITORIAL: group.territorial,
        trait.TERRITORY: group.territory_radius,
        trait.DENS: group.uses_shelter,
        trait.PATTERN: ACTIVITY_PATTERNS.index(day.pattern),
        trait.REST: day.rest_fraction,
        trait.THIRST_S: float(day.drink_interval) / body_clock,
        trait.FEEDING: day.feeding_fraction,
        trait.LIFESPAN: float(life.lifespan) / life_clock,
        trait.MATURITY: float(life.maturity) / life_clock,
        trait.GESTATION: float(life.gestation) / life_clock,
        trait.LITTER: life.litter_size,
        trait.BIRTH_INTERVAL: float(life.birth_interval) / life_clock,
    }
    return [float(row[column]) for column in range(trait.RELATION)] + [float(r) for r in _relations(one, names)]


def build_traits(names: tuple[str, ...], biome: Biome) -> F32:
    """Return the table (S, traits) of the species called ``names``, life sped up by the clocks of the biome."""
    clocks = float(biome.physiology_rate), float(biome.life_rate)
    return np.array([_row(load_species(name), names, *clocks) for name in names], np.float32)

"""The catalog as one table, species first, in seconds of the world's own clock."""

import numpy as np

from eco1.catalog.loader import load_species
from eco1.catalog.records import ACTIVITY_PATTERNS, GROUPINGS, WINTERS, Biome, Species
from eco1.sim.fields import F32, trait

_FOOD = {
    "ground_plants": trait.GRASS,
    "leaves": trait.LEAVES,
    "flesh": trait.FLESH,
    "carrion": trait.CARRION,
    "invertebrates": trait.INSECTS,
    "fruit": trait.FRUIT,
    "nectar": trait.NECTAR,
    "plankton": trait.PLANKTON,
    "refuse": trait.REFUSE,
}
STYLES = ("none", "stalk", "ambush", "pursuit", "herding", "swoop", "still_hunting")
_SOARS_ABOVE_M = 20.0
_AIR_BREATHERS = ("dolphin", "turtle", "seal")  # body plans with lungs that live in water
# A body cannot lean more than its feet hold; a catalog value below this is a limit of muscle, not of grip: estimate.
_LEAST_GRIP_MPS2 = 4.0
# A glider stalls below a speed that grows with the sixth root of its mass (Pennycuick 2008, Modelling the Flying Bird,
# chapter 3); insects hover. The constant is the vulture's, an estimate.
_STALL_MPS, _STALL_OF_KG, _HOVERS_BELOW_KG = 5.0, 5.44, 0.005


def _food(one: Species) -> int:
    return sum(_FOOD[food] for food in one.diet.eats)


def _relations(one: Species, names: tuple[str, ...]) -> list[int]:
    relation = dict.fromkeys(names, trait.NONE)
    relation[one.name] = trait.KIN
    relation |= dict.fromkeys(one.diet.prey, trait.PREY)
    relation |= dict.fromkeys(one.diet.threats, trait.THREAT)
    return [relation[name] for name in names]  # those that do not live here do not matter


def lift_of(one: Species, biome: Biome) -> int:
    """Return what carries a species off the ground in a biome; the first of its modes is the one it prefers."""
    modes = one.locomotion.modes
    if biome.sea is not None or (biome.ice is not None and modes[0] == "swim"):
        return trait.WATER
    if "fly" in modes:
        return trait.AIR
    climbs = ("climb" in modes or "swing" in modes) and float(one.locomotion.level) > 0
    return trait.CROWNS if climbs and (biome.canopy is not None or biome.city is not None) else trait.GROUNDED


def _least_speed(mass: float) -> float:
    return _STALL_MPS * (mass / _STALL_OF_KG) ** (1 / 6) if mass > _HOVERS_BELOW_KG else 0.0


def _row(one: Species, names: tuple[str, ...], biome: Biome) -> list[float]:
    body, legs, senses, diet = one.body, one.locomotion, one.senses, one.diet
    body_clock, life_clock = float(biome.physiology_rate), float(biome.life_rate)
    lift, clear = lift_of(one, biome), np.inf if biome.sea is None else float(biome.sea.visibility)
    group, day, life = one.sociality, one.activity, one.life
    row = {
        trait.MASS: body.mass,
        trait.BIRTH_MASS: body.birth_mass,
        trait.ADULT_POWER: body.resting_power,
        trait.LENGTH: body.length,
        trait.HEIGHT: body.height,
        trait.LIFT: lift,
        trait.WALK: legs.cruise_speed,
        trait.TOP: legs.max_speed,
        trait.ACCELERATION: legs.acceleration,
        trait.DECELERATION: legs.deceleration,
        trait.TURN: legs.turn_rate,
        trait.GRIP: max(float(legs.acceleration), _LEAST_GRIP_MPS2),
        trait.SPRINT: legs.sprint_duration,
        trait.SIGHT: min(float(senses.sight_range), clear),
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
        trait.CLIMB: legs.climb_speed,
        trait.LEVEL: legs.level,
        trait.LEVEL_LOW: legs.level.low,
        trait.LEVEL_HIGH: legs.level.high,
        trait.CAMOUFLAGE: body.camouflage,
        trait.LEAST_SPEED: _least_speed(float(body.mass)) if lift == trait.AIR else 0.0,
        trait.SWIMS: "swim" in legs.modes,
        trait.SWINGS: "swing" in legs.modes,
        trait.SOARS: lift == trait.AIR and "carrion" in diet.eats and float(legs.level) > _SOARS_ABOVE_M,
        trait.GROUPING: GROUPINGS.index(group.grouping),
        trait.BEGS: diet.begs,
        trait.RECRUITS: group.recruits,
        trait.WINTER: WINTERS.index(day.winter),
        trait.PERSON: body.plan == "person",
        trait.BREATHES: lift == trait.WATER and body.plan in _AIR_BREATHERS,
    }
    return [float(row[column]) for column in range(trait.RELATION)] + [float(r) for r in _relations(one, names)]


def build_traits(names: tuple[str, ...], biome: Biome) -> F32:
    """Return the table (S, traits) of the species called ``names``, life sped up by the clocks of the biome."""
    return np.array([_row(load_species(name), names, biome) for name in names], np.float32)

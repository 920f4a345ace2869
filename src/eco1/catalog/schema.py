"""What each number of the catalog measures, which values are possible at all, and which numbers bound each other."""

import math
from dataclasses import dataclass

from eco1.core.units import DAY_S, YEAR_S


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The SI unit of a number and the closed interval outside which it is impossible rather than unusual."""

    si: str
    low: float
    high: float


def _fraction() -> Limits:
    return Limits(si="1", low=0.0, high=1.0)


def _metres(high: float, low: float = 0.0) -> Limits:
    return Limits(si="m", low=low, high=high)


def _seconds(low: float, high: float) -> Limits:
    return Limits(si="s", low=low, high=high)


#: Smallest land mammals and insects bound sizes from below, sauropods from above; speeds stop at a stooping falcon's.
SPECIES_LIMITS: dict[str, Limits] = {
    "body.mass": Limits(si="kg", low=1e-6, high=2e5),
    "body.length": _metres(60.0, 1e-3),
    "body.height": _metres(30.0, 1e-3),
    "body.birth_mass": Limits(si="kg", low=1e-8, high=1e4),
    "body.resting_power": Limits(si="W", low=1e-7, high=1e5),
    "body.camouflage": _fraction(),
    "locomotion.cruise_speed": Limits(si="m/s", low=1e-3, high=20.0),
    "locomotion.max_speed": Limits(si="m/s", low=1e-3, high=110.0),
    "locomotion.acceleration": Limits(si="m/s^2", low=1e-2, high=100.0),
    "locomotion.deceleration": Limits(si="m/s^2", low=1e-2, high=100.0),
    "locomotion.turn_rate": Limits(si="rad/s", low=1e-2, high=60.0),
    "locomotion.sprint_duration": _seconds(0.1, DAY_S),
    "locomotion.climb_speed": Limits(si="m/s", low=0.0, high=110.0),
    "locomotion.level": _metres(1e3),
    "senses.sight_range": _metres(2e4),
    "senses.field_of_view": Limits(si="rad", low=0.0, high=2 * math.pi),
    "senses.hearing_range": _metres(2e4),
    "senses.smell_range": _metres(2e4),
    "senses.night_vision": _fraction(),
    "diet.flight_distance": _metres(5e3),
    "diet.strike_distance": _metres(1e3),
    "diet.hunt_success": _fraction(),
    "sociality.group_size": Limits(si="1", low=1.0, high=1e7),
    "sociality.spacing": _metres(1e4),
    "sociality.alignment_range": _metres(1e4),
    "sociality.attraction_range": _metres(1e5),
    "sociality.alignment_weight": _fraction(),
    "sociality.territory_radius": _metres(1e5),
    "activity.rest_fraction": _fraction(),
    "activity.drink_interval": _seconds(60.0, 10 * YEAR_S),
    "activity.feeding_fraction": _fraction(),
    "life.lifespan": _seconds(DAY_S, 600 * YEAR_S),
    "life.maturity": _seconds(3600.0, 200 * YEAR_S),
    "life.gestation": _seconds(3600.0, 5 * YEAR_S),
    "life.litter_size": Limits(si="1", low=0.0, high=1e8),
    "life.birth_interval": _seconds(1.0, 50 * YEAR_S),
    "voice.pitch": Limits(si="Hz", low=5.0, high=2e5),
    "voice.glide": Limits(si="1", low=0.05, high=20.0),
    "voice.syllables": Limits(si="1", low=1.0, high=1e3),
    "voice.duration": _seconds(1e-4, 600.0),
    "voice.interval": _seconds(1e-2, DAY_S),
    "voice.level": Limits(si="dB", low=0.0, high=240.0),
}

BIOME_LIMITS: dict[str, Limits] = {
    "size": _metres(1e6, 10.0),
    "relief": _metres(5e3),
    "roughness": Limits(si="1", low=0.0, high=6.0),
    "water_fraction": _fraction(),
    "tree_density": Limits(si="1/m^2", low=0.0, high=10.0),
    "shelter_density": Limits(si="1/m^2", low=0.0, high=10.0),
    "vegetation_capacity": Limits(si="kg/m^2", low=0.0, high=100.0),
    "vegetation_growth": Limits(si="1/s", low=0.0, high=1.0),
    "temperature_mean": Limits(si="K", low=180.0, high=340.0),
    "temperature_swing": Limits(si="delta_K", low=0.0, high=60.0),
    "season_swing": Limits(si="delta_K", low=0.0, high=60.0),
    "growth_swing": _fraction(),
    "rain_probability": _fraction(),
    "day_length": _seconds(1.0, DAY_S),
    "physiology_rate": Limits(si="1", low=1e-3, high=1e9),
    "life_rate": Limits(si="1", low=1e-3, high=1e9),
}

#: Sections that only some biomes have.
FEATURE_LIMITS: dict[str, Limits] = {
    "sea.depth": _metres(2e3, 0.5),
    "sea.current": Limits(si="m/s", low=0.0, high=5.0),
    "sea.visibility": _metres(200.0, 0.1),
    "sea.plankton": _fraction(),
    "canopy.height": _metres(120.0, 2.0),
    "canopy.emergents": _metres(120.0, 2.0),
    "canopy.closure": _fraction(),
    "canopy.fruiting": _fraction(),
    "canopy.flowering": _fraction(),
    "ice.sea_share": _fraction(),
    "ice.winter_cover": _fraction(),
    "ice.summer_cover": _fraction(),
    "ice.holes": Limits(si="1/m^2", low=0.0, high=1.0),
    "ice.snow_depth": _metres(20.0),
    "city.block": _metres(1e3, 5.0),
    "city.street": _metres(200.0, 1.0),
    "city.park_share": _fraction(),
    "city.building_height": _metres(500.0, 2.0),
    "city.refuse": Limits(si="1/m^2", low=0.0, high=1.0),
}

#: The first may not exceed the second.
ORDERED: tuple[tuple[str, str], ...] = (
    ("body.birth_mass", "body.mass"),
    ("locomotion.cruise_speed", "locomotion.max_speed"),
    ("diet.strike_distance", "senses.sight_range"),
    ("sociality.spacing", "sociality.alignment_range"),
    ("sociality.alignment_range", "sociality.attraction_range"),
    ("life.maturity", "life.lifespan"),
    ("life.gestation", "life.lifespan"),
)

#: ``herding``: several drive prey together; ``swoop``: from the air; ``still_hunting``: waits where prey must come up.
HUNTING_STYLES = ("stalk", "ambush", "pursuit", "herding", "swoop", "still_hunting", "none")
FORMAT = 2

"""Day, season and weather: light, temperature and ice follow the clocks, rain comes in storms."""

import math
from functools import lru_cache

from eco1.catalog.records import Biome
from eco1.core.random import generator
from eco1.core.units import YEAR_S
from eco1.sim.ground import Conditions

_STORM_S = 60.0  # how long one storm lasts; estimate, about two hours of a compressed day
_FORAGE_RAIN_BONUS = 1.5
_EARLIEST_HOUR, _LATEST_HOUR = 6.0, 18.0
_HOTTEST_HOUR = 15.0
_ICE_LAG = 0.125  # of a year: the sea is coldest in March
# From the temperature at which warmth costs a large animal nothing to the one at which it seeks shade: estimates.
_COOL_K, _HOT_K = 288.15, 302.15


def start_time_s(biome: Biome, seed: int) -> float:
    """Return the time of day at which a world begins, between morning and evening, in seconds of its clock."""
    hour = generator(seed, 2).uniform(_EARLIEST_HOUR, _LATEST_HOUR)
    return float(hour / 24 * float(biome.day_length))


def daylight(hour: float) -> float:
    """Return the light from 0 (night) to 1 (day): the sun rises at 6 and sets at 18, twilight lasts about an hour."""
    elevation = math.sin((hour - 6.0) / 24.0 * 2 * math.pi)
    return min(1.0, max(0.0, 0.5 + elevation / 0.3 * 0.5))


def temperature(biome: Biome, hour: float, year: float) -> float:
    """Return the air temperature in K: the biome's mean, and waves through the year and the day, warmest at 15 h."""
    day = math.cos((hour - _HOTTEST_HOUR) / 24.0 * 2 * math.pi)
    season = -math.cos(2 * math.pi * year)
    return float(biome.temperature_mean) + float(biome.season_swing) * season + float(biome.temperature_swing) * day


def time_of_year(biome: Biome, seed: int, time_s: float) -> float:
    """Return the time of the year, 0 at midwinter to 1; worlds begin at any, and a year is short on the life clock."""
    return (_first_year(seed) + time_s / YEAR_S * float(biome.life_rate)) % 1.0


def winter(year: float) -> float:
    """Return how much winter it is: 1 at midwinter, 0 at midsummer."""
    return 0.5 + 0.5 * math.cos(2 * math.pi * year)


def growth(biome: Biome, year: float) -> float:
    """Return the share of the best growth that the season allows: lean around midwinter."""
    return 1 - float(biome.growth_swing) * winter(year)


def ice_cover(biome: Biome, year: float) -> float:
    """Return the share of the sea that is frozen: most about an eighth of a year after midwinter."""
    if biome.ice is None:
        return 0.0
    most, least = float(biome.ice.winter_cover), float(biome.ice.summer_cover)
    return least + (most - least) * winter(year - _ICE_LAG)


def snow(biome: Biome, year: float) -> float:
    """Return how deep snow lies, m: deepest at midwinter."""
    return 0.0 if biome.ice is None else float(biome.ice.snow_depth) * winter(year)


def heat(temperature_k: float) -> float:
    """Return the burden of heat that drives thirst, rest and the search for shade: 0 up to 15 degC, 1 at 29 degC."""
    return max(0.0, (temperature_k - _COOL_K) / (_HOT_K - _COOL_K))


def is_raining(biome: Biome, seed: int, time_s: float) -> bool:
    """Return whether it rains: each storm slot of the clock is wet with the biome's probability."""
    return _storm(seed, int(time_s // _STORM_S)) < float(biome.rain_probability)


@lru_cache(maxsize=256)
def _first_year(seed: int) -> float:
    return float(generator(seed, 8).uniform())


@lru_cache(maxsize=256)
def _storm(seed: int, slot: int) -> float:
    return float(generator(seed, 3, slot).uniform())


def conditions(biome: Biome, *, seed: int, step: int, dt_s: float, start_s: float, forage_cell_m: float) -> Conditions:
    """Return what holds everywhere during one step."""
    time_s = start_s + step * dt_s
    hour = (time_s / float(biome.day_length) * 24.0) % 24.0
    rain = is_raining(biome, seed, time_s)
    year = time_of_year(biome, seed, time_s)
    rate = float(biome.vegetation_growth) * float(biome.life_rate)
    return Conditions(
        seed=seed,
        step=step,
        dt=dt_s,
        time=time_s,
        daylight=daylight(hour) * (0.75 if rain else 1.0),
        hour=hour,
        heat=heat(temperature(biome, hour, year)),
        rain=float(rain),
        physiology=float(biome.physiology_rate),
        plant_growth=rate * growth(biome, year) * (_FORAGE_RAIN_BONUS if rain else 1.0),
        forage_mass=float(biome.vegetation_capacity) * forage_cell_m**2,
        year=year,
        ice=ice_cover(biome, year),
        tide=math.cos(4 * math.pi * hour / 24.0),  # two tides a day
    )

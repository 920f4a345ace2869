"""Day and weather: light and temperature follow the clock, rain comes in storms."""

import math
from functools import lru_cache

from eco1.catalog.records import Biome
from eco1.core.random import generator
from eco1.sim.ground import Conditions

_STORM_S = 60.0  # how long one storm lasts; estimate, about two hours of a compressed day
_FORAGE_RAIN_BONUS = 1.5
_EARLIEST_HOUR, _LATEST_HOUR = 6.0, 18.0
_HOTTEST_HOUR = 15.0
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


def temperature(biome: Biome, hour: float) -> float:
    """Return the air temperature in K: the biome's mean and swing as a wave through the day, warmest at 15 h."""
    wave = math.cos((hour - _HOTTEST_HOUR) / 24.0 * 2 * math.pi)
    return float(biome.temperature_mean) + float(biome.temperature_swing) * wave


def heat(temperature_k: float) -> float:
    """Return the burden of heat that drives thirst, rest and the search for shade: 0 up to 15 degC, 1 at 29 degC."""
    return max(0.0, (temperature_k - _COOL_K) / (_HOT_K - _COOL_K))


def is_raining(biome: Biome, seed: int, time_s: float) -> bool:
    """Return whether it rains: each storm slot of the clock is wet with the biome's probability."""
    return _storm(seed, int(time_s // _STORM_S)) < float(biome.rain_probability)


@lru_cache(maxsize=256)
def _storm(seed: int, slot: int) -> float:
    return float(generator(seed, 3, slot).uniform())


def conditions(biome: Biome, *, seed: int, step: int, dt_s: float, start_s: float, forage_cell_m: float) -> Conditions:
    """Return what holds everywhere during one step."""
    time_s = start_s + step * dt_s
    hour = (time_s / float(biome.day_length) * 24.0) % 24.0
    rain = is_raining(biome, seed, time_s)
    return Conditions(
        seed=seed,
        step=step,
        dt=dt_s,
        time=time_s,
        daylight=daylight(hour) * (0.75 if rain else 1.0),
        hour=hour,
        heat=heat(temperature(biome, hour)),
        rain=float(rain),
        physiology=float(biome.physiology_rate),
        plant_growth=float(biome.vegetation_growth) * float(biome.life_rate) * (_FORAGE_RAIN_BONUS if rain else 1.0),
        forage_mass=float(biome.vegetation_capacity) * forage_cell_m**2,
    )

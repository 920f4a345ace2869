"""The time of the year as one sees it: how much of the sea is ice, how deep snow lies."""

from dataclasses import dataclass

import numpy as np

from eco1.catalog.loader import biome_names, load_biome
from eco1.sim.laws import weather

_THAW_C, _FROST_C = 3.0, -5.0  # mean temperatures between which snow covers more and more of the ground: estimates
_FREEZING_K = 273.15
_MEAN_HOUR = 9.0  # of the day, at which temperature is that of the whole day


@dataclass(frozen=True, kw_only=True)
class Season:
    """Shares from 0 to 1: of the sea that is ice, of the ground that is under snow."""

    ice: float = 0.0
    snow: float = 0.0


def season_of(biome_name: str, seed: int, time_s: float) -> Season:
    """Return the season of a biome of the catalog ``time_s`` after its world began; without frost elsewhere."""
    if biome_name not in biome_names() or load_biome(biome_name).ice is None:
        return Season()
    biome = load_biome(biome_name)
    year = weather.time_of_year(biome, seed, weather.start_time_s(biome, seed) + time_s)
    mean_c = weather.temperature(biome, _MEAN_HOUR, year) - _FREEZING_K
    snow = float(np.clip((_THAW_C - mean_c) / (_THAW_C - _FROST_C), 0, 1))
    return Season(ice=weather.ice_cover(biome, year), snow=snow)

"""What is heard where no animal is: wind, leaves, rain, water, a city, insects; under water rumble and snapping shrimp.

Levels are rms levels of the whole band, re 20 uPa in air and 1 uPa under water: estimates, by ear, unless said
otherwise.
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jaxtyping import Float

from eco1.catalog.records import Biome
from eco1.core.senses import SAMPLE_RATE_HZ
from eco1.sensors.microphone.species import AIR_REFERENCE_PA, WATER_REFERENCE_PA

#: Layers of noise. Columns: low Hz, high Hz, swell, period s, share that both ears have in common.
_HISSES = {
    "wind": (25.0, 220.0, 0.7, 2.5, 0.5),
    "leaves": (1200.0, 5000.0, 0.75, 1.7, 0.2),
    "rain": (700.0, 6500.0, 0.15, 4.0, 0.1),
    "city": (35.0, 260.0, 0.5, 6.0, 0.6),
    "water": (350.0, 1500.0, 0.85, 1.4, 0.6),
    "sea": (8.0, 140.0, 0.4, 5.0, 0.8),
}
#: Layers of crackling. Columns: cracks a second, two tones in Hz, decay s, how heavy the tail of their strengths is.
#: Shrimp: a broad peak between 2 and 15 kHz, 3 to 6 dB more at night: Everest, Young & Johnson (1948), "Acoustical
#: characteristics of noise produced by snapping shrimp", J. Acoust. Soc. Am. 20:137.
_CRACKLES = {
    "drops": (45.0, 1800.0, 3400.0, 0.0012, 0.35),
    "shrimp": (90.0, 3600.0, 6200.0, 0.0003, 0.5),
    "bubbles": (7.0, 520.0, 900.0, 0.01, 0.3),
}
#: Insects. Columns: tone Hz, pulses a second, share of a pulse that sounds, chirps a second, share, session s, side.
_SINGERS = {
    "cicada_left": (4300.0, 130.0, 1.0, 0.05, 0.9, 9.0, -0.7),
    "cicada_right": (4900.0, 155.0, 1.0, 0.07, 0.9, 7.0, 0.5),
    "cicada_far": (3600.0, 95.0, 1.0, 0.04, 0.95, 12.0, 0.1),
    "cricket_left": (4600.0, 27.0, 0.6, 2.4, 0.45, 8.0, -0.5),
    "cricket_right": (4200.0, 24.0, 0.6, 1.7, 0.5, 11.0, 0.8),
    "cricket_far": (5100.0, 32.0, 0.6, 2.9, 0.4, 6.0, -0.1),
    "katydid": (6800.0, 48.0, 0.5, 0.8, 0.35, 10.0, 0.3),
}
HISSES, CRACKLES, SINGERS = tuple(_HISSES), tuple(_CRACKLES), tuple(_SINGERS)
_LAYERS = HISSES + CRACKLES + SINGERS
_WATER_HEARD_M = 120.0


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """What holds everywhere during a step and cannot be seen of animals.

    ``daylight``: 0 night to 1 day. ``rain``: 0 none to 1 heavy. ``wind_mps``: at the microphone. ``snow``: share of the
    ground that lies under snow, and of the water that lies under ice.
    """

    daylight: float
    rain: float = 0.0
    wind_mps: float = 3.0
    snow: float = 0.0


@lru_cache(maxsize=1)
def hiss_table() -> Float[np.ndarray, "layers 6"]:
    """Return the layers of noise as the kernels read them, with the gain that gives each an rms of 1."""
    rows = np.array(list(_HISSES.values()))
    return np.concatenate([rows, np.array([[_noise_gain(low, high)] for low, high in rows[:, :2]])], axis=1)


@lru_cache(maxsize=1)
def crackle_table() -> Float[np.ndarray, "layers 5"]:
    """Return the layers of crackling as the kernels read them."""
    return np.array(list(_CRACKLES.values()))


@lru_cache(maxsize=1)
def singer_table() -> Float[np.ndarray, "layers 7"]:
    """Return the insects as the kernels read them."""
    return np.array(list(_SINGERS.values()))


def _noise_gain(low_hz: float, high_hz: float) -> float:
    """Return one over the rms that a layer makes of white noise: two low-passes, then a high-pass, one pole each."""
    turn = np.exp(-2j * np.pi * np.linspace(0, 0.5, 8001))
    low, high = (math.exp(-2 * math.pi * hz / SAMPLE_RATE_HZ) for hz in (low_hz, high_hz))
    response = ((1 - high) / (1 - high * turn)) ** 2 * (1 - (1 - low) / (1 - low * turn))
    return 1 / math.sqrt(float((np.abs(response) ** 2).mean()))


def _in_air(biome: Biome, now: Circumstances, water_m: float) -> dict[str, float]:
    """Return the levels in dB of what is heard in a biome above water."""
    night = 1 - now.daylight
    wind = 26.0 + 20.0 * math.log10(max(now.wind_mps, 0.3))
    levels = {"wind": wind, "leaves": wind - (3.0 if biome.canopy else 12.0)}
    wet = now.rain * (1 - now.snow)
    if wet > 0:
        levels |= {"rain": 50.0 + 20 * math.log10(wet), "drops": 52.0 + 20 * math.log10(wet)}
    if water_m < _WATER_HEARD_M and now.snow < 1:
        near = 40.0 - 20 * math.log10(max(water_m, 4.0) / 4.0) + 20 * math.log10(1 - now.snow)
        levels |= {"water": near, "bubbles": near}
    if biome.city:
        levels["city"] = 42.0 + 7.0 * now.daylight
    return levels | _insects(biome, night, now.snow)


def _insects(biome: Biome, night: float, snow: float) -> dict[str, float]:
    """Return the levels of insects: many in the forest, crickets in the savanna's nights, a few cicadas by day."""
    if biome.ice or snow > 0:
        return {}
    rich = 0.0 if biome.canopy else -10.0 if not biome.city else -16.0
    by_day = {name: 41.0 + rich for name in SINGERS if name.startswith("cicada")}
    by_night = {name: 43.0 + rich for name in SINGERS if not name.startswith("cicada")}
    by_night["katydid"] -= 4.0
    fade = {name: 20 * math.log10(max(1 - night, 1e-3)) for name in by_day}
    fade |= {name: 20 * math.log10(max(night, 1e-3)) for name in by_night}
    return {name: level + fade[name] for name, level in (by_day | by_night).items()}


def _under_water(now: Circumstances) -> dict[str, float]:
    """Return the levels in dB re 1 uPa over a reef; rain adds its hiss at the surface."""
    levels = {"sea": 104.0 + 10 * math.log10(max(now.wind_mps, 0.3) / 3.0), "shrimp": 117.0 + 4.0 * (1 - now.daylight)}
    if now.rain > 0:
        levels["rain"] = 104.0 + 20 * math.log10(now.rain)
    return levels


def loudness_pa(biome: Biome, now: Circumstances, water_m: float) -> Float[np.ndarray, " layers"]:
    """Return how loud each layer is now, Pa rms.

    Args:
        biome: where it is.
        now: daylight and weather.
        water_m: distance from the ears to the nearest water, infinite where there is none.
    """
    levels = _under_water(now) if biome.sea else _in_air(biome, now, water_m)
    reference = WATER_REFERENCE_PA if biome.sea else AIR_REFERENCE_PA
    return np.array([reference * 10 ** (levels[name] / 20) if name in levels else 0.0 for name in _LAYERS])

"""The light of a moment: colours of sun, sky, haze and water by daylight, and the curve from light to bytes."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float32, UInt8

from eco1.sensors.scenery import scenery as tones
from eco1.sensors.scenery.bodies import Moments
from eco1.sensors.scenery.scenery import Scenery

#: Columns of ``lights``: linear-light RGB, then single numbers.
SUN, SKY, ZENITH, HAZE, SKYLINE, WATER = 0, 3, 6, 9, 12, 15
EXPOSURE, ICE, SNOW, TIME, COLUMNS = 18, 19, 20, 21, 22

CURVE_LENGTH, BRIGHTEST = 16_384, 4.0
_NIGHT = np.array([0.045, 0.07, 0.15])  # of the day's light, by moon and stars: far more than in life, so that one sees
_DUSK = np.array([1.05, 0.62, 0.36])
_DUSK_BELOW = 0.5  # daylight
_NIGHT_EXPOSURE = 2.6
_ALL_SNOW_AT = 0.8  # share of ice from which all of the land is white: by eye


def lights_of(scenery: Scenery, moments: Moments) -> Float32[np.ndarray, "m l"]:
    """Return the light of each moment. At night it is dark blue, but one can still see. Colours are by eye."""
    day = np.clip(moments.daylight.astype(float), 0, 1)[:, None]
    lit = np.clip(day / 0.3, 0, 1)
    dusk = np.clip(1 - day / _DUSK_BELOW, 0, 1) * lit
    warm = 1 + (_DUSK - 1) * dusk
    share = lit + (1 - lit) * _NIGHT
    table = np.zeros((len(day), COLUMNS), np.float32)
    for first, tone, tint in (
        (SUN, tones.SUN_LIGHT, warm), (SKY, tones.SKY_LIGHT, 1 + (warm - 1) * 0.3),
        (ZENITH, tones.ZENITH, 1 + (warm - 1) * 0.2), (HAZE, tones.HAZE, warm),
        (SKYLINE, tones.SKYLINE, 1 + (warm - 1) * 0.5), (WATER, tones.WATER_COLOR, 1 + (warm - 1) * 0.2),
    ):  # fmt: skip
        table[:, first : first + 3] = scenery.tones[tone] * tint * share
    table[:, EXPOSURE] = (1 + (_NIGHT_EXPOSURE - 1) * (1 - lit))[:, 0]
    table[:, ICE], table[:, TIME] = moments.ice, moments.time_s
    table[:, SNOW] = np.clip(moments.ice / _ALL_SNOW_AT, 0, 1) if scenery.snows else 0.0
    return table


@lru_cache(maxsize=1)
def tone_curve() -> UInt8[np.ndarray, " k"]:
    """Return sRGB bytes (IEC 61966-2-1) for light from 0 to ``BRIGHTEST``, highlights pressed together.

    After Reinhard et al. (2002), "Photographic tone reproduction for digital images", DOI 10.1145/566654.566575,
    equation 4, with a gentler shoulder: by eye.
    """
    light = (np.arange(CURVE_LENGTH) + 0.5) / CURVE_LENGTH * BRIGHTEST
    pressed = np.clip(light * (1 + light / BRIGHTEST**2) / (1 + 0.62 * light), 0, 1)
    encoded = np.where(pressed <= 0.0031308, pressed * 12.92, 1.055 * pressed ** (1 / 2.4) - 0.055)
    return np.round(encoded * 255).astype(np.uint8)

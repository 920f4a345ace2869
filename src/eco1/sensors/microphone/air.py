"""How air carries sound: its speed, what it takes from high tones, and the filter that stands for it."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float

from eco1.core.senses import SAMPLE_RATE_HZ

#: Speed of sound in sea water, m/s: a usual round value; at 28 degC it is some 40 m/s more.
WATER_SPEED_MPS = 1500.0
#: Relative humidity that absorption is worked out for, %.
HUMIDITY_PERCENT = 50.0
#: Distances for which filters are worked out, m; those between are interpolated over the logarithm.
DISTANCES_M = np.geomspace(1.0, 4096.0, 49)
#: Tones to which a filter is fitted, Hz, and the loss in dB beyond which the fit no longer matters.
FITTED_HZ = np.geomspace(250.0, 7000.0, 24)
FITTED_DB = 25.0

_REFERENCE_K, _TRIPLE_K = 293.15, 273.16
_POLES = np.concatenate([[0.0], np.geomspace(1e-4, 0.995, 1500)])


def air_speed_mps(temperature_k: float) -> float:
    """Return the speed of sound in air: ISO 9613-1:1993, 343.2 sqrt(T / 293.15 K) m/s."""
    return 343.2 * float(np.sqrt(temperature_k / _REFERENCE_K))


def absorption_db_per_m(
    frequency_hz: Float[np.ndarray, "*b"], temperature_k: float = _REFERENCE_K, humidity_percent: float = 50.0
) -> Float[np.ndarray, "*b"]:
    """Return what air at 101.325 kPa takes from a pure tone: ISO 9613-1:1993, equations (3) to (5) and B.1 to B.3."""
    warmth = temperature_k / _REFERENCE_K
    saturation = 10 ** (-6.8346 * (_TRIPLE_K / temperature_k) ** 1.261 + 4.6151)
    water = humidity_percent * saturation  # molar share of water vapour, %
    oxygen_hz = 24 + 4.04e4 * water * (0.02 + water) / (0.391 + water)
    nitrogen_hz = warmth**-0.5 * (9 + 280 * water * np.exp(-4.170 * (warmth ** (-1 / 3) - 1)))
    squared = np.asarray(frequency_hz, float) ** 2
    oxygen = 0.01275 * np.exp(-2239.1 / temperature_k) / (oxygen_hz + squared / oxygen_hz)
    nitrogen = 0.1068 * np.exp(-3352.0 / temperature_k) / (nitrogen_hz + squared / nitrogen_hz)
    return 8.686 * squared * (1.84e-11 * warmth**0.5 + warmth**-2.5 * (oxygen + nitrogen))


def filter_loss_db(pole: Float[np.ndarray, "*#b"], frequency_hz: Float[np.ndarray, "*#b"]) -> Float[np.ndarray, "*b"]:
    """Return the loss of two equal low-passes y += (1 - pole) (x - y), one after the other, at a frequency."""
    turn = np.cos(2 * np.pi * np.asarray(frequency_hz) / SAMPLE_RATE_HZ)
    power = (1 - pole) ** 2 / (1 - 2 * pole * turn + pole**2)
    return -20 * np.log10(power)


@lru_cache(maxsize=16)
def absorption_filters(temperature_k: float) -> Float[np.ndarray, " d"]:
    """Return for each of DISTANCES_M the pole of the filter that comes nearest to the absorption of air.

    Two one-pole low-passes in a row stand for the standard's curve; the pole is the one with the least mean squared
    error in dB over FITTED_HZ, as far as the loss stays below FITTED_DB. At 20 degC and 50 % humidity the
    error is at most 2 dB (root mean square over these tones) at any distance; it peaks near 250 m.
    """
    loss = absorption_db_per_m(FITTED_HZ, temperature_k, HUMIDITY_PERCENT) * DISTANCES_M[:, None]
    error = filter_loss_db(_POLES[:, None, None], FITTED_HZ) - loss
    squared = np.where(loss < FITTED_DB, error**2, 0.0).sum(-1)
    return _POLES[squared.argmin(0)]

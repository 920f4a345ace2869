"""From pressure to 16-bit samples: one calibration for all recordings, and a limit that does not clip.

In air a sine of 94 dB re 20 uPa (1 Pa rms) fills the range of the samples, under water one of 140 dB re 1 uPa. What is
louder is turned down: up to half of the range nothing changes, above it the gain falls smoothly, and it recovers within
a few tenths of a second. Both ears are turned down alike, so that directions stay.
"""

import math

import numpy as np
from numpy.typing import NDArray

from eco1.sensors.microphone.compiled import F64, entry
from eco1.sensors.microphone.species import AIR_REFERENCE_PA, WATER_REFERENCE_PA
from eco1.sensors.microphone.waves import RATE

FULL_SCALE_AIR_DB, FULL_SCALE_WATER_DB = 94.0, 140.0
#: The loudest sample that can come out.
LOUDEST = 32_700.0

_KNEE = 0.5
_RELEASE = math.exp(-1.0 / (0.15 * RATE))


def peak_pa(under_water: bool) -> float:
    """Return the pressure that LOUDEST stands for."""
    reference, level = (
        (WATER_REFERENCE_PA, FULL_SCALE_WATER_DB) if under_water else (AIR_REFERENCE_PA, FULL_SCALE_AIR_DB)
    )
    return math.sqrt(2.0) * reference * 10 ** (level / 20)


@entry
def to_samples(samples: NDArray[np.int16], pressure: F64, peak_pa: float, listener: F64, envelope_at: int):
    """Fill in the samples (2, S) of a pressure (2, S) in Pa. ``listener[envelope_at]`` remembers how loud it was."""
    envelope = listener[envelope_at]
    for j in range(pressure.shape[1]):
        left, right = pressure[0, j] / peak_pa, pressure[1, j] / peak_pa
        envelope = max(max(abs(left), abs(right)), envelope * _RELEASE)
        gain = 1.0
        if envelope > _KNEE:
            gain = (1.0 - (1.0 - _KNEE) * math.exp(-(envelope - _KNEE) / (1.0 - _KNEE))) / envelope
        samples[0, j] = math.floor(LOUDEST * gain * left + 0.5)
        samples[1, j] = math.floor(LOUDEST * gain * right + 0.5)
    listener[envelope_at] = envelope

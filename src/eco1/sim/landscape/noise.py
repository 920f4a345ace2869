"""Fractal noise: the raw material of hills, soils, currents and ice."""

import numpy as np
from numpy.typing import NDArray


def fractal_noise(rng: np.random.Generator, cells: int, exponent: float, widest: float = 0.5) -> NDArray[np.float64]:
    """Return noise in [0, 1], (cells, cells), with a power spectrum falling as frequency ** -2 exponent.

    Spectral synthesis: Saupe (1988), "Algorithms for random fractals", in The Science of Fractal Images, section 2.4.
    ``widest`` is the longest wave as a share of the side.
    """
    frequency = np.hypot(np.fft.fftfreq(cells)[:, None], np.fft.rfftfreq(cells)[None, :]) * cells
    frequency[0, 0] = np.inf
    amplitude = np.maximum(frequency, 1.0 / widest) ** -exponent
    phase = rng.uniform(0, 2 * np.pi, amplitude.shape)
    noise = np.fft.irfft2(amplitude * rng.normal(1, 0.3, amplitude.shape) * np.exp(1j * phase), s=(cells, cells))
    noise -= noise.min()
    return noise / noise.max()

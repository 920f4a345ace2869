"""Log-mel spectrograms.

Shape letters: b sounds, s samples, m moments, f bands.
"""

from functools import cache

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.core.senses import SAMPLE_RATE_HZ

#: Moments follow each other at this distance; windows are longer. As for AudioSet: Gemmeke et al. (2017), DOI
#: 10.1109/ICASSP.2017.7952261.
HOP_S = 0.010
_WINDOW_S = 0.025
_FLOOR = 1e-9  # of power: a little above the rounding of 16 bits, so that silence stays finite (our choice)
_LOWEST_HZ = 50.0


def log_mel(wave: Float[Tensor, "b s"], bands: int) -> Float[Tensor, "b m f"]:
    """Return the logarithm of the power in mel bands, one moment every 10 ms, of a wave in [-1, 1].

    Mel as in O'Shaughnessy (1987): 2595 log10(1 + f / 700 Hz); triangular bands, centres even in mel.
    """
    size = round(_WINDOW_S * SAMPLE_RATE_HZ)
    window = torch.hann_window(size, device=wave.device)
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    bins = torch.stft(wave, 512, hop, size, window, center=True, pad_mode="constant", return_complex=True)
    power = bins[..., :-1].abs().square() / window.square().sum()
    return (power.transpose(1, 2) @ _filters(bands).to(power)).add(_FLOOR).log()


@cache
def _filters(bands: int) -> Float[Tensor, "257 f"]:
    highest = SAMPLE_RATE_HZ / 2
    edges = torch.linspace(_mel(_LOWEST_HZ), _mel(highest), bands + 2)
    hertz = 700.0 * (10.0 ** (edges / 2595.0) - 1.0)
    frequency = torch.linspace(0.0, highest, 257)[:, None]
    rising = (frequency - hertz[:-2]) / (hertz[1:-1] - hertz[:-2])
    falling = (hertz[2:] - frequency) / (hertz[2:] - hertz[1:-1])
    return torch.minimum(rising, falling).clamp(min=0.0)


def _mel(hertz: float) -> float:
    return float(2595.0 * torch.log10(torch.tensor(1.0 + hertz / 700.0)))

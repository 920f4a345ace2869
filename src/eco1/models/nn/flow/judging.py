"""How good a flow is, seen from the pictures alone.

Shape letters: b pictures, c channels, y rows, x columns.
"""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

# Wang et al. (2004), DOI 10.1109/TIP.2003.819861, for pictures from 0 to 1
_C1, _C2 = 0.01**2, 0.03**2
#: Pixels on a side that structure is compared over, as in Godard et al. (2017).
WINDOW = 3
_STRUCTURE = 0.85  # share of SSIM beside the absolute difference: Godard et al. (2017), arXiv 1609.03677, section 3.3
_EDGES = 10.0  # how fast an edge lets the flow change: our choice, of the size that unsupervised flow uses


def photometric_error(one: Float[Tensor, "b c y x"], other: Float[Tensor, "b c y x"]) -> Float[Tensor, ""]:
    """Return how far two pictures (0 to 1) are apart: in structure (SSIM) and in brightness."""
    return _STRUCTURE * (1.0 - ssim(one, other)).mean() / 2.0 + (1.0 - _STRUCTURE) * (one - other).abs().mean()


def ssim(one: Float[Tensor, "b c y x"], other: Float[Tensor, "b c y x"]) -> Float[Tensor, "b c q p"]:
    """Return the structural similarity of every window, -1 to 1: Wang et al. (2004), equation 13, flat windows."""
    mean, mean2 = _mean(one), _mean(other)
    spread, spread2 = _mean(one * one) - mean * mean, _mean(other * other) - mean2 * mean2
    shared = _mean(one * other) - mean * mean2
    bright = (2 * mean * mean2 + _C1) / (mean * mean + mean2 * mean2 + _C1)
    return bright * (2 * shared + _C2) / (spread + spread2 + _C2)


def edge_aware_smoothness(flow: Float[Tensor, "b 2 y x"], picture: Float[Tensor, "b c y x"]) -> Float[Tensor, ""]:
    """Return how much the flow changes from pixel to pixel where the picture does not.

    Jonschkowski et al. (2020), "What matters in unsupervised optical flow", arXiv 2006.04902, section 3.2.
    """
    changes: list[Tensor] = []
    for axis in (-1, -2):
        edge = picture.diff(dim=axis).abs().mean(1, keepdim=True)
        changes.append((torch.exp(-_EDGES * edge) * flow.diff(dim=axis).abs()).mean())
    return torch.stack(changes).mean()


def _mean(x: Float[Tensor, "b c y x"]) -> Float[Tensor, "b c q p"]:
    return functional.avg_pool2d(x, WINDOW, stride=1)

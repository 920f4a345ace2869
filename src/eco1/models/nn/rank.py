"""How many directions of a latent space are in use."""

import torch
from jaxtyping import Float
from torch import Tensor

_EPSILON = 1e-7  # Garrido et al. (2023), section 3.1, for float32


def effective_rank(latents: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return RankMe: the exponential of the entropy of the normalised singular values, 1 to min(m, d).

    Garrido et al. (2023), "RankMe", arXiv 2210.02885, equation 1. Without rows the rank is 0.
    """
    if latents.shape[0] == 0:
        return latents.new_zeros(())
    values = torch.linalg.svdvals(latents.float())
    share = values / values.sum().clamp_min(_EPSILON) + _EPSILON
    return (-(share * share.log()).sum()).exp()

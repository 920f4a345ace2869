"""Is the latent space still alive? A joint-embedding loss can fall while every latent becomes the same."""

from typing import Any, cast

import torch
from jaxtyping import Float
from torch import Tensor, nn

from eco1.core.protocols import CanEmbed, WorldModel
from eco1.core.records import Clip
from eco1.training.sources import clips_of

_CLIPS = 8  # enough latents to estimate a rank, few enough to cost little
_EPSILON = 1e-7  # latents that are all zero have no spread
# Our own alarm levels: far below what living models show, above what numerical noise reaches.
_LOW_RANK_SHARE = 0.05
_LOWEST_RANK = 1.5
_LOW_SPREAD = 0.01
_FEWEST_ROWS = 8  # fewer latents, as of one animal alone, say nothing about the space they lie in


def feature_spread(latents: Float[Tensor, "m d"]) -> Float[Tensor, ""]:
    """Return the mean standard deviation of the features over the root mean square of all: 0 when all are the same."""
    wide = latents.float()
    size = wide.square().mean().sqrt().clamp_min(_EPSILON)
    return wide.std(dim=0, correction=0).mean() / size


def is_collapsing(rank: float, spread: float, rows: int, width: int) -> bool:
    """Return whether latents (rows, width) with this rank and spread have become too alike to carry information."""
    if rows < _FEWEST_ROWS:
        return False
    lowest = max(_LOWEST_RANK, _LOW_RANK_SHARE * min(rows, width))
    return rank < lowest or spread < _LOW_SPREAD


@torch.no_grad()
def latents_of(model: nn.Module, clip: Clip, device: torch.device) -> Float[Tensor, "m d"] | None:
    """Return the latents of all animals alive at the end of a few clips, or None for a model that cannot embed."""
    if not isinstance(model, CanEmbed):
        return None
    few = clips_of(clip, 0, min(_CLIPS, clip.dt_s.shape[0]))
    world, embedder = cast(WorldModel[Any], model), cast(CanEmbed[Any], model)
    memory = world.initial(few.dt_s.shape[0])
    frames = few.observation.alive.shape[1]
    for time in range(frames):
        first = torch.full((few.dt_s.shape[0],), time == 0, device=device)
        memory = world.observe(memory, None, few.observation[:, time], first)
    alive = torch.from_numpy(few.observation.alive[:, -1]).to(device)
    return embedder.embed(memory)[alive]

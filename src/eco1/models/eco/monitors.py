"""Numbers to watch in training that are not trained on: has the latent collapsed, do all experts work?"""

from collections.abc import Mapping, Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from eco1.models.nn.rank import effective_rank, feature_std, some_of
from eco1.models.nn.routing import Routing


@torch.no_grad()
def latent_monitors(latent: Float[Tensor, "m d"], target: Float[Tensor, "k d"]) -> Mapping[str, Tensor]:
    """Return RankMe of the latents and of the target's, and the mean standard deviation of the target's features."""
    return {
        "rankme_latent": effective_rank(some_of(latent)),
        "rankme_target": effective_rank(some_of(target)),
        "target_std": feature_std(target),
    }


@torch.no_grad()
def routing_monitors(routing: Sequence[Routing]) -> Mapping[str, Tensor]:
    """Return the share of dropped choices and the entropy of expert use (nats; log of the expert count is even)."""
    return {
        "dropped_share": torch.stack([r.dropped_share() for r in routing]).mean(),
        "expert_entropy": torch.stack([r.usage_entropy() for r in routing]).mean(),
    }

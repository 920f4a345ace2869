"""Where a router sent its tokens, and what can be said about that.

Shape letters: m tokens, e experts, k choices per token.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, kw_only=True)
class Routing:
    """The router's logits and its choices. ``seated`` is False for choices whose expert had no place left."""

    logits: Float[Tensor, "m e"]
    weight: Float[Tensor, "m k"]
    choice: Int[Tensor, "m k"]
    real: Bool[Tensor, " m"]
    seated: Bool[Tensor, "m k"]

    def weights(self) -> Float[Tensor, "m e"]:
        """Return the weight of every expert for every token, 0 for those not chosen."""
        return torch.zeros_like(self.logits).scatter(-1, self.choice, self.weight.to(self.logits.dtype))

    def share(self) -> Float[Tensor, " e"]:
        """Return which share of tokens chose each expert; sums to k."""
        chosen = functional.one_hot(self.choice, self.logits.shape[-1]).sum(1) * self.real[:, None]
        return chosen.sum(0) / self._count()

    def load_balance(self) -> Float[Tensor, ""]:
        """Return e * sum_e(share choosing e * mean probability of e): k at perfect balance, more otherwise.

        Switch Transformers, equation 4, summed over the k choices as in Qwen3-MoE.
        """
        probability = (self.logits.softmax(-1) * self.real[:, None]).sum(0) / self._count()
        return self.logits.shape[-1] * (self.share() * probability).sum()

    def router_z(self) -> Float[Tensor, ""]:
        """Return the mean squared log-sum-exp of the logits: ST-MoE (arXiv 2202.08906), equation 5."""
        return (self.logits.logsumexp(-1).square() * self.real).sum() / self._count()

    def dropped_share(self) -> Float[Tensor, ""]:
        """Return the share of choices that found no place."""
        return (~self.seated & self.real[:, None]).sum() / (self._count() * self.choice.shape[-1])

    def usage_entropy(self) -> Float[Tensor, ""]:
        """Return the entropy of expert use in nats; the log of the number of experts when all work alike."""
        usage = self.share() / self.choice.shape[-1]
        return -(usage * usage.clamp(min=1e-9).log()).sum()

    def _count(self) -> Tensor:
        return self.real.sum().clamp(min=1)


def choose(
    logits: Float[Tensor, "m e"], chosen: int, *, normalised: bool
) -> tuple[Float[Tensor, "m k"], Int[Tensor, "m k"]]:
    """Return the weights and numbers of the likeliest experts; ``normalised`` weights sum to 1."""
    weight, choice = logits.softmax(-1).topk(chosen, dim=-1)
    return (weight / weight.sum(-1, keepdim=True) if normalised else weight), choice

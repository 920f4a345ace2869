"""What counting alone says about the next step; the heads only learn what it leaves unsaid.

Shape letters: s species, c behaviours (both shifted by one, 0 unknown), o outcomes, f factors of motion, v tokens.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.models.eco.config import EcoConfig

_STRENGTH = 20.0  # observations that a coarser distribution counts for in a finer one (our choice)


class CountedPrior(nn.Module):
    """Log probabilities counted on training data; flat before.

    ``following`` is the behaviour of the next frame given species and present behaviour, ``coming`` the one that begins
    about a second later. Each motion token is expected from the state before (``momentum``, given the species) and from
    the next behaviour (``style``, what the behaviour adds to the species' own log shares), as if these two knew
    nothing of each other.
    """

    following: Tensor
    coming: Tensor
    momentum: Tensor
    style: Tensor

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        species, behaviors = len(config.species_names) + 1, len(config.behavior_names) + 1
        factors, tokens, states = config.motion_factors, config.motion_tokens, config.motion_states
        outcomes = max(len(config.behavior_names), 1)
        self.register_buffer("following", torch.zeros(species, behaviors, outcomes))
        self.register_buffer("coming", torch.zeros(species, behaviors, outcomes))
        self.register_buffer("momentum", torch.zeros(factors, species, states, tokens))
        self.register_buffer("style", torch.zeros(factors, species, behaviors, tokens))

    def motion(
        self, species: Int[Tensor, " m"], behavior: Int[Tensor, " m"], before: Int[Tensor, "m f"]
    ) -> Float[Tensor, "f m v"]:
        """Return log weights of each factor's tokens given the next behaviour and the states before."""
        factor = torch.arange(before.shape[-1], device=before.device)[:, None]
        return self.momentum[factor, species, before.T] + self.style[:, species, behavior]

    def fit_behavior(
        self, table: Float[Tensor, "s c o"], species: Int[Tensor, " m"], now: Int[Tensor, " m"], then: Int[Tensor, " m"]
    ) -> None:
        """Fill ``following`` or ``coming``. A species' numbers are backed by those of all."""
        by_species = _counted(table.shape, species, now, then)
        by_behavior = _counted((1, *table.shape[1:]), torch.zeros_like(species), now, then)
        table.copy_(_backed(by_species, _backed(by_behavior, _share(by_behavior.sum((0, 1))))).log())

    def fit_motion(
        self,
        species: Int[Tensor, " m"],
        behavior: Int[Tensor, " m"],
        before: Int[Tensor, "m f"],
        token: Int[Tensor, "m f"],
    ) -> None:
        """Fill ``momentum`` and ``style``. What a species does after a state is backed by what all do, and so on."""
        for factor, (momentum, style) in enumerate(zip(self.momentum, self.style, strict=True)):
            now, then = before[:, factor], token[:, factor]
            pairs = _counted(momentum.shape, species, now, then)
            everyone = _share(pairs.sum((0, 1)))
            momentum.copy_(_backed(pairs, _backed(pairs.sum(0, keepdim=True), everyone)).log())
            styles = _counted(style.shape, species, behavior, then)
            usual = _backed(styles.sum(1, keepdim=True), everyone)
            style.copy_(_backed(styles, usual).log() - usual.log())


def _counted(shape: tuple[int, ...], first: Tensor, second: Tensor, outcome: Tensor) -> Tensor:
    counts = torch.zeros(shape, device=first.device)
    flat = (first * shape[1] + second) * shape[2] + outcome
    return counts.view(-1).index_add_(0, flat, torch.ones(flat.shape, device=first.device)).view(shape)


def _share(counts: Tensor) -> Tensor:
    """Return the outcome's share, each outcome counted once more than it was seen."""
    return (counts + 1.0) / (counts + 1.0).sum()


def _backed(counts: Tensor, coarser: Tensor) -> Tensor:
    return (counts + _STRENGTH * coarser) / (counts.sum(-1, keepdim=True) + _STRENGTH)

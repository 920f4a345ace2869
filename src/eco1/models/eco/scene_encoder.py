"""From views to tokens: one vector per animal and frame.

Shape letters: m animals x frames, s species, k neighbours, d width of the model, w width of a neighbour.
"""

from functools import partial

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn
from torch.nn import functional

from eco1.models.eco.config import EcoConfig
from eco1.models.nn.neighbours import NeighbourAttention
from eco1.sensors.egocentric import NEIGHBOUR, OWN, Egocentric


class Standardise(nn.Module):
    """Shift and scale by what was measured on training data; the identity until then."""

    mean: Tensor
    scale: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))

    def forward(self, x: Float[Tensor, "*b f"]) -> Float[Tensor, "*b f"]:
        """Return standardised features, cut at 8 deviations so that no odd frame can drown a batch."""
        return ((x - self.mean) * self.scale).clamp(-8.0, 8.0)

    def fit(self, x: Float[Tensor, "m f"]) -> None:
        """Measure; features that hardly vary keep their scale."""
        if x.shape[0] > 1:
            deviation = x.std(0)
            self.mean.copy_(x.mean(0))
            self.scale.copy_(torch.where(deviation > 1e-3, 1.0 / deviation.clamp(min=1e-3), 1.0))


class SpeciesTraits(nn.Module):
    """What species are like (row 0 is of no species), as vectors for an animal itself and for a neighbour.

    ``known`` marks the species that were seen in training: of others the name says nothing, only the traits do.
    """

    known: Tensor
    rows: Tensor

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        rows = torch.tensor(config.species_traits)
        self.dropout = config.species_dropout
        self.register_buffer("rows", functional.pad(rows, (0, 0, 1, 0)))
        self.register_buffer("known", torch.ones(rows.shape[0] + 1, dtype=torch.bool))
        self.maps = nn.ModuleList(
            nn.Linear(rows.shape[1], width, bias=False) for width in (config.width, config.neighbour_width)
        )

    def forward(self, whose: int) -> Float[Tensor, "s w"]:
        """Return the vectors for an animal itself (0) or for a neighbour (1)."""
        return self.maps[whose](self.rows)

    def known_now(self) -> Bool[Tensor, " s"]:
        """Return of which species the name counts; in training some are withheld, other ones in every batch."""
        if not self.training or self.dropout == 0.0 or not torch.is_grad_enabled():
            return self.known
        return self.known & (torch.rand(self.known.shape, device=self.known.device) >= self.dropout)

    def meet(self, seen: Int[Tensor, " s"], fewest: int) -> None:
        """Take note of how often each species was seen."""
        self.known.copy_(seen >= fewest)


class SceneEncoder(nn.Module):
    """Own state plus what the neighbours do, as one token per animal and frame."""

    def __init__(self, config: EcoConfig) -> None:
        super().__init__()
        species, behaviors = len(config.species_names) + 1, len(config.behavior_names) + 1
        self.own_scale = Standardise(len(OWN))
        self.own_in = nn.Linear(len(OWN), config.width)
        self.own_out = nn.Linear(config.width, config.width)
        self.species = nn.Embedding(species, config.width)
        self.behavior = nn.Embedding(behaviors, config.width)
        self.other_scale = Standardise(len(NEIGHBOUR))
        self.other_in = nn.Linear(len(NEIGHBOUR), config.neighbour_width)
        self.other_species = nn.Embedding(species, config.neighbour_width)
        self.other_behavior = nn.Embedding(behaviors, config.neighbour_width)
        self.other_out = nn.Linear(config.neighbour_width, config.neighbour_width)
        self.traits = SpeciesTraits(config) if config.species_traits else None
        listening = partial(
            NeighbourAttention, config.width, config.neighbour_width, config.heads, config.kv_heads, config.head_dim
        )
        self.blocks = nn.ModuleList(listening() for _ in range(config.scene_layers))
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, view: Egocentric) -> Float[Tensor, "*b n d"]:
        """Return one token per animal; rows that are not alive get finite numbers that mean nothing."""
        shape = view.alive.shape
        count = shape.numel()
        flat = view.map(lambda x: x.reshape(count, *x.shape[len(shape) :]))
        x = self.own_in(self.own_scale(flat.own))
        known = None if self.traits is None else self.traits.known_now()
        x = x + _kinds(self._rows(self.species, 0, known), self.behavior, flat.species, flat.behavior, x.dtype)
        x = self.own_out(functional.silu(x))
        others = self._others(flat, known)
        for block in self.blocks:
            x = block(x, others, flat.neighbour_present)
        return self.dropout(x).reshape(*shape, -1)

    def _rows(self, names: nn.Embedding, whose: int, known: Bool[Tensor, " s"] | None) -> Float[Tensor, "s w"]:
        """Return a vector per species: that of its name, or of no name, and that of its traits."""
        if self.traits is None or known is None:
            return names.weight
        return torch.where(known[:, None], names.weight, names.weight[:1]) + self.traits(whose)

    def _others(self, flat: Egocentric, known: Bool[Tensor, " s"] | None) -> Float[Tensor, "m k w"]:
        x = self.other_in(self.other_scale(flat.neighbours))
        kinds = flat.neighbour_species, flat.neighbour_behavior
        x = x + _kinds(self._rows(self.other_species, 1, known), self.other_behavior, *kinds, x.dtype)
        return self.other_out(functional.silu(x))


def _kinds(
    species: Float[Tensor, "s w"],
    behavior: nn.Embedding,
    which: Int[Tensor, "*b"],
    doing: Int[Tensor, "*b"],
    dtype: torch.dtype,
) -> Float[Tensor, "*b w"]:
    """Return the sum of both embeddings, looked up once in the table of all pairs: it is read a million times.

    Cast only then, for a gradient that is summed a million times in bfloat16 loses a fifth.
    """
    pairs = species[:, None] + behavior.weight
    return functional.embedding(which * pairs.shape[1] + doing, pairs.flatten(0, 1)).to(dtype)

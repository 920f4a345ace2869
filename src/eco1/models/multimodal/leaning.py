"""Where the router leans before it has looked: by species, environment and behaviour.

The proposal gives wolves 2.0 towards hunting and 1.5 towards flocking, bees towards flocking and nesting. Here such
numbers come from the catalog, are learned on, and can be overridden.

Shape letters: b clips, n animals, e experts.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from eco1.core.errors import ConfigError, unknown_name
from eco1.models.multimodal.config import EXPERTS, MultimodalConfig

_BY_BEHAVIOR = 1.0  # towards the expert of the family that a behaviour belongs to, at first (our choice)


class Leaning(nn.Module):
    """Biases of the router's logits, learned on. Row 0 of species, environments and behaviours is the unknown one.

    It is 0 and stays so until training meets one that is unknown, as the behaviour of the dead is.
    """

    def __init__(self, config: MultimodalConfig) -> None:
        super().__init__()
        self.config = config
        experts = config.experts
        self.species = nn.Parameter(torch.zeros(len(config.species_names) + 1, experts))
        self.environment = nn.Parameter(torch.zeros(len(config.environment_names) + 1, experts))
        self.behavior = nn.Parameter(torch.zeros(len(config.behavior_names) + 1, experts))
        with torch.no_grad():
            for row, bias in enumerate(config.species_expert_bias):
                self.species[row + 1, : len(bias)] = torch.tensor(bias[:experts])
            for row, expert in enumerate(config.behavior_expert):
                self.behavior[row + 1, expert % experts] = _BY_BEHAVIOR

    def of_animals(
        self, species: Int[Tensor, "b n"], behavior: Int[Tensor, "b n"], environment: Int[Tensor, " b"]
    ) -> Float[Tensor, "b n e"]:
        """Return the bias of tokens that stand for animals."""
        return self.species[species] + self.behavior[behavior] + self.environment[environment][:, None]

    def of_places(self, environment: Int[Tensor, " b"]) -> Float[Tensor, "b e"]:
        """Return the bias of all other tokens of a clip."""
        return self.environment[environment]

    @torch.no_grad()
    def override(self, species: str, toward: dict[str, float]) -> None:
        """Set where the router leans for a species, such as ``{"hunting": 2.0, "flocking": 1.5}``; 0 elsewhere.

        Raises:
            UnknownNameError: when the model does not know the species, or an expert's name.
            ConfigError: when the experts of this model have no names, being fewer or more than the families.
        """
        if self.config.experts != len(EXPERTS):
            raise ConfigError(f"This model has {self.config.experts} experts; only {len(EXPERTS)} have names.")
        if species not in self.config.species_names:
            raise unknown_name("species", species, self.config.species_names)
        for name in toward:
            if name not in EXPERTS:
                raise unknown_name("expert", name, EXPERTS)
        row = self.config.species_names.index(species) + 1
        self.species[row] = torch.tensor([toward.get(name, 0.0) for name in EXPERTS])
